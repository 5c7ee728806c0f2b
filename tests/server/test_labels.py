"""What those who look after a room are called: an organiser chooses, and whoever reads or is told anything meets that word."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from rooms.records import labels, tables
from server.signposts import Board
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.test_forms import is_marked_wrong
from tests.server.test_languages import WELSH, words_on

OpensHouses = Callable[..., Awaitable[House]]
PATH = "/desk/labels"


@pytest.fixture
async def own_evening(own_house: House) -> Evening:
    return await own_house.evening()


@pytest.fixture
async def olu(own_house: House) -> Browser:
    return await own_house.signed_in("Olu", organiser=True)


async def chooses(browser: Browser, label: str):
    known = Page(await browser.gets(PATH)).filled("known")
    return await browser.posts(PATH, label=label, known=known)


def of_facilitators(said: set[str]) -> list[str]:
    return sorted(each for each in said if "facilitator" in each.lower())


async def test_it_says_what_members_will_read_before_anything_is_saved(own_house: House, olu: Browser):
    assert PATH in (await olu.gets("/desk")).text
    page = Page(await olu.gets(PATH))
    assert page.filled("label") == "facilitator"
    said = words_on(page)
    for word in ("facilitator", "host", "peer supporter", "chair"):
        assert f"We are waiting for a {word}. Your words stay here until one is back." in said
        assert word.capitalize() in said
    assert "Pages in Cymraeg keep the word that they have." in said
    assert "Facilitators: sign in" in words_on(Page(await own_house.browser().gets("/"))), "nothing is saved"


async def test_who_reads_welsh_sees_what_members_will_read_in_english(olu: Browser):
    page = await olu.gets(PATH, **WELSH)
    said = words_on(Page(page))
    assert "Gwesteiwr" in said
    assert "We are waiting for a host. Your words stay here until one is back." in said
    assert '<small lang="en">' in page.text


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("host", "Hosts: sign in"),
        ("peer_supporter", "Peer supporters: sign in"),
        ("chair", "Chairs: sign in"),
        ("facilitator", "Facilitators: sign in"),
    ],
)
async def test_what_is_chosen_stands_on_every_page_at_once(own_house: House, olu: Browser, label, said):
    await chooses(olu, "host")
    assert (await chooses(olu, label)).headers["location"] == PATH
    page = Page(await olu.gets(PATH))
    assert (page.filled("label"), page.filled("known")) == (label, label)
    assert {"Facilitator", "Host", "Peer supporter", "Chair"} <= words_on(page), (
        "the choices stay what they are"
    )
    assert said in words_on(Page(await own_house.browser().gets("/")))


async def test_the_whole_way_in_and_what_a_room_says_no_with(own_evening: Evening, olu: Browser):
    evening = own_evening
    await chooses(olu, "peer_supporter")
    browser = await evening.comes_to_the_door()
    paths = ["/", "/help", "/code", "/nowhere", f"/room/{evening.room.id}", evening.door_path]
    looked = {path: words_on(Page(await browser.gets(path))) for path in paths}
    assert "What peer supporters can do" in looked[evening.door_path]
    ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
    looked["live"] = words_on(Page(await ben.browser.gets(evening.live_path)))
    looked["panel"] = words_on(Page(await ana.browser.gets(evening.live_path)))
    assert "Tell the peer supporters" in looked["live"]
    assert "Among peer supporters" in looked["panel"]
    assert {path: of_facilitators(said) for path, said in looked.items() if of_facilitators(said)} == {}
    await ben.starts()
    assert (await ben.is_refused("not_allowed"))["say"] == "Only a peer supporter can do that."


async def test_welsh_keeps_its_word(own_house: House, olu: Browser):
    before = words_on(Page(await own_house.browser().gets("/", **WELSH)))
    await chooses(olu, "chair")
    assert words_on(Page(await own_house.browser().gets("/", **WELSH))) == before
    assert any("hwyluswyr" in said.lower() for said in before)


@pytest.mark.parametrize("label", ["", "boss", "Host", "<b>"])
async def test_what_is_none_of_them_comes_back_with_the_fault_beside_it(
    own_house: House, olu: Browser, label
):
    await chooses(olu, "host")
    answer = await chooses(olu, label)
    page = Page(answer)
    assert answer.status_code == 422
    assert page.faults.keys() == {"label"}
    assert 'aria-describedby="hint-label error-label"' in answer.text
    assert is_marked_wrong(page, "label")
    async with own_house.database.reading() as conn:
        assert await labels.current(conn) == "host"


async def test_of_two_who_choose_at_once_the_second_is_told_and_keeps_their_choice(
    own_house: House, olu: Browser
):
    kit = await own_house.signed_in("Kit", organiser=True)
    await chooses(kit, "host")
    told = await olu.posts(PATH, label="chair", known="facilitator")
    page = Page(told)
    assert told.status_code == 409
    assert "It says now: Host" in words_on(page)
    assert (page.filled("label"), page.filled("known")) == ("chair", "host")
    async with own_house.database.reading() as conn:
        assert await labels.current(conn) == "host"
    again = await olu.posts(PATH, label=page.filled("label"), known=page.filled("known"))
    assert again.headers["location"] == PATH
    assert "Chairs: sign in" in words_on(Page(await own_house.browser().gets("/")))


async def test_a_server_that_comes_up_knows_it_and_keeps_it_when_the_records_fail(
    own_house: House, olu: Browser, caplog
):
    await chooses(olu, "host")
    await own_house.restarts()
    board = own_house.home.board
    assert board.label == "host"
    async with own_house.database.writing() as conn:
        await conn.run_sync(tables.labels.drop)
    await board.read(own_house.database)
    assert board.label == "host"
    assert "what stands on every page could not be read" in caplog.text


async def test_another_server_reads_it_within_a_minute(own_house: House, olu: Browser, monkeypatch):
    monkeypatch.setattr("server.signposts.EVERY_SECONDS", 0.01)
    board = Board()
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(board.go_on_reading(own_house.database))
        await chooses(olu, "chair")
        while board.label != "chair":  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.01)
        reading.cancel()
