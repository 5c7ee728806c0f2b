"""A live room as this process holds it: commands in, the room's order out, to everybody who is here.

Nothing reaches a browser, not even the sender's own, except as an event that came back from the engine. Commands that
wait together are decided and committed together.
"""

import asyncio
from collections.abc import Callable

from rooms import live
from rooms.bell import Bell
from rooms.carrying import Carrying
from rooms.deciding import Outcome, Reply, Request
from rooms.engines import Engine, Position
from rooms.fanout import Circle
from rooms.following import Following
from rooms.gathering import Gathering, Guest
from rooms.live import THE_CLOCK, Actor, Command, Event, LiveRoom, Terms
from rooms.neighbours import ANSWER_SECONDS
from rooms.rush import Rush
from rooms.tally import Tally


class Host:
    """One live room. ``run`` it as a task; every other method is plain and quick."""

    def __init__(
        self,
        key: str,
        terms: Terms,
        engine: Engine,
        *,
        clock: Callable[[], float],
        circle: Callable[[], Circle],
        tally: Tally,
        rush: Rush,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.key = key
        self._clock = clock
        self._following = Following(
            key, terms, engine, clock=clock, circle=circle, tally=tally, answer_seconds=answer_seconds
        )
        self._carrying = Carrying(self._following, engine, tally, rush)
        self._neighbours = self._following.neighbours
        self._returning = self._following.returning
        self._due: tuple[LiveRoom, float | None] | None = None

    # What others ask

    @property
    def room(self) -> LiveRoom:
        """As it was when the last entry was heard."""
        return self._following.room

    @property
    def people(self) -> Gathering:
        """Who is here."""
        return self._following.people

    @property
    def open(self) -> Bell:
        """Rung once the room is here, or is over before it could be."""
        return self._following.open

    @property
    def notices(self) -> list[tuple[Event, float]]:
        """What concerns people outside of the room, the oldest first; whoever passes it on takes it out."""
        return self._following.notices

    @property
    def is_over(self) -> bool:
        """It is not hosted here any more."""
        return self._carrying.is_over

    @property
    def at(self) -> Position:
        """Where the room is, in the numbers that people see."""
        return self._following.at

    @property
    def mark(self) -> tuple[str, int, int]:
        """The same for as long as the controls are, and as nobody comes to this host or goes."""
        return self._following.heard.epoch, self._following.version, self.people.comings

    def submit(self, command: Command, actor: Actor, reply: Reply, *, ref: str | None = None) -> None:
        """Ask for something. ``reply`` is called once, after whatever the command caused has been sent out."""
        once = None if ref is None else f"{actor.seat}:{ref}"
        self._carrying.take(Request(command, actor, once, reply))

    async def ask(self, command: Command, actor: Actor) -> Outcome:
        """Ask for something and wait for the answer."""
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.submit(command, actor, lambda outcome: None if answer.done() else answer.set_result(outcome))
        return await answer

    def join(self, guest: Guest, after: Position | None, *, newcomer: bool = False) -> None:
        """Bring a connection of a seated person in, and tell it everything since ``after`` that it may know.

        newcomer: to whom others may have spoken since they came through the door. They are told everything since then.
        If that is not here, the other hosts of the room are asked first, for a moment.
        """
        if (
            (newcomer or after is not None)
            and self._following.lacks(guest, after)
            and self._neighbours.ask(self.at)
        ):
            self._returning.wait([guest], after)
        else:
            self.people.join(guest, self.room, self.at, after, self._clock(), newcomer=newcomer)

    def part(self, guest: Guest) -> bool:
        """A connection is gone. True when it was the person's last one here."""
        self._returning.part(guest)
        return self.people.part(guest)

    def see_off(self, code: int) -> None:
        """Close every connection here."""
        self.people.see_off(code)
        self._returning.see_off(code)

    @property
    def is_empty(self) -> bool:
        """Nobody is here; the room is hosted for those who may come."""
        return not self.people.seats and not self._returning

    async def hand_over(self) -> None:
        """This node goes: the other hosts of the room are told what they may lack of its last minutes."""
        await self._neighbours.hand_over(self.at)

    def pass_time(self) -> None:
        """Asked about twice a second: carry out what is due, and give up on an echo that does not come."""
        at = self._clock()
        self._following.give_up_on_echo(at)
        if self._due is None or self._due[0] is not self.room:
            deadline = live.next_deadline(self.room)
            self._due = (self.room, None if deadline is None else deadline[0])
        due = self._due[1]
        if due is not None and due <= at:
            self.submit(live.Tick(), THE_CLOCK, _unheard)

    def learn(self, terms: Terms) -> None:
        """The one thing an organiser sets that may change while the room is live: what is planned after it."""
        self._following.learn(terms)

    def beat(self) -> None:
        """Tell everybody where the room is, so that the loss of a last message shows too."""
        self._carrying.forget_names()
        self._following.forget_receipts()
        self.people.beat(self.at, self._clock())

    async def run(self) -> None:
        """Listen and commit until cancelled. Whoever still waits then, for an answer or to be let in, is told."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._following.listen())
                tasks.create_task(self._carrying.go_on())
                tasks.create_task(self._neighbours.speak())
        finally:
            self._returning.stop()
            self.open.set()
            self._carrying.stop()


def _unheard(_: Outcome) -> None:
    """The clock waits for no answer."""
