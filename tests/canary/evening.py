"""An evening in which everything is said that can be, each time with a word of its own; and everything is sent that may not."""

import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

from websockets.exceptions import ConnectionClosed

from rooms.records import links
from tests.canary.hostile import Hostile
from tests.canary.pages import a_page, hears_the_end, tells
from tests.canary.tokens import PROXY_LOG, Registry
from tests.faults.evening import Evening
from tests.faults.journal import Shown
from tests.faults.node import until
from tests.faults.person import Person
from tests.faults.town import Town

LONGEST_REF: Final = 40


class Plants:
    """One evening with words from ``registry`` in it. Ana and Bea facilitate; Kim's very name is such a word."""

    def __init__(self, evening: Evening, registry: Registry, kim: str) -> None:
        self.evening = evening
        self.registry = registry
        self.ana, self.bea, self.ben = evening["Ana"], evening["Bea"], evening["Ben"]
        self.kim = evening[kim]
        self.hostile = Hostile(evening, registry)

    def word(self, family: str) -> str:
        return f"I would say {self.registry.plant(family)} to you"

    # What can be said

    async def everything_is_said(self) -> None:
        ana, ben, kim = self.ana, self.ben, self.kim
        self._note_secrets()
        await self._note_links()
        for person in self.evening.here:
            for _ in range(2):
                person.says(self.word("said"))
        await self._all_is_heard()
        noted = await self._says(ben, "said")
        await self._asks(ben, "add_note", message=noted, note=self.registry.plant("content note"))
        await self._asks(ben, "take_back", message=await self._says(ben, "taken back"))
        await self._asks(ana, "take_down", message=await self._says(kim, "taken down"), category="unkind")
        await self._asks(ben, "say", text=self.word("said"), note=self.registry.plant("content note"))
        for who, command, fields in (
            (ben, "write_line", {"seat": None, "text": self.word("private line")}),
            (ana, "write_line", {"seat": ben.seat, "text": self.word("private line")}),
            (ana, "write_backchannel", {"text": self.word("among facilitators")}),
            (ana, "post_lobby_note", {"text": self.word("note to the lobby")}),
            (ana, "prompt", {"text": self.word("card")}),
            (
                ana,
                "ask_temperature",
                {
                    "question": self.word("question"),
                    "answers": [self.registry.plant("answer"), self.registry.plant("answer")],
                },
            ),
            (kim, "propose_line", {"text": self.word("proposal")}),
            (kim, "flag", {"verb": "worried", "text": self.word("worry")}),
        ):
            await self._asks(who, command, **fields)
        await self._is_looked_at_first()
        await self._is_refused()

    async def ends(self) -> None:
        """As it should; and then the last private words."""
        self.bea.says(self.word("said"))
        await self._all_is_heard()
        # After the laws are done with: they know people by their names.
        await self._asks(self.kim, "rename", name=self.registry.plant("name"))
        await self._asks(self.ana, "end")
        await self._asks(self.ana, "end")
        await self._asks(self.ben, "write_line", seat=None, text=self.word("private line"))
        await self._asks(self.ana, "write_backchannel", text=self.word("among facilitators"))

    async def _is_looked_at_first(self) -> None:
        await self._asks(self.ana, "look_first", seat=self.ben.seat, minutes=2)
        await self._asks(self.ben, "say", text=self.word("kept for a look"))
        await self._asks(self.ana, "look_first", seat=self.ben.seat, minutes=0)

    async def _is_refused(self) -> None:
        too_long = f"{self.registry.plant('too long')} {'~' * 1000}"
        await self._is_told(self.ben, "too_long", text=too_long)
        await self._asks(self.ana, "quiet", seat=self.ben.seat, minutes=2, reason="unkind")
        await self._is_told(self.ben, "quieted", text=self.word("said while quieted"))
        await self._asks(self.ana, "unquiet", seat=self.ben.seat)
        await self._asks(self.ana, "pause", reason="a_breather")
        await self._is_told(self.kim, "paused", text=self.word("said while paused"))
        await self._asks(self.ana, "resume")

    async def hostile_things_are_sent(self) -> None:
        """Over a socket, as requests, as bytes; from Ben's seat and from nobody's."""
        await self.hostile.sends_all_of_it()

    async def all_is_in_flight(self, node: int) -> None:
        """Everybody at this node has sent words that nobody has answered yet."""
        for person in self.evening.here:
            if person.node == node and person._socket is not None:
                for number in range(4):
                    text = self.word("in flight")
                    with contextlib.suppress(ConnectionClosed):
                        await person._socket.send(
                            json.dumps({"type": "say", "ref": f"k{number}", "text": text})
                        )

    async def everybody_is_heard(self) -> None:
        """The room goes on: each of them says one thing more, and it is acknowledged."""
        for person in self.evening.here:
            person.says(self.word("said"))
        await self._all_is_heard()

    async def makes_it_fail(self, stage: str) -> None:
        """For a server of tests.canary.wrapped: something in it goes wrong over these words."""
        word = self.registry.plant(f"exception at {stage}")
        asks = f"canary-fail-{stage}"
        if stage == "form":
            stranger = await self.hostile.stranger()
            await stranger.posts(f"/door/{self.evening.session.id}", name=f"{asks} {word}", how="come_in")
        elif stage == "link":
            await self.ben.browser.gets(f"/room/{asks}-{word}")
        else:
            async with a_page(self.ben.browser, self.hostile.live) as page:
                ref = f"{asks}.{word}"[:LONGEST_REF] if stage == "answer" else word
                await tells(page, json.dumps({"type": "say", "ref": ref, "text": f"{asks} {word}"}))
                await tells(page, json.dumps({"type": "lower_hand", "ref": "last"}))
                await hears_the_end(page)

    async def leaks(self, how: str) -> None:
        """For a server of tests.canary.wrapped: it puts these words where they must not be."""
        word = self.registry.plant(f"leak: {how}")
        await self._asks(self.ben, "say", text=f"canary-leak-{how} {word}")

    # Internal

    def _note_secrets(self) -> None:
        for person in self.evening.people:
            for name, value in person.browser.cookies.items():
                # A link to a room stands in the records, readable: it leads as far as the door.
                expected = {"records", "log of Postgres", PROXY_LOG} if name.startswith("pass-") else set()
                self.registry.note(f"cookie {name.partition('-')[0]}", value, expected=expected)
        self.registry.note("key", str(self.evening.town.nodes[0].start.environ["SECRET_KEY"]))

    async def _note_links(self) -> None:
        """Some that nobody has used: to sign in, and to facilitate."""
        town = self.evening.town
        olu = await town.account("Olu")
        at, lives = datetime.now(UTC), timedelta(hours=1)
        async with town.database.writing() as conn:
            for purpose in ("sign_in", "invitation"):
                who = {"account_id": olu.id} if purpose == "sign_in" else {"room_id": self.evening.room.id}
                token = await links.make(conn, purpose, at=at, lives=lives, **who)
                self.registry.note(f"link: {purpose}", token)

    async def _asks(self, person: Person, command: str, **fields: object) -> None:
        answer = await person.asks(command, **fields)
        assert answer["type"] == "ack", (command, answer["why"])

    async def _is_told(self, person: Person, why: str, **fields: object) -> None:
        answer = await person.asks("say", **fields)
        assert answer.get("why") == why, answer["type"]

    async def _says(self, person: Person, family: str) -> str:
        """Returns the message's id, once it was shown to its author."""
        words = self.word(family)
        await self._asks(person, "say", text=words)
        await until(lambda: _is(words in person.journal.has_read), "it is shown")
        shown = [
            entry for entry in person.journal.entries if isinstance(entry, Shown) and entry.words == words
        ]
        return shown[0].what.removeprefix("said ")

    async def _all_is_heard(self) -> None:
        await until(lambda: _is(not any(person.has_unsent for person in self.evening.here)), "all is heard")


async def _is(so: bool) -> bool:
    return so


@contextlib.asynccontextmanager
async def an_evening(
    town: Town, registry: Registry, *, members: tuple[str, ...] = ("Ben", "Dee", "Eli", "Fay", "Gus")
) -> AsyncIterator[Plants]:
    """With the facilitators they are eight."""
    kim = registry.plant("name")
    title = registry.plant("room title", expected={"log of Postgres"}, required={"records"})
    async with town.evening_of_its_own(members=(*members, kim), title=title) as evening:
        yield Plants(evening, registry, kim)


def a_seed() -> int:
    return secrets.randbelow(10**12)
