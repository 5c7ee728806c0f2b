"""What is on now, for the desks that are open at this node: read once a second for all of them, and told when it changes.

States and bands of seats; no name of a person, and nothing that is said.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Final

import msgspec

from rooms.elsewhere import Glance
from rooms.house import House
from rooms.live import State
from rooms.records import on_now, sign_ins
from rooms.records.database import Database
from rooms.records.on_now import Open
from server.events import Feed
from server.whereabouts import whereabouts
from server.words import N_, Words

LOOK_SECONDS: Final = 1.0  # signing out ends a desk, on every node, within two
GLANCE_SECONDS: Final = 0.5  # an engine that does not answer must not hold that up
MOST_DESKS: Final = 4  # of one account, at one node

STATES: Final[Mapping[State, str]] = {
    State.DOORS: N_("The doors are open"),
    State.LIVE: N_("On now"),
    State.PAUSED: N_("On now, paused"),
    State.HELD: N_("On now, waiting for a facilitator"),
    State.CLOSING: N_("On now, closing"),
}
SEATS: Final[Mapping[str, str]] = {
    "under_5": N_("under 5 seats taken"),
    "5_to_9": N_("5 to 9 seats taken"),
    "10_or_more": N_("10 or more seats taken"),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OnNow:
    """A room that is on, in words. ``state`` changes with it and not with the seats; empty: nobody can be asked just now.

    told: what is read out where the state has changed.
    """

    room: str
    name: str = field(repr=False)
    state: str = ""
    words: str = ""
    told: str = field(default="", repr=False)


def in_words(words: Words, opened: Iterable[Open], glances: Mapping[str, Glance]) -> tuple[OnNow, ...]:
    """Each room once: by its session that is on, or else by one that nobody knows of."""
    found: dict[str, OnNow] = {}
    for each in opened:
        known = glances.get(each.session_id)
        if known is None:
            found.setdefault(each.room_id, OnNow(each.room_id, each.room_name))
        elif known.state in STATES and not (each.room_id in found and found[each.room_id].state):
            found[each.room_id] = _on_now(words, each, known)
    return tuple(found.values())


def _on_now(words: Words, each: Open, known: Glance) -> OnNow:
    state = words.gettext(STATES[known.state])
    return OnNow(
        room=each.room_id,
        name=each.room_name,
        state=known.state.value,
        words=words.gettext("%(state)s, %(seats)s")
        % {"state": state, "seats": words.gettext(SEATS[known.taken])},
        told=words.gettext("%(room)s: %(state)s") % {"room": each.room_name, "state": state},
    )


class Desk:
    """One page that is kept fresh."""

    def __init__(self, account_id: str, sign_in: str, words: Words) -> None:
        self.account_id = account_id
        self.sign_in = sign_in
        self.words = words
        self.feed = Feed()
        self._told = b""

    def show(self, opened: Iterable[Open], glances: Mapping[str, Glance]) -> None:
        theirs = [each for each in opened if each.account_id == self.account_id]
        state = msgspec.json.encode([asdict(each) for each in in_words(self.words, theirs, glances)])
        if state != self._told:
            self._told = state
            self.feed.tell(state)


class LiveNow:
    """The desks of this node. While none is open nothing is read."""

    def __init__(self, database: Database, house: House, clock: Callable[[], float]) -> None:
        self._database = database
        self._house = house
        self._clock = clock
        self._desks: list[Desk] = []

    @contextmanager
    def open(self, desk: Desk) -> Iterator[None]:
        """The oldest of too many is told to stop: one that nobody is at any more holds no place."""
        theirs = [each for each in self._desks if each.account_id == desk.account_id]
        if len(theirs) >= MOST_DESKS:
            self._end(theirs[0])
        self._desks.append(desk)
        try:
            yield
        finally:
            self._forget(desk)

    async def of_account(self, account_id: str, words: Words) -> tuple[OnNow, ...]:
        """As a page shows it at first: of what nobody can be asked, nothing."""
        async with self._database.reading() as conn:
            opened = await on_now.of_accounts(conn, [account_id], self._now())
        glances = await self._house.glances(each.session_id for each in opened)
        return tuple(each for each in in_words(words, opened, glances) if each.state)

    async def look(self) -> None:
        """End the desks whose sign-in has ended or gone idle, and tell the others what has changed."""
        if not self._desks:
            return
        desks, now = list(self._desks), self._now()
        async with self._database.reading() as conn:
            # A desk that is left open is nobody's being there.
            awake = await sign_ins.still_open(conn, {desk.sign_in for desk in desks}, now, idle=False)
            accounts = {desk.account_id for desk in desks if desk.sign_in in awake}
            opened = await on_now.of_accounts(conn, accounts, now) if accounts else ()
        for desk in desks:
            if desk.sign_in not in awake:
                self._end(desk)
        try:
            async with asyncio.timeout(GLANCE_SECONDS):
                glances = await self._house.glances({each.session_id for each in opened})
        except TimeoutError:
            return
        for desk in desks:
            desk.show(opened, glances)

    async def keep_looking(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001  records that cannot be asked now can be asked again
                log.warning("what is on cannot be looked at: %s", whereabouts(error))
            await asyncio.sleep(LOOK_SECONDS)

    def _end(self, desk: Desk) -> None:
        desk.feed.end()
        self._forget(desk)

    def _forget(self, desk: Desk) -> None:
        if desk in self._desks:
            self._desks.remove(desk)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
