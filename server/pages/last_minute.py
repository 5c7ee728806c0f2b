"""What the desk asks of a live room: to be called off before it began, and another lead once it has."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.deciding import Outcome
from rooms.engines import EngineDown
from rooms.host import Host
from rooms.live import Actor, Command, Refusal
from rooms.live.agreement import ChangeAgreement
from rooms.live.calling_off import CallOff
from rooms.live.discharging import Discharge
from rooms.live.leading import AssignLead
from rooms.live.lifecycle import DEBRIEF
from rooms.live.words import UNDER_WAY, Role
from rooms.records import sessions
from rooms.records.accounts import Account
from rooms.records.sessions import Session
from rooms.twins import second_of
from server.home import Home

_THE_DESK: Final = Actor(seat="", role=Role.ORGANISER)
_UNHEARD: Final = frozenset({"unavailable", "busy"})


class OnNowError(Exception):
    """It has begun in this very moment: it is its facilitators' to end."""


@asynccontextmanager
async def telling(ours: Home, room_ids: Sequence[str]) -> AsyncIterator[AsyncConnection]:
    """A transaction of the records in which these rooms are told, too. Raises EngineDown.

    Those that are on are opened before it begins: whoever opens one may have to write, and would wait for ourselves.
    """
    async with ours.database.reading() as conn:
        on_now = await sessions.open_of(conn, room_ids, ours.now())
    for session in on_now:
        await ours.house.host(session.id)
    async with ours.database.writing() as conn:
        yield conn


async def call_off_live(ours: Home, near: Sequence[Session], why: str) -> None:
    """Tell those who wait at the doors of these sessions. Asked before the records are, inside their transaction (``telling``):

    whoever started first has started, and nothing is written. Raises OnNowError, EngineDown.
    """
    for session in near:
        host = await ours.house.host(session.id)
        if host is None:
            continue
        outcome = await _asked(host, CallOff(why))
        # Called off already is what a first try that failed later leaves behind.
        if isinstance(outcome, Refusal) and outcome.why != "already":
            raise OnNowError


async def discharge(ours: Home, conn: AsyncConnection, account: Account, room_ids: Sequence[str]) -> None:
    """End what somebody can do in these rooms as they are now, on every node. Raises EngineDown.

    Asked before the records are changed, inside their transaction (``telling``): a room that cannot be reached must not go on with
    somebody in it of whom the records say that they are gone.
    """
    now = ours.now()
    lately = await sessions.over_since(conn, room_ids, now - timedelta(seconds=DEBRIEF), now)
    for session in (*await sessions.open_of(conn, room_ids, now), *lately):
        for key in (session.id, second_of(session.id)):
            host = await ours.house.host(key)
            if host is not None:
                await _asked(host, Discharge(ours.door.facilitators_seat(account, session)))


async def tell_of_agreement(ours: Home, room_id: str, version: int) -> None:
    """Ask those who sit in the room to say yes to it. Where nothing is on, the next door shows it. Raises EngineDown."""
    async with ours.database.reading() as conn:
        on_now = await sessions.open_of(conn, [room_id], ours.now())
    for session in on_now:
        host = await ours.house.host(session.id)
        if host is not None:
            await _asked(host, ChangeAgreement(version))


async def assign_lead(ours: Home, session: Session, seat: str) -> bool:
    """False: it is not on, or nobody who could lead it sits there. Raises EngineDown."""
    host = await _on_now(ours, session)
    if host is None:
        return False
    return not isinstance(await _asked(host, AssignLead(seat)), Refusal)


async def facilitators_inside(ours: Home, session: Session) -> list[tuple[str, str]]:
    """Who could lead, seat and name; members stay unseen from here. Raises EngineDown."""
    host = await _on_now(ours, session)
    if host is None:
        return []
    room = host.room
    return [
        (seat.id, seat.name)
        for seat in room.controls.seats.values()
        if room.on_duty(seat) and seat.away_since is None and seat.id != room.controls.lead
    ]


async def _asked(host: Host, command: Command) -> Outcome:
    """Raises EngineDown where the room could not be asked, or not in time: that is no answer of the room's."""
    outcome = await host.ask(command, _THE_DESK)
    if isinstance(outcome, Refusal) and outcome.why in _UNHEARD:
        raise EngineDown(sent=True)
    return outcome


async def _on_now(ours: Home, session: Session) -> Host | None:
    """The live room, opened here if it is on at other nodes; one that nobody came to stays unopened."""
    states = await ours.house.states([session.id])
    return await ours.house.host(session.id) if states.get(session.id) in UNDER_WAY else None
