"""What is asked of a live room, carried: decided on the room as it was heard, committed, heard back, answered.

What waits together is decided and committed together.
"""

import asyncio
from collections import deque
from itertools import islice
from typing import Final

from rooms import codec
from rooms.bell import Bell
from rooms.deciding import (
    Decided,
    Outcome,
    Request,
    answer_each,
    answer_known,
    decide,
    drop_repeated,
    numbered,
)
from rooms.engines import AtOnce, Change, Committed, Engine, EngineDown, Position, Repeated
from rooms.following import RETRY_SECONDS, Following
from rooms.live import Refusal
from rooms.live.door import Arrive
from rooms.live.words import Role
from rooms.rush import Rush
from rooms.tally import Tally

ATTEMPTS: Final = 5
MOST_TOGETHER: Final = 256
MOST_WAITING: Final = 4096


class Carrying:
    """Of one host. ``go_on`` is a task of its own; where the engine answers at once it has hardly anything to do."""

    def __init__(self, following: Following, engine: Engine, tally: Tally, rush: Rush) -> None:
        self.is_over = False
        self._following = following
        self._engine = engine
        self._tally = tally
        self._rush = rush
        self._controls = codec.ControlsEncoder()
        self._requests: deque[Request] = deque()
        self._carried: list[Request] = []
        self._unheard: tuple[Decided, Position, Position] | None = None
        self._asked = Bell()
        self._is_called = False
        self._mishap: Exception | None = None

    def take(self, request: Request) -> None:
        """It is answered once, after whatever it caused has been sent out."""
        if self.is_over or len(self._requests) >= MOST_WAITING:
            request.answer(Refusal("unavailable" if self.is_over else "busy"))
            return
        self._requests.append(request)
        # A facilitator waits for no rush, and whatever else is asked takes those who wait along.
        comes = isinstance(request.command, Arrive) and request.actor.role is Role.MEMBER
        if not (comes and self._rush.gathers(self._call)):
            self._call()

    def stop(self) -> None:
        """Nothing is carried any more; whoever waits for an answer gets one."""
        self.is_over = True
        for request in (*self._carried, *self._requests):
            request.answer(Refusal("unavailable"))

    def forget_names(self) -> None:
        """Another node may have committed since that somebody is gone, and this one would still know their name."""
        self._controls = codec.ControlsEncoder()

    def _call(self) -> None:
        """Have what waits carried in the next turn of the event loop, all of it that this one brings."""
        if self._engine.at_once is None:
            self._asked.set()
        elif not self._is_called:
            self._is_called = True
            asyncio.get_running_loop().call_soon(self._carry_at_once)

    def _carry_at_once(self) -> None:
        """Carry what waits without waking a task for it, which costs as much again as deciding does.

        Whatever is not simply carried is left to the committing task: it may wait, and decides anew.
        """
        self._is_called = False
        commit = self._engine.at_once
        try:
            while commit and self._requests and self._is_free and self._is_carried(commit):
                pass
        except Exception as mishap:  # noqa: BLE001  the task ends with it, as if it had been its own
            self._mishap = mishap
        if self._requests or self._carried or self._mishap is not None:
            self._asked.set()

    @property
    def _is_free(self) -> bool:
        """Nothing is half done, and nothing waits to be heard before what would be committed now."""
        return not self.is_over and not self._carried and self._following.is_clear

    def _is_carried(self, commit: AtOnce) -> bool:
        requests = list(islice(self._requests, MOST_TOGETHER))
        decided = self._following.own = decide(self._following.room, requests, self._following.now)
        outcome = commit(self._following.key, self._change(decided)) if decided.entries else None
        if not isinstance(outcome, Committed | None):
            return False
        self._carried = [self._requests.popleft() for _ in requests]
        if outcome is not None:
            heard = self._following.heard
            self._tally.committed += 1
            self._following.hear_what_waits()
            if self._following.heard != outcome.at or outcome.at.seq - len(decided.entries) != heard.seq:
                # Something was lost on the way to here, or numbers were given twice: finding out takes longer than a page waits.
                self._unheard = (decided, outcome.at, heard)
                return False
            answer_each(numbered(decided, outcome.at))
        if decided.known:
            asked = self._question(decided.known)
            answer_known(decided.known, commit(self._following.key, asked) if asked else None)
        self._carried, self._following.own = [], None
        return True

    async def go_on(self) -> None:
        await self._following.open.wait()
        while True:
            await self._asked.wait()
            self._asked.clear()
            if self._mishap is not None:
                raise self._mishap
            while self._carried or self._requests:
                if not self._carried:
                    together = min(MOST_TOGETHER, len(self._requests))
                    self._carried = [self._requests.popleft() for _ in range(together)]
                await self._carry(self._carried)
                self._carried, self._following.own = [], None

    async def _carry(self, requests: list[Request]) -> None:
        unheard, self._unheard = self._unheard, None
        try:
            if unheard is not None:
                await self._must_have_come(*unheard)
            for _ in range(ATTEMPTS):
                decided = self._following.own = decide(self._following.room, requests, self._following.now)
                if not decided.entries:
                    await self._answer(decided.known)
                    return
                if not self._following.in_step.is_set():
                    # What is committed before the room is loaded again would be taken for something missed.
                    async with asyncio.timeout(2 * RETRY_SECONDS):
                        await self._following.in_step.wait()
                    continue
                change, heard = self._change(decided), self._following.heard
                outcome = await self._engine.commit(self._following.key, change)
                if isinstance(outcome, Committed):
                    self._tally.committed += 1
                    await self._answer_when_shown(decided, outcome.at, heard)
                    return
                if isinstance(outcome, Repeated):
                    self._tally.repeated += 1
                    requests = drop_repeated(requests, outcome.firsts)
                else:
                    self._tally.conflicts += 1
                    await self._following.catch_up(outcome.head, change.version)
        except (EngineDown, TimeoutError):
            # Appended or not, nobody here knows: the page keeps the words, and the same ref is safe to send again.
            self._tally.undone += 1
            answer_each([(request, Refusal("unavailable")) for request in requests])
        else:
            answer_each([(request, Refusal("busy")) for request in requests])

    def _change(self, decided: Decided) -> Change:
        changed = decided.room.controls is not self._following.room.controls
        return Change(
            epoch=self._following.heard.epoch,
            version=self._following.version,
            entries=decided.encoded,
            controls=self._controls.encode(decided.room.controls) if changed else None,
            once=decided.once,
        )

    async def _answer(self, known: list[tuple[Request, Outcome]]) -> None:
        asked = self._question(known)
        answer_known(known, await self._engine.commit(self._following.key, asked) if asked else None)

    def _question(self, known: list[tuple[Request, Outcome]]) -> Change | None:
        """Whoever sends a command again is told how it went, though by now it would be refused.

        It may be refused for what it did itself, or for a quiet that came after it: the words are in the room, and
        saying *not sent* would have them said twice. The engine's receipts know, whichever node carried it.
        """
        refused = {
            request.once: 0 for request, outcome in known if request.once and isinstance(outcome, Refusal)
        }
        # No room has this version, so that nothing can come of it but an answer.
        return Change(self._following.heard.epoch, -1, (), once=refused) if refused else None

    async def _answer_when_shown(self, decided: Decided, at: Position, heard: Position) -> None:
        """``heard``: where this host was when it decided. Raises EngineDown, TimeoutError: this may be lost."""
        await self._must_be_new(decided, at, heard)
        await self._following.until_heard(at)
        answer_each(numbered(decided, at))
        if decided.known:
            await self._answer(decided.known)

    async def _must_have_come(self, decided: Decided, at: Position, heard: Position) -> None:
        """It has not. Raises EngineDown."""
        await self._must_be_new(decided, at, heard)
        raise EngineDown(sent=True)

    async def _must_be_new(self, decided: Decided, at: Position, heard: Position) -> None:
        if at.seq - len(decided.entries) < heard.seq:
            # Numbers that were given before: an older copy took over. No host can tell this from what it has shown.
            await self._following.reload(fell_back=at.epoch)
            raise EngineDown(sent=True)
