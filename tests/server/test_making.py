"""Making a room: one page of questions, then the room with its link and all its dates; and drafts of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from rooms.records import agreements, rooms, rota, seasons
from server.starters import STARTERS
from server.words import choose
from tests.server.browser import Browser, Page
from tests.server.house import House
from tests.server.test_forms import MARKUP, WHOLE_ROOM, is_marked_wrong

OpensHouses = Callable[..., Awaitable[House]]
WORDS = choose("en")
WEEKLY = {**WHOLE_ROOM, "repeat": "weekly", "times": "26"}


@pytest.fixture
async def olu(house: House) -> Browser:
    return await house.signed_in("Olu", organiser=True)


def room_id(answer) -> str:
    assert answer.status_code == 303, Page(answer).faults
    return str(answer.headers["location"]).removeprefix("/desk/rooms/")


async def dates_of(house: House, room: str):
    async with house.database.reading() as conn:
        return await seasons.of_room(conn, room, house.clock.now)


async def test_from_signing_in_to_a_link_for_half_a_year_of_weeks_in_two_pages(house: House):
    """The page of questions, and the page that has the link on it."""
    olu = house.browser()
    await olu.posts(await house.link(await house.account("Olu", organiser=True)))
    first = await olu.gets("/desk/new")
    assert first.status_code == 200
    second = await olu.follows(await olu.posts("/desk/new", do="make", **WEEKLY))
    assert any("/join/" in value for value in Page(second).attributes("value"))
    assert len(Page(second).attributes("datetime")) == 26
    sessions = await dates_of(house, second.url.path.removeprefix("/desk/rooms/"))
    assert {session.wall.strftime("%A %H:%M") for session in sessions} == {"Wednesday 19:30"}
    assert {session.starts_at.strftime("%H:%M") for session in sessions} == {"19:30", "18:30"}, (
        "summer time came"
    )


async def test_dates_are_shown_before_anything_is_made(house: House, olu: Browser):
    before = len(await rooms_of(house))
    given = {**WEEKLY, "name": "", "times": "3", "breaks": "2026-12-08"}
    shown = await olu.posts("/desk/new", do="look", **given)
    assert shown.status_code == 200
    text = "".join(Page(shown).texts)
    assert "This makes 3 dates" in text
    for date in ("2 December 2026", "16 December 2026", "23 December 2026"):
        assert date in text
    assert "9 December 2026" not in text, "a week off"
    assert Page(shown).faults == {}, "the name is asked for when the room is made"
    assert Page(shown).filled("breaks") == "2026-12-08"
    assert len(await rooms_of(house)) == before


async def rooms_of(house: House):
    account = await house.account("Olu", organiser=True)
    async with house.database.reading() as conn:
        return await rooms.of_organiser(conn, account.id)


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        ({"repeat": "fortnightly", "times": "3"}, ["2 Dec", "16 Dec", "30 Dec"]),
        ({"repeat": "monthly", "times": "3"}, ["2 Dec", "6 Jan", "3 Feb"]),
        ({"repeat": "monthly_last", "date": "2026-12-30", "times": "3"}, ["30 Dec", "27 Jan", "24 Feb"]),
        ({"repeat": "weekly", "times": "", "until": "2026-12-16"}, ["2 Dec", "9 Dec", "16 Dec"]),
        ({"repeat": "once", "times": "9", "until": "never", "breaks": "?"}, ["2 Dec"]),
    ],
)
async def test_each_rhythm_makes_its_dates(house: House, olu: Browser, changed, days):
    made = room_id(await olu.posts("/desk/new", **{**WEEKLY, **changed}))
    assert [f"{session.wall.day} {session.wall:%b}" for session in await dates_of(house, made)] == days


async def test_what_the_clocks_leave_open_is_asked_and_answered(house: House, olu: Browser):
    given = {**WEEKLY, "date": "2027-03-21", "start": "01:30", "times": "2"}
    asked = await olu.posts("/desk/new", **given)
    page = Page(asked)
    assert (asked.status_code, page.faults.keys()) == (422, {"start"})
    assert is_marked_wrong(page, "start")
    text = "".join(page.texts)
    assert "Sunday 28 March 2027, 1:30 am: the clocks go forward in that night" in text
    assert "Sunday 28 March 2027, 2:30 am" in text
    question = "settled-2027-03-28T01:30:00"
    assert question in page.attributes("name")
    for how, starts_at in (
        ("later", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("earlier", datetime(2027, 3, 28, 0, 30, tzinfo=UTC)),
        ("skip", datetime(2027, 4, 4, 0, 30, tzinfo=UTC)),
    ):
        made = room_id(await olu.posts("/desk/new", **given, **{question: how}))
        assert (await dates_of(house, made))[1].starts_at == starts_at, how
    for nonsense in ({question: "never"}, {"settled-soon": "skip"}, {f"{question}+00:00": "skip"}):
        assert (await olu.posts("/desk/new", **given, **nonsense)).status_code == 422


async def test_an_hour_that_comes_twice_is_the_one_that_was_chosen(house: House, olu: Browser):
    given = {**WEEKLY, "date": "2027-10-31", "start": "01:30", "repeat": "once"}
    assert "this time comes twice" in (await olu.posts("/desk/new", **given)).text
    for how, hour in (("first", 0), ("second", 1)):
        made = room_id(await olu.posts("/desk/new", **given, **{"settled-2027-10-31T01:30:00": how}))
        assert (await dates_of(house, made))[0].starts_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


async def test_who_looks_after_it_is_put_down_for_every_date(house: House, olu: Browser):
    evening = await house.evening()
    ana = await evening.has_facilitator("Ana")
    offered = [
        given["value"]
        for tag, given in Page(await olu.gets("/desk/new")).tags
        if tag == "option" and given.get("value")
    ]
    assert ana.id in offered
    made = room_id(await olu.posts("/desk/new", **{**WEEKLY, "lead": "me", "second": ana.id, "times": "3"}))
    sessions = await dates_of(house, made)
    account = await house.account("Olu")
    async with house.database.reading() as conn:
        parts = await rota.of_sessions(conn, [session.id for session in sessions])
        facilitators = await rooms.facilitators(conn, made)
    assert list(parts.values()) == [{"lead": account, "second": ana}] * 3
    assert {each.id for each in facilitators} == {account.id, ana.id}


async def test_whom_they_can_call_does_not_facilitate(house: House, olu: Browser):
    ana = await (await house.evening()).has_facilitator("Ana")
    made = room_id(await olu.posts("/desk/new", **{**WEEKLY, "on_call": ana.id}))
    async with house.database.reading() as conn:
        assert await rooms.facilitators(conn, made) == ()


async def test_somebody_elses_helper_is_nobody(house: House, olu: Browser):
    stranger = await house.account("A stranger")
    answer = await olu.posts("/desk/new", **{**WEEKLY, "lead": stranger.id})
    assert Page(answer).faults.keys() == {"lead"}
    assert "A stranger" not in answer.text


async def test_everything_under_more_is_kept(house: House, olu: Browser):
    given = {
        **WEEKLY,
        "words": " voices ,young  people,voices",
        "door": "knock",
        "admits_work": "1",
        "keeps_catch_up": "0",
    }
    made = room_id(await olu.posts("/desk/new", **given))
    async with house.database.reading() as conn:
        room = await rooms.find(conn, made)
        words = await rooms.words_of_each(conn, [made])
    assert room
    assert (room.door, room.talk, room.least_age) == ("knock", "open", 18)
    assert (room.admits_work, room.keeps_catch_up) == (True, False)
    assert words == {made: ("voices", "young people")}


async def test_another_kind_of_space_begins_with_other_words_unless_somebody_wrote_their_own(
    house: House, olu: Browser
):
    untouched = Page(await olu.gets("/desk/new")).filled("agreement")
    for agreement, lines in ((untouched, list(STARTERS["network"])), ("Be kind.", ["Be kind."])):
        given = {**WEEKLY, "purpose": "network", "starter_of": "peer_support", "agreement": agreement}
        made = room_id(await olu.posts("/desk/new", **given))
        async with house.database.reading() as conn:
            found = await agreements.current(conn, made)
        assert found
        assert list(found.lines) == lines


def test_every_kind_of_space_has_words_to_begin_with():
    assert set(STARTERS) == {key for key, *_ in WORDS.purposes()}
    assert all(3 <= len(lines) <= 6 for lines in STARTERS.values())


async def test_what_may_need_another_look_is_said_and_stops_nothing(house: House, olu: Browser):
    given = {**WEEKLY, "name": "The late one", "start": "22:30", "lead": "me", "times": "2"}
    for _ in range(3):
        made = room_id(await olu.posts("/desk/new", **given))
    text = "".join(Page(await olu.gets(f"/desk/rooms/{made}")).texts)
    assert "It ends after 11 at night." in text
    assert "Olu has another session at the time, or less than 30 minutes away: Wednesday 2 December" in text
    assert "Olu has more than two sessions on one day" in text
    assert "Another room of yours has the same name and meets on the same day." in text


class TestDrafts:
    async def test_a_name_is_enough(self, olu: Browser):
        assert (await olu.posts("/desk/new", do="draft", name="Some day")).headers["location"] == "/desk"
        assert "Some day" in (await olu.gets("/desk")).text

    async def test_every_answer_comes_back_right_or_wrong(self, olu: Browser):
        given = {
            **WEEKLY,
            "name": "Half thought",
            "date": "soon",
            "for_whom": MARKUP + "\nsecond line",
            "times": "many",
            "breaks": "2026-12-22, 2026-12-29",
            "lead": "me",
            "door": "knock",
            "talk": "hands",
            "least_age": "16",
            "admits_work": "1",
            "keeps_catch_up": "0",
            "starter_of": "social",
            "agreement": "One.\nTwo.",
        }
        await olu.posts("/desk/new", do="draft", **given)
        page = Page(await olu.gets(await self.draft(olu, "Half thought")))
        for name, value in {**given, "breaks": "2026-12-22 2026-12-29"}.items():
            assert page.filled(name) == value, name

    async def draft(self, olu: Browser, name: str) -> str:
        page = await olu.gets("/desk")
        before = page.text[: page.text.index(f">{name}</a>")]
        return before[before.rindex("/desk/drafts/") :].removesuffix('"')

    async def test_it_is_saved_over_and_gone_once_the_room_is_made(self, house: House, olu: Browser):
        await olu.posts("/desk/new", do="draft", name="Growing")
        path = await self.draft(olu, "Growing")
        await olu.posts(path, do="draft", **{**WEEKLY, "name": "Grown", "times": ""})
        assert ">Growing</a>" not in (await olu.gets("/desk")).text
        assert await self.draft(olu, "Grown") == path
        assert Page(await olu.posts(path, do="make", **{**WEEKLY, "times": ""})).faults.keys() == {"times"}
        room_id(await olu.posts(path, do="make", **WEEKLY))
        assert (await olu.gets(path)).status_code == 404

    async def test_it_is_thrown_away(self, olu: Browser):
        await olu.posts("/desk/new", do="draft", name="Not after all")
        path = await self.draft(olu, "Not after all")
        assert (await olu.posts(path, do="forget")).headers["location"] == "/desk"
        assert (await olu.gets(path)).status_code == 404

    async def test_nobody_else_finds_it(self, house: House, olu: Browser):
        await olu.posts("/desk/new", do="draft", name="Mine alone")
        path = await self.draft(olu, "Mine alone")
        pat = await house.signed_in("Pat", organiser=True)
        assert (await pat.gets(path)).status_code == 404
        assert (await pat.posts(path, do="forget")).status_code == 404
        assert (await olu.gets(path)).status_code == 200

    async def test_what_cannot_be_kept_is_named(self, olu: Browser):
        for changed, field in (
            ({"name": "x"}, "name"),
            ({"one_line": "x" * 301}, "one_line"),
            ({"agreement": "x\n" * 61}, "agreement"),
        ):
            answer = await olu.posts("/desk/new", do="draft", **{**WEEKLY, **changed})
            page = Page(answer)
            assert (answer.status_code, page.faults.keys()) == (422, {field})
            assert is_marked_wrong(page, field)
