"""What people read about a room, and its agreement: two who write at once lose nothing, and who is there is asked."""

from collections.abc import Awaitable, Callable

import pytest

from rooms.records import agreements, rooms
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.test_dates import text
from tests.server.test_forms import MARKUP, is_marked_wrong

OpensHouses = Callable[..., Awaitable[House]]
GIVEN = {
    "name": "Friday",
    "one_line": "Another line.",
    "for_whom": "anyone\nat all",
    "also_welcome": "",
    "words": "voices, men",
    "seats": "12",
    "listed": "1",
    "door": "all_along",
    "talk": "hands",
    "least_age": "16",
    "version": "1",
}


async def desk_of(evening: Evening, page: str) -> tuple[Browser, str]:
    return await evening.house.signed_in("Olu", organiser=True), f"/desk/rooms/{evening.room.id}/{page}"


async def test_a_room_is_described_anew(evening: Evening):
    olu, path = await desk_of(evening, "edit")
    assert Page(await olu.gets(path)).filled("name") == "Thursday"
    assert (await olu.posts(path, **GIVEN)).headers["location"] == path.removesuffix("/edit")
    async with evening.house.database.reading() as conn:
        room = await rooms.find(conn, evening.room.id)
        words = await rooms.words_of_each(conn, [evening.room.id])
    assert room
    assert (room.name, room.seats, room.listed, room.version) == ("Friday", 12, True, 2)
    assert (room.door, room.talk, room.least_age) == ("all_along", "hands", 16)
    assert (room.admits_work, room.keeps_catch_up) == (False, False)
    assert words == {room.id: ("men", "voices")}
    assert room.join_token == evening.room.join_token
    page = Page(await olu.gets(path))
    for name in ("name", "for_whom", "seats", "door", "talk", "least_age"):
        assert page.filled(name).replace("\r", "") == GIVEN[name].replace(
            "\n", " " if name != "for_whom" else "\n"
        )


async def test_the_second_of_two_is_shown_what_changed_and_loses_nothing(evening: Evening):
    olu, path = await desk_of(evening, "edit")
    await olu.posts(path, **GIVEN)
    late = await olu.posts(path, **{**GIVEN, "name": "Saturday", "one_line": MARKUP})
    page = Page(late)
    assert late.status_code == 409
    assert "Somebody changed this while you were writing." in text(page)
    assert "It says now:FridayAnother line." in text(page)
    assert (page.filled("name"), page.filled("one_line"), page.filled("version")) == ("Saturday", MARKUP, "2")
    assert "<script>alert" not in late.text
    assert (await olu.posts(path, **{**GIVEN, "name": "Saturday", "version": "2"})).status_code == 303


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "x"}, "name"),
        ({"one_line": "x" * 141}, "one_line"),
        ({"for_whom": "x" * 301}, "for_whom"),
        ({"also_welcome": "a\x07"}, "also_welcome"),
        ({"words": "a"}, "words"),
        ({"seats": "1"}, "seats"),
        ({"door": "ajar"}, "door"),
        ({"talk": ""}, "talk"),
        ({"least_age": "100"}, "least_age"),
    ],
)
async def test_what_does_not_fit_is_named_beside_its_field(evening: Evening, changed, field):
    olu, path = await desk_of(evening, "edit")
    answer = await olu.posts(path, **{**GIVEN, **changed})
    page = Page(answer)
    assert (answer.status_code, page.faults.keys()) == (422, {field})
    assert is_marked_wrong(page, field)
    assert page.filled("version") == "1"


# The agreement


async def current(evening: Evening):
    async with evening.house.database.reading() as conn:
        found = await agreements.current(conn, evening.room.id)
    assert found
    return found


async def test_an_agreement_is_shown_as_people_will_read_it_and_then_published(evening: Evening):
    olu, path = await desk_of(evening, "agreement")
    given = {"agreement": "Be kind.\n\n What is said here stays here. ", "version": "1"}
    shown = await olu.posts(path, do="look", **given)
    assert "What changed in it last Be kind." in text(Page(shown))
    assert "Version 2." in shown.text
    assert (await current(evening)).version == 1
    assert (await olu.posts(path, do="publish", **given)).status_code == 303
    assert (await current(evening)).lines == ("Be kind.", "What is said here stays here.")
    await olu.posts(path, do="publish", **{**given, "version": "2"})
    assert (await current(evening)).version == 2, "the same once more is no new version"
    assert Page(await olu.gets(path)).filled("version") == "2"


async def test_the_first_agreement_of_a_room(house: House):
    evening = await house.evening(agreement=False)
    olu, path = await desk_of(evening, "agreement")
    assert Page(await olu.gets(path)).filled("version") == "0"
    assert (await olu.posts(path, agreement="Be kind.", version="0")).status_code == 303
    assert (await current(evening)).lines == ("Be kind.",)


async def test_two_who_publish_at_once_lose_nothing(evening: Evening):
    olu, path = await desk_of(evening, "agreement")
    await olu.posts(path, agreement="The first.", version="1")
    late = await olu.posts(path, agreement="The second.", version="1")
    page = Page(late)
    assert late.status_code == 409
    assert (page.filled("agreement"), page.filled("version")) == ("The second.", "2")
    assert "It says now: The first." in text(page)
    await olu.posts(path, agreement="The second.", version="2")
    assert (await current(evening)).lines == ("The second.",)


@pytest.mark.parametrize("written", ["", " \n ", "x" * 301, "x\n" * 31, "a\x1b"])
async def test_an_agreement_that_does_not_fit(evening: Evening, written: str):
    olu, path = await desk_of(evening, "agreement")
    answer = await olu.posts(path, agreement=written, version="1")
    page = Page(answer)
    assert (answer.status_code, page.faults.keys()) == (422, {"agreement"})
    assert is_marked_wrong(page, "agreement")


async def test_who_is_in_the_room_is_asked_to_say_yes_to_a_new_agreement(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
    await ana.starts()
    olu, path = await desk_of(evening, "agreement")
    await olu.posts(path, agreement="Be kind.", version="1")
    changed = await ben.sees("agreement_changed")
    assert changed["version"] == 2
    await olu.posts(path, agreement="Be kind.", version="2")
    await ana.says("hello")
    await ben.hears("hello", frm="Ana")
    assert [frame["type"] for frame in ben.frames].count("agreement_changed") == 1
