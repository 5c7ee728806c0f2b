"""`make two-nodes` in two browsers: a server is killed in mid-sentence, and nobody loses a word or reads one twice.

Ben's page is at the first node, Chi's and Ana's are at the second: real processes, with a real Redis between them.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, expect

from rooms.records import sign_ins
from tests.browser.company import Browsers, Company
from tests.browser.people import Person, everyone_reads
from tests.faults.node import Node
from tests.faults.town import Town, a_town

PROMISE = 5_000
# A page that is out of touch tries again later and later, after up to twenty seconds (static/js/backoff.js): how long the
# node was away hangs on how long a machine takes to start it.
COMES_BACK = 30_000
OUT_OF_TOUCH = "We lost touch with the room. Your words are safe here, and we keep trying."


@dataclass(frozen=True, slots=True)
class Nodes:
    """Two behind one name; each person's network leads to one of them."""

    town: Town

    @property
    def one(self) -> Node:
        return self.town.nodes[0]

    @property
    def two(self) -> Node:
        return self.town.nodes[1]

    @property
    def url(self) -> str:
        return self.one.url

    @property
    def port(self) -> int:
        return self.one.port

    async def sign_in(self, name: str) -> str:
        account = await self.town.account(name)
        async with self.town.database.writing() as conn:
            return await sign_ins.open(conn, account.id, datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Evening:
    join_path: str
    live_path: str


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nodes]:
    async with a_town(tmp_path_factory.mktemp("town")) as town:
        yield Nodes(town)
        assert town.complaints() == []


@pytest.fixture(scope="module")
async def browsers(chromium: Browser, house: Nodes) -> AsyncIterator[Browsers]:
    async with Browsers(chromium, house) as browsers:
        yield browsers


@pytest.fixture
async def evening(house: Nodes, cast: Company, ana: Person, ben: Person, chi: Person) -> Evening:
    """Ana has started it; Ben and Chi are inside, and words cross both ways."""
    await house.town.opens()
    for person, node in ((ana, house.two), (ben, house.one), (chi, house.two)):
        person.network.leads_to(node.port)
    room, session = await house.town.session()
    evening = Evening(f"/join/{room.join_token}", f"/live/{session.id}")
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await chi.joins(evening)
    await ana.sees_here("Ana", "Ben", "Chi")
    await ben.says("hello from the first node")
    await chi.says("and from the second")
    for person in (ana, ben, chi):
        await expect(person.room.words).to_have_count(2)
    return evening


async def test_it_is_started_again_and_his_page_comes_back_by_itself(house, evening, ana, ben, chi):
    said = await ana.room.words.all_text_contents()
    await everyone_reads((ben, chi), *said)

    await ben.writes("I was just about to")
    await house.one.is_killed()
    await expect(ben.room.banner.filter(has_text=OUT_OF_TOUCH)).to_be_visible(timeout=PROMISE)
    await ben.hears(OUT_OF_TOUCH)
    await expect(ben.room.composer).to_have_value("I was just about to")
    await chi.says("is everybody still here?")
    await ana.reads(*said, "is everybody still here?")
    await ana.says("I am")
    said += ["is everybody still here?", "I am"]
    await everyone_reads((ana, chi), *said)
    await ben.reads(*said[:2])

    house.one.starts()
    await house.one.is_up()
    await expect(ben.room.words).to_have_text(said, timeout=COMES_BACK)
    await expect(ben.room.banner).to_have_count(0)
    assert ben.heard("welcome")[-1]["resumed"], "he was told that he may have missed something"
    await expect(ben.room.composer).to_have_value("I was just about to")
    await ben.writes("I was just about to say yes")
    await ben.sends()
    await everyone_reads((ana, ben, chi), *said, "I was just about to say yes")
    await expect(ben.room.composer).to_have_value("")
    assert len([frame for frame in ben.sent if frame["type"] == "say"]) == 2
    assert read(ben) == [*said, "I was just about to say yes"]


async def test_his_page_comes_out_at_the_other_and_what_he_sent_meanwhile_is_sent_once(
    house, evening, ana, ben, chi
):
    said = await ana.room.words.all_text_contents()
    await ben.writes("I was just about to say yes")
    await house.one.is_killed()
    await expect(ben.room.banner.filter(has_text=OUT_OF_TOUCH)).to_be_visible(timeout=PROMISE)
    await ben.sends()
    await expect(ben.room.tray).to_contain_text("I was just about to say yes")
    await expect(ben.room.tray).to_contain_text("Sending")
    await ben.writes("and another th")
    await chi.says("is everybody still here?")
    await ana.reads(*said, "is everybody still here?")

    ben.network.leads_to(house.two.port)
    said += ["is everybody still here?", "I was just about to say yes"]
    await expect(ben.room.words).to_have_text(said, timeout=COMES_BACK)
    await everyone_reads((ana, ben, chi), *said)
    await expect(ben.room.tray).to_be_empty()
    await expect(ben.room.composer).to_have_value("and another th")
    assert ben.heard("welcome")[-1]["resumed"]
    assert read(ben) == said
    await ana.sees_here("Ana", "Ben", "Chi")


async def test_a_page_that_is_opened_anew_at_the_other_keeps_the_seat_and_begins_with_nothing_on_it(
    house, evening, ana, ben, chi
):
    """Only a page that stays can catch up: what was said is on no page that somebody else could open after him."""
    await house.one.is_killed()
    await chi.says("is everybody still here?")
    await ana.reads_last("is everybody still here?")

    ben.network.leads_to(house.two.port)
    await ben.opens(evening.live_path)
    await ben.is_in_the_room()
    await ana.says("welcome back")
    await ben.reads("welcome back")
    await ben.says("thank you")
    await everyone_reads((ben,), "welcome back", "thank you")
    await chi.reads_last("thank you")
    await ana.sees_here("Ana", "Ben", "Chi")


def read(person: Person) -> list[str]:
    """Each message that reached the page, in its order: nothing may come twice."""
    return [frame["text"] for frame in person.heard("said")]
