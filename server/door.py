"""Who is at the door: cookies that say which seat or account, and the one place that lets anybody into a live room."""

import hashlib
import hmac
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from itsdangerous import BadSignature, Signer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from rooms.live import Actor
from rooms.live.words import Role, SeatId
from rooms.records import accounts, passes, rooms, sessions, sign_ins, tokens
from rooms.records.accounts import Account
from rooms.records.away import RecordsAway
from rooms.records.database import Database
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from rooms.twins import session_of
from server.settings import Settings

_LONGEST_COOKIE: Final = 400
# Of one browser: an evening of sessions one after the other, with what comes after each, and a tab that was left open.
SEATS_KEPT: Final = 5
SEEN_SECONDS: Final = 60.0
HALF_SECONDS: Final = 300.0
# The clock of another node may be that much ahead of ours.
SKEW_SECONDS: Final = 30.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """A session that somebody may know of, its room, and who they are in it; no actor: they stand outside yet."""

    session: Session
    room: Room
    actor: Actor | None


class Door:
    """Reads and writes the cookies, and asks the records who may come in.

    Three cookies, all of them gone with the browser: the *pass* of a room (its join link was followed), the *seat* in
    one session, and the *desk* of somebody who signed in. None holds a name. Many browsers bring such cookies back when they
    are opened again, so that of seats only the newest stay: they would say which sessions somebody was at.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self._secure = settings.secure
        self._prefix = "__Host-" if settings.secure else ""
        self._secrets = settings.secret_keys
        self._database = database
        self._seen: dict[str, float] = {}  # which sign-ins the records were told of within the last minute
        keys = list(reversed(settings.secret_keys))
        self._halves = Signer(keys, salt="half a sign-in", digest_method=hashlib.sha256)

    # Members

    def new_seat(self, response: Response, session: str) -> SeatId:
        """A seat that nobody held before; nothing links it to another session."""
        seat = secrets.token_urlsafe(9)
        self.give_seat(response, session, seat)
        return seat

    def give_seat(self, response: Response, session: str, seat: SeatId) -> None:
        """For both rooms of the session: it is one seat, with all that stands on it."""
        session = session_of(session)
        self._set(response, f"seat-{session}", self._signer(session).sign(seat).decode("ascii"))

    def take_old_seats(self, connection: HTTPConnection, response: Response, session: str) -> None:
        """From whoever is given one in ``session``, so that their browser holds no list of where they were."""
        called, given = f"{self._prefix}seat-", f"{self._prefix}seat-{session_of(session)}"
        # Browsers name the cookies first that they were given first.
        others = [name for name in connection.cookies if name.startswith(called) and name != given]
        for name in others[: -(SEATS_KEPT - 1)]:
            self._take(response, name)

    def seat(self, connection: HTTPConnection, session: str) -> SeatId | None:
        """The seat that this browser holds in a session."""
        session = session_of(session)
        signed = self._get(connection, f"seat-{session}")
        try:
            return None if signed is None else self._signer(session).unsign(signed).decode("ascii")
        except (BadSignature, UnicodeDecodeError):
            return None

    def give_pass(self, response: Response, room: Room, token: str) -> None:
        """``token``: of the link that was followed. It is good for as long as the link is."""
        self._set(response, f"pass-{room.id}", token)

    async def _has_pass(self, connection: HTTPConnection, room: Room, at: datetime) -> bool:
        held = self._get(connection, f"pass-{room.id}")
        if held is None:
            return False
        if not room.is_closed and hmac.compare_digest(held.encode(), room.join_token.encode()):
            return True
        async with self._database.reading() as conn:
            behind = await passes.room_behind(conn, held, at)
        return behind is not None and behind.id == room.id

    # Facilitators and organisers

    async def sign_in(self, response: Response, account: Account, at: datetime) -> None:
        async with self._database.writing() as conn:
            token = await sign_ins.open(conn, account.id, at)
        self._set(response, "desk", token)
        account_id = account.id
        log.info("%s signed in", account_id)

    def half_sign_in(self, account: Account, at: datetime) -> str:
        """For whoever gave the password and is asked for a code: good for five minutes, and for nothing else."""
        said = f"{account.id}.{int(at.timestamp())}"
        return self._halves.sign(said).decode("ascii")

    def who_is_half_in(self, half: str, at: datetime) -> str | None:
        try:
            said = self._halves.unsign(half.encode("utf-8", "surrogatepass")).decode("ascii")
        except (BadSignature, UnicodeDecodeError):
            return None
        account_id, _, since = said.partition(".")
        return account_id if -SKEW_SECONDS <= at.timestamp() - int(since) < HALF_SECONDS else None

    async def sign_out(self, connection: HTTPConnection, response: Response) -> None:
        token = self._get(connection, "desk")
        if token is not None:
            async with self._database.writing() as conn:
                await sign_ins.close(conn, token)
        self._take(response, f"{self._prefix}desk")

    def sign_in_of(self, connection: HTTPConnection) -> str | None:
        """What the records call the sign-in that this browser names, be it open or not."""
        token = self._get(connection, "desk")
        return None if token is None else tokens.digest(token)

    async def staff(
        self, connection: HTTPConnection, at: datetime, *, is_here: bool = True
    ) -> Account | None:
        """Who is signed in. ``is_here``: somebody is at the page, which keeps the sign-in from going idle."""
        token = self._get(connection, "desk")
        if token is None:
            return None
        async with self._database.reading() as conn:
            account = await sign_ins.who(conn, token, at)
        # Not every look at a page needs the records' one writer.
        now, sign_in = at.timestamp(), tokens.digest(token)
        lately = {each: seen for each, seen in self._seen.items() if 0 <= now - seen < SEEN_SECONDS}
        if is_here and account is not None and sign_in not in lately:
            self._seen = {**lately, sign_in: now}
            # Nobody's page fails for it: there are half an hour's looks before a sign-in has gone idle.
            with suppress(RecordsAway):
                async with self._database.writing() as conn:
                    await sign_ins.who(conn, token, at)
        return account

    # Coming in

    async def may_see(
        self, connection: HTTPConnection, room_id: str, staff: Account | None, at: datetime
    ) -> Room | None:
        """The room, for those who may know that it exists: it is listed, they followed its link, or it is theirs."""
        async with self._database.reading() as conn:
            room = await rooms.find(conn, room_id)
            if room is None:
                return None
            theirs = staff is not None and (
                room.organiser_id == staff.id or await rooms.is_facilitator(conn, room.id, staff.id)
            )
        return room if theirs or room.listed or await self._has_pass(connection, room, at) else None

    async def may_enter(self, connection: HTTPConnection, session_id: str, at: datetime) -> Visit | None:
        """The only way to a live room: which session, and as whom. None: unknown and forbidden look alike.

        session_id: of a session, or what its second room is called.

        A facilitator of the room is one by their account, whatever seat their browser may hold as a member.
        """
        session_id = session_of(session_id)
        async with self._database.reading() as conn:
            session = await sessions.find(conn, session_id)
            if session is None:
                return None
            room = await rooms.find(conn, session.room_id)
        if room is None:
            return None
        staff = await self.staff(connection, at)
        if staff is not None:
            async with self._database.reading() as conn:
                facilitates = await rooms.is_facilitator(conn, room.id, staff.id)
            if facilitates:
                return Visit(
                    session, room, Actor(self.facilitators_seat(staff, session), Role.FACILITATOR, staff.name)
                )
        seat = self.seat(connection, session_id)
        if seat is not None:
            return Visit(session, room, Actor(seat, Role.MEMBER))
        known = (
            # A closed room may be listed: then people can read about it, and need a link of their own to come in.
            (room.listed and not room.is_closed)
            or await self._has_pass(connection, room, at)
            or (staff is not None and staff.id == room.organiser_id)
        )
        return Visit(session, room, None) if known else None

    async def seated(self, connection: HTTPConnection, session_id: str, at: datetime) -> Actor | None:
        """``may_enter`` for a page that comes to take up its seat: as whom, or None.

        A seat that we signed for this session says all there is to know about a member. After a restart every page is
        back within seconds, and asking the records about each would take ten times as long as letting them in.
        """
        if self._get(connection, "desk") is None:
            seat = self.seat(connection, session_id)
            return None if seat is None else Actor(seat, Role.MEMBER)
        visit = await self.may_enter(connection, session_id, at)
        return None if visit is None else visit.actor

    def facilitators_seat(self, account: Account, session: Session) -> SeatId:
        """A facilitator's seat is the same on every device and after every drop, and tells nobody whose it is."""
        message = f"seat of {account.id} in {session.id}".encode()
        return hmac.new(self._secrets[0].encode(), message, hashlib.sha256).hexdigest()[:12]

    # Cookies

    def _signer(self, session: str) -> Signer:
        # Signed for one session: a seat of another evening opens nothing. The newest key signs, all are believed.
        return Signer(list(reversed(self._secrets)), salt=f"seat in {session}", digest_method=hashlib.sha256)

    def _get(self, connection: HTTPConnection, name: str) -> str | None:
        value = connection.cookies.get(self._prefix + name)
        return value if value and len(value) <= _LONGEST_COOKIE and value.isascii() else None

    def _set(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(self._prefix + name, value, secure=self._secure, httponly=True, samesite="lax")

    def _take(self, response: Response, name: str) -> None:
        response.delete_cookie(name, secure=self._secure, httponly=True, samesite="lax")


async def account_named(database: Database, sign_in_name: str) -> Account | None:
    async with database.reading() as conn:
        return await accounts.by_sign_in_name(conn, sign_in_name)
