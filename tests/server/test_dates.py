"""A date is changed only as it was shown; whoever waits at its door is told at once; what has begun is left alone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from rooms.live import State
from rooms.records import rota, seasons, sessions
from rooms.records.sessions import Session
from tests.server.browser import Browser, Page
from tests.server.house import START, Evening, House
from tests.server.test_forms import MARKUP, WHOLE_ROOM, is_marked_wrong
from tests.server.test_making import room_id

OpensHouses = Callable[..., Awaitable[House]]


@dataclass
class Season:
    """A room of Olu's with four Wednesdays, and Olu at its desk."""

    house: House
    olu: Browser
    room: str

    async def dates(self) -> list[Session]:
        async with self.house.database.reading() as conn:
            return list(await seasons.of_room(conn, self.room, self.house.clock.now))

    async def path(self, number: int) -> str:
        return f"/desk/rooms/{self.room}/dates/{(await self.dates())[number].id}"

    async def looks(self, number: int, do: str, **fields: str) -> Page:
        answer = await self.olu.posts(await self.path(number), do=do, **fields)
        assert answer.status_code == 200, Page(answer).faults
        return Page(answer)

    async def does(self, number: int, do: str, **fields: str) -> None:
        """Look, and then press the button that stands under what was shown."""
        shown = await self.looks(number, do, **fields)
        form = {
            given["name"] or "": given["value"] or ""
            for _, given in shown.tags
            if given.get("type") == "hidden"
        }
        done = await self.olu.posts(
            await self.path(number), do=do, **{**form, **fields, "seen": form["seen"]}
        )
        assert done.headers.get("location") == f"/desk/rooms/{self.room}", Page(done).faults


@pytest.fixture
async def season(house: House) -> Season:
    olu = await house.signed_in("Olu", organiser=True)
    made = await olu.posts("/desk/new", **{**WHOLE_ROOM, "repeat": "weekly", "times": "4"})
    return Season(house, olu, room_id(made))


def days(dates: list[Session]) -> list[str]:
    return [f"{each.wall:%d.%m. %H:%M}" for each in dates if each.cancelled_at is None]


def text(page: Page) -> str:
    return " ".join("".join(page.texts).split())


MOVED = {"date": "2026-12-10", "start": "20:00", "minutes": "60"}


@pytest.mark.parametrize(
    ("scope", "after"),
    [
        ("this", ["02.12. 19:30", "10.12. 20:00", "16.12. 19:30", "23.12. 19:30"]),
        ("later", ["02.12. 19:30", "10.12. 20:00", "17.12. 20:00", "24.12. 20:00"]),
        ("all", ["03.12. 20:00", "10.12. 20:00", "17.12. 20:00", "24.12. 20:00"]),
    ],
)
async def test_exactly_what_changes_is_shown_and_then_done(season: Season, scope: str, after: list[str]):
    before = await season.dates()
    shown = text(await season.looks(1, "move", scope=scope, **MOVED))
    changing = {"this": before[1:2], "later": before[1:], "all": before}[scope]
    for each in before:
        said = f"{each.wall:%A} {each.wall.day} December 2026, 7:30 pm, for 60 minutes"
        assert (said in shown) == (each in changing), said
    assert "Thursday 10 December 2026, 8:00 pm, for 60 minutes" in shown
    assert days(await season.dates()) == days(before), "it was only looked at"
    await season.does(1, "move", scope=scope, **MOVED)
    assert days(await season.dates()) == after
    assert [each.id for each in await season.dates()] == [each.id for each in before]


async def test_a_longer_session_is_a_change_too(season: Season):
    await season.does(0, "move", scope="all", date="2026-12-02", start="19:30", minutes="90")
    assert {each.minutes for each in await season.dates()} == {90}


async def test_what_another_organiser_changed_meanwhile_is_shown_again(season: Season):
    shown = await season.looks(1, "move", scope="later", **MOVED)
    seen = shown.filled("seen")
    await season.does(2, "off", scope="this", reason="holiday")
    answer = await season.olu.posts(await season.path(1), do="move", seen=seen, scope="later", **MOVED)
    assert "The dates have changed since you looked." in answer.text
    assert Page(answer).filled("start") == "20:00", "nothing typed is lost"
    assert "09.12. 19:30" in days(await season.dates())


WRONG = [
    ("move", {"date": "soon"}, "date", "Please give a date"),
    ("move", {"start": "late"}, "start", "Please give a time"),
    ("move", {"minutes": "9"}, "minutes", "Please give a length"),
    ("move", {"scope": "none"}, "scope", "Please choose which dates"),
    ("move", {"date": "2026-11-20"}, "start", "That is in the past"),
    ("move", {"date": "9999-01-01"}, "date", "Please give a date"),
    ("move", {"date": "2026-12-09", "start": "19:30"}, "date", "That is how it is already"),
    ("off", {"reason": ""}, "reason", "Please choose a reason"),
    ("off", {"reason": "moved"}, "reason", "Please choose a reason"),
    ("off", {"reason": "other", "alternative": "x" * 141}, "alternative", "Please keep it to 140"),
    ("rota", {"lead": "nobody"}, "lead", "Please choose somebody"),
    ("lead", {"lead": "nobody"}, "lead", "They are not in the room"),
    ("back", {}, "scope", "It has begun"),
]


@pytest.mark.parametrize(("do", "changed", "field", "fault"), WRONG)
async def test_what_does_not_fit_comes_back_with_the_fault_beside_it(
    season: Season, do, changed, field, fault
):
    given = {**MOVED, "scope": "this", "alternative": MARKUP, **changed}
    answer = await season.olu.posts(await season.path(1), do=do, **given)
    page = Page(answer)
    assert (answer.status_code, f"#field-{field}" in page.attributes("href")) == (422, True)
    assert fault in text(page)
    assert "<script>alert" not in answer.text
    assert f"field-{field}" in page.attributes("id")
    if field not in {"scope", "lead"} and do != "back":
        assert is_marked_wrong(page, field)
    assert len(days(await season.dates())) == 4


async def test_hours_that_the_clocks_leave_open_are_asked_about(season: Season):
    given = {"date": "2027-03-28", "start": "01:30", "minutes": "60", "scope": "this"}
    asked = await season.olu.posts(await season.path(3), do="move", **given)
    assert asked.status_code == 422
    assert "there is no such time" in asked.text
    await season.does(3, "move", **given, **{"settled-2027-03-28T01:30:00": "later"})
    assert (await season.dates())[3].starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


async def test_called_off_with_a_reason_and_something_else_to_do(season: Season):
    await season.does(
        1, "off", scope="this", reason="facilitator_away", alternative="Come to the drop-in & tea."
    )
    called_off = (await season.dates())[1]
    stranger = season.house.browser()
    door = text(Page(await stranger.gets(f"/door/{called_off.id}")))
    assert "A facilitator cannot be there." in door
    assert "Come to the drop-in & tea." in door
    assert "Wednesday 2 December" in door, "when we meet next"
    desk = text(Page(await season.olu.gets(await season.path(1))))
    assert "Come to the drop-in & tea." in desk
    assert "It takes place after all" in desk
    await season.does(1, "back", scope="this")
    assert len(days(await season.dates())) == 4


async def test_all_that_are_left_are_called_off_and_taken_back_together(season: Season):
    await season.does(2, "off", scope="all", reason="other")
    assert days(await season.dates()) == []
    await season.does(0, "back", scope="later")
    assert len(days(await season.dates())) == 4


async def test_who_looks_after_later_dates_is_put_down(season: Season):
    evening = await season.house.evening()
    ana = await evening.has_facilitator("Ana")
    olu = await season.house.account("Olu")
    for changed in ({"lead": olu.id, "second": olu.id}, {"second": "me"}):
        answer = await season.olu.posts(await season.path(1), do="rota", scope="later", **changed)
        assert Page(answer).faults.keys() == {"second"}
    done = await season.olu.posts(await season.path(1), do="rota", scope="later", lead=ana.id, second=olu.id)
    assert done.status_code == 303
    dates = await season.dates()
    async with season.house.database.reading() as conn:
        parts = await rota.of_sessions(conn, [each.id for each in dates])
    assert [set(parts.get(each.id, {})) for each in dates] == [set(), *[{"lead", "second"}] * 3]
    assert Page(await season.olu.gets(await season.path(1))).filled("lead") == ana.id
    await season.olu.posts(await season.path(1), do="rota", scope="this", lead="")
    async with season.house.database.reading() as conn:
        parts = await rota.of_sessions(conn, [each.id for each in dates])
    assert set(parts[dates[1].id]) == {"second"}, "what was not asked stays as it was"


# At the door


async def desk_of(evening: Evening) -> tuple[Browser, str]:
    olu = await evening.house.signed_in("Olu", organiser=True)
    return olu, f"/desk/rooms/{evening.room.id}/dates/{evening.session.id}"


async def does(olu: Browser, path: str, do: str, **fields: str):
    shown = Page(await olu.posts(path, do=do, **fields))
    return await olu.posts(path, do=do, **{**fields, "seen": shown.filled("seen")})


async def test_people_at_the_door_of_a_session_that_is_called_off_are_told_at_once(
    another_house: OpensHouses,
):
    house = await another_house()
    evening = await house.evening(starts=START + timedelta(minutes=10))
    ben = await evening.visits("Ben")
    olu, path = await desk_of(evening)
    done = await does(
        olu, path, "off", scope="this", reason="facilitator_away", alternative="Next week as ever."
    )
    assert done.status_code == 303
    told = await ben.sees("called_off")
    assert told["why"] == "cancelled"
    assert evening.host.room.state is State.CANCELLED
    await house.passes(10)
    door = text(Page(await ben.browser.gets(evening.door_path)))
    assert "Next week as ever." in door
    async with house.database.reading() as conn:
        session = await sessions.find(conn, evening.session.id)
    assert session
    assert (session.reason, session.sequence) == ("facilitator_away", 1), "it is written down once"


async def test_people_at_the_door_of_a_session_that_moves_are_told_and_led_to_the_new_date(
    another_house: OpensHouses,
):
    house = await another_house()
    evening = await house.evening(starts=START + timedelta(minutes=10))
    ben = await evening.visits("Ben")
    olu, path = await desk_of(evening)
    moved = {"scope": "this", "date": "2026-11-26", "start": "21:00", "minutes": "60"}
    assert (await does(olu, path, "move", **moved)).status_code == 303
    assert (await ben.sees("called_off"))["why"] == "moved"
    door = text(Page(await ben.browser.gets(evening.door_path)))
    assert "This session has another date now" in door
    assert "9 pm UTC" in door
    async with house.database.reading() as conn:
        old, new = await seasons.of_room(conn, evening.room.id, house.clock.now)
    assert (old.id, old.reason) == (evening.session.id, "moved")
    await house.passes(minutes=80)
    await ben.browser.gets(evening.join_path)
    entered = await ben.browser.posts(f"/door/{new.id}", name="Ben", how="come_in")
    assert entered.headers["location"] == f"/live/{new.id}"


async def test_what_has_begun_cannot_be_changed_but_somebody_else_can_lead(another_house: OpensHouses):
    house = await another_house()
    # Facilitators may begin before the hour.
    evening = await house.evening(starts=START + timedelta(minutes=5))
    ana, jo = await evening.facilitates("Ana"), await evening.facilitates("Jo")
    await ana.starts()
    olu, path = await desk_of(evening)
    moved = {"scope": "this", "date": "2026-11-26", "start": "21:00", "minutes": "60"}
    for do, fields in (("off", {"scope": "this", "reason": "other"}), ("move", moved)):
        answer = await does(olu, path, do, **fields)
        assert answer.status_code == 422
        assert "It has begun, so its date cannot be changed any more." in answer.text
    async with house.database.reading() as conn:
        assert await seasons.of_room(conn, evening.room.id, house.clock.now) == (evening.session,)
    await ana.says("we go on")
    await jo.hears("we go on", frm="Ana")
    page = Page(await olu.gets(path))
    assert [given["value"] for tag, given in page.tags if tag == "option"] == [jo.seat]
    assert "we go on" not in text(page)
    assert (await olu.posts(path, do="lead", lead=jo.seat)).headers["location"] == path
    await jo.sees("lead_passed")
    assert evening.host.room.controls.lead == jo.seat


# A break, and more dates


async def test_a_break_calls_off_what_lies_in_it_and_can_be_taken_back(season: Season):
    path = f"/desk/rooms/{season.room}/break"
    given = {"first": "2026-12-09", "last": "2026-12-16", "alternative": "Rest well."}
    shown = Page(await season.olu.posts(path, do="off", **given))
    assert "2 dates will not take place" in text(shown)
    assert len(days(await season.dates())) == 4
    await season.olu.posts(path, do="off", seen=shown.filled("seen"), **given)
    assert days(await season.dates()) == ["02.12. 19:30", "23.12. 19:30"]
    away = text(Page(await season.olu.gets(path)))
    assert "Wednesday 9 December 2026" in away
    assert (await season.olu.posts(path, do="back")).status_code == 303
    assert len(days(await season.dates())) == 4


WRONG_BREAKS = [
    ({"first": ""}, "first", "Please give a date"),
    ({"last": "9999-12-31"}, "last", "Please give a date"),
    ({"last": "2026-12-08"}, "last", "That is before the first day"),
    ({"first": "2026-12-10", "last": "2026-12-15"}, "first", "There is no date in that time"),
    ({"alternative": "x" * 141}, "alternative", "Please keep it to 140"),
]


@pytest.mark.parametrize(("changed", "field", "fault"), WRONG_BREAKS)
async def test_a_break_that_does_not_fit(season: Season, changed, field, fault):
    given = {"first": "2026-12-09", "last": "2026-12-16", "alternative": MARKUP, **changed}
    answer = await season.olu.posts(f"/desk/rooms/{season.room}/break", do="off", **given)
    page = Page(answer)
    assert (answer.status_code, page.faults.keys()) == (422, {field})
    assert page.faults[field].startswith(fault)
    assert is_marked_wrong(page, field)
    for name, value in given.items():
        assert page.filled(name) == value


async def test_a_break_that_was_shown_otherwise_is_shown_again(season: Season):
    given = {"first": "2026-12-01", "last": "2026-12-30", "do": "off"}
    path = f"/desk/rooms/{season.room}/break"
    seen = Page(await season.olu.posts(path, **given)).filled("seen")
    await season.does(0, "off", scope="this", reason="other")
    again = await season.olu.posts(path, seen=seen, **given)
    assert "The dates have changed since you looked." in again.text
    assert len(days(await season.dates())) == 3


async def test_more_dates_are_shown_and_planned(season: Season):
    path = f"/desk/rooms/{season.room}/dates"
    given = {
        "date": "2027-01-06", "start": "19:30", "minutes": "60", "zone": "Europe/London",
        "repeat": "fortnightly", "times": "3",
    }  # fmt: skip
    assert Page(await season.olu.gets(path)).filled("minutes") == "60"
    shown = await season.olu.posts(path, do="look", **given)
    assert "This makes 3 dates" in shown.text
    assert Page(await season.olu.posts(path, **{**given, "times": ""})).faults.keys() == {"times"}
    assert (await season.olu.posts(path, do="plan", **given)).status_code == 303
    assert days(await season.dates())[4:] == ["06.01. 19:30", "20.01. 19:30", "03.02. 19:30"]


async def test_one_that_was_held_and_made_longer_is_on_for_as_long_as_its_room_is(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening(listed=True)
    ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
    await ana.starts()
    await ana.is_cut_off()
    for _ in range(2):
        await house.passes(50)
    await ben.sees("held")
    await house.passes(minutes=8)
    await ana.comes_back()
    await ana.asks("resume")
    for _ in range(2):
        await ana.asks("extend")
        await ben.sees("extended")
    await house.passes(minutes=75)
    assert house.clock.now > evening.session.ends_at + timedelta(minutes=20)
    assert (await ben.browser.gets(evening.live_path)).status_code == 200
    assert (await ben.browser.gets(evening.door_path)).headers["location"] == evening.live_path
    await evening.comes_to_the_door()
    olu, path = await desk_of(evening)
    for page in ("/", "/desk", f"/desk/rooms/{evening.room.id}", path):
        assert "On now" in text(Page(await olu.gets(page))), page
    await house.passes(minutes=5)
    await ben.sees("ended")
    assert "On now" not in text(Page(await olu.gets("/")))


async def test_one_that_nobody_closed_is_over_once_it_cannot_be_on_any_more(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening(listed=True)
    browser = house.browser()
    house.home.house._keepers[0].cancel()  # no engine answers: nobody opens a room, nor closes a session
    house.clock.at += 79 * 60
    assert "The door is open." in text(Page(await browser.gets("/")))
    house.clock.at += 60
    assert "Over" in text(Page(await browser.gets("/")))
    assert "This session has ended" in text(Page(await browser.gets(evening.door_path)))
