"""The records are away for a while: locked, on a full disk, starting anew. Nothing typed is lost, nothing is half written.

Each of the organiser's forms that somebody sits at for long is sent meanwhile, and sent again, as a browser would, from
what the page of that no holds. The harm is real: another process holds SQLite's lock, SQLite finds no page for another row,
a Postgres is stopped and started.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import event, select

from rooms.records import sessions, tables
from rooms.records.database import Database, open_database
from tests.engines.servers import Server
from tests.records.postgres import Postgres, emptied, postgres_is_installed, stoppable_postgres
from tests.server.browser import Browser, Page
from tests.server.house import KEY, START, Evening, House
from tests.server.test_dates import text
from tests.server.test_editing import GIVEN
from tests.server.test_forms import MARKUP, WHOLE_ROOM
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
Harm = Callable[[], AbstractAsyncContextManager[None]]
Form = Callable[["Desk"], Awaitable[tuple[str, dict[str, str]]]]
LINES = "\n".join(f"{number}. Be kind. {'x' * 280}" for number in range(1, 31))
LONG = {"one_line": "語" * 140, "for_whom": "語" * 300, "also_welcome": "語" * 300}
NOT_SAVED = "It is not saved yet"
# What a database does by itself while somebody signs in or looks at a page, and which no form is about.
BESIDES = {"sign_ins", "links"}


async def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    async with database.reading() as conn:
        return {
            table.name: sorted((tuple(row) for row in await conn.execute(select(table))), key=repr)
            for table in tables.metadata.sorted_tables
            if table.name not in BESIDES
        }


# The harm


@asynccontextmanager
async def locked(house: House) -> AsyncIterator[None]:
    """By a process that is none of ours."""
    code = (
        "import sqlite3, sys; held = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "held.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()"
    )
    path = house.settings.database_url.removeprefix("sqlite:///")
    holder = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        path,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout
    assert await holder.stdout.readline() == b"locked\n"
    try:
        # Nobody learns more from a test that waits five seconds for each form.
        with every_connection(house, "busy_timeout=50", afterwards="busy_timeout=5000"):
            yield
    finally:
        await holder.communicate(b"")


@asynccontextmanager
async def full(house: House) -> AsyncIterator[None]:
    """No page more than there are, and none of them free: what SQLite says then, it says of a full disk."""
    async with house.database.writing() as conn:
        assert (await conn.exec_driver_sql("PRAGMA freelist_count")).scalar() == 0
    with every_connection(house, "max_page_count=1", afterwards="max_page_count=1073741823"):
        yield


@contextmanager
def every_connection(house: House, pragma: str, *, afterwards: str) -> Iterator[None]:
    """Each one is set before it is used, for as long as this house stands."""
    setting = pragma

    def before_use(connection: Any, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    event.listen(house.database._writer.sync_engine, "checkout", before_use)
    yield
    setting = afterwards


@pytest.fixture(scope="module")
async def postgres() -> AsyncIterator[Postgres]:
    if not postgres_is_installed():
        pytest.skip("NOT RUN ON POSTGRES: neither initdb nor postgres is installed here")
    with stoppable_postgres() as server:
        database = open_database(server.url)
        await database.migrate()
        await database.close()
        yield server


@pytest.fixture
async def on_postgres(postgres: Postgres) -> AsyncIterator[House]:
    database = open_database(postgres.url)
    async with database.writing() as conn:
        await conn.exec_driver_sql(emptied())
    await database.close()
    house = House(postgres.url, "", (KEY,), 5.0)
    await house.opens()
    yield house
    await house.closes()


@asynccontextmanager
async def stopped(postgres: Postgres) -> AsyncIterator[None]:
    await asyncio.to_thread(postgres.stops)
    try:
        yield
    finally:
        await asyncio.to_thread(postgres.starts)


# The forms


class Desk:
    """Olu's, with a room that has a season of 26 Wednesdays."""

    def __init__(self, house: House, olu: Browser, room: str) -> None:
        self.house = house
        self.olu = olu
        self.room = room

    @classmethod
    async def of(cls, house: House) -> "Desk":
        olu = await house.signed_in("Olu", organiser=True)
        made = await olu.posts("/desk/new", **{**WHOLE_ROOM, "repeat": "weekly", "times": "26"})
        # Beside which there is no place on SQLite's page for much more to be said of the first.
        long = {"name": "Another room", **LONG}
        assert (await olu.posts("/desk/new", **{**WHOLE_ROOM, **long})).status_code == 303
        return cls(house, olu, made.headers["location"])

    async def _with(self, path: str, names: tuple[str, ...], fields: dict[str, str]):
        page = Page(await self.olu.gets(path))
        return path, {**fields, **{name: page.filled(name) for name in names}}

    async def new_room(self):
        season = {"repeat": "weekly", "times": "26", "for_whom": f"anyone {MARKUP}\nat all"}
        return await self._with(
            "/desk/new", ("once",), {**WHOLE_ROOM, **season, "agreement": LINES, "do": "make"}
        )

    async def draft(self):
        return await self._with(
            "/desk/new", ("once",), {"name": "Some day", "agreement": LINES, "do": "draft"}
        )

    async def new_season(self):
        when = {name: WHOLE_ROOM[name] for name in ("start", "minutes", "zone", "until", "breaks")}
        season = {**when, "date": "2027-09-01", "repeat": "weekly", "times": "52", "do": "plan"}
        return await self._with(f"{self.room}/dates", ("once",), season)

    async def edited_session(self):
        """Called off for good reasons, with what to do instead, after a look at what that changes."""
        async with self.house.database.reading() as conn:
            first = await sessions.next_of(conn, self.room.rpartition("/")[2], self.house.clock.now)
        assert first
        path = f"{self.room}/dates/{first.id}"
        off = {
            "scope": "all",
            "reason": "other",
            "alternative": f"Come to the café. {'x' * 120}",
            "do": "off",
        }
        shown = Page(await self.olu.posts(path, **off))
        return path, {**off, "seen": shown.filled("seen")}

    async def look_at_a_session(self):
        path, fields = await self.edited_session()
        return path, {name: value for name, value in fields.items() if name != "seen"}

    async def description(self):
        path = f"{self.room}/edit"
        return await self._with(path, ("version",), {**GIVEN, **LONG})

    async def agreement(self):
        return await self._with(f"{self.room}/agreement", ("version",), {"agreement": LINES, "do": "publish"})

    async def charter(self):
        return await self._with("/desk/charter", ("version",), {"lines": LINES, "do": "publish"})

    async def signposts(self):
        rows = {
            f"{name}-{number}": f"{name} {number} {'語' * 40}"
            for number in range(1, 13)
            for name in ("name", "contact", "hours", "cost")
        }
        return await self._with("/desk/signposts", ("known",), rows)


# In the order in which none changes what another was opened with: dates that are called off are those that were seen.
FORMS = [
    Desk.edited_session,
    Desk.new_season,
    Desk.new_room,
    Desk.draft,
    Desk.description,
    Desk.agreement,
    Desk.charter,
    Desk.signposts,
]


def holds(page: Page, fields: dict[str, str]) -> None:
    """All that was typed or chosen, in fields that would be sent again; the button is one, or is there to be pressed."""
    for name, value in fields.items():
        if name != "do" or "do" in page.values:
            assert page.filled(name).replace("\r\n", "\n") == value, name
    assert any(tag == "form" and given.get("method") == "post" for tag, given in page.tags)


async def each_is_kept_whole_and_carried_out_once(
    desk: Desk, harm: Harm, *, seen_meanwhile: bool = True
) -> None:
    """All of them stand open in tabs of their own, and are sent while the records are away, and afterwards."""
    database = desk.house.database
    forms = {form.__name__: await form(desk) for form in FORMS}
    before = await everything(database)
    async with harm():
        answers = {name: await desk.olu.posts(path, **fields) for name, (path, fields) in forms.items()}
        if seen_meanwhile:
            assert await everything(database) == before, "something is written"
    assert await everything(database) == before, "something is written"
    for name, (path, fields) in forms.items():
        page = is_kept_whole(name, answers[name], fields)
        # What the page holds is what a browser sends from it.
        again = {"do": fields.get("do", ""), **page.values}
        again.pop("back", None)
        await is_carried_out_once(name, desk, path, again)


def is_kept_whole(name: str, answer: httpx2.Response, fields: dict[str, str]) -> Page:
    assert answer.status_code == 503, name
    assert answer.headers["retry-after"] == "30", name
    assert answer.headers["cache-control"] == "no-store", name
    page = Page(answer)
    assert NOT_SAVED in text(page), name
    assert "<script>alert" not in answer.text, name
    holds(page, fields)
    return page


async def is_carried_out_once(name: str, desk: Desk, path: str, fields: dict[str, str]) -> None:
    database = desk.house.database
    before = await everything(database)
    done = await desk.olu.posts(path, **fields)
    assert done.status_code == 303, (name, Page(done).faults)
    after = await everything(database)
    assert after != before, name
    # The answer to that was lost on its way, so they send it once more.
    await desk.olu.posts(path, **fields)
    assert await everything(database) == after, f"{name} is carried out twice"


@pytest.mark.parametrize("harm", [locked, full], ids=["locked", "full"])
async def test_forms_are_kept_whole_while_sqlite_cannot_be_written(own_house: House, harm: Any):
    await each_is_kept_whole_and_carried_out_once(await Desk.of(own_house), lambda: harm(own_house))


async def test_forms_are_kept_whole_while_postgres_starts_anew(on_postgres: House, postgres: Postgres):
    desk = await Desk.of(on_postgres)
    await each_is_kept_whole_and_carried_out_once(desk, lambda: stopped(postgres), seen_meanwhile=False)


async def test_what_is_only_looked_at_first_is_kept_too(own_house: House):
    desk = await Desk.of(own_house)
    path, fields = await desk.look_at_a_session()
    async with locked(own_house):
        page = Page(await desk.olu.posts(path, **fields))
    assert NOT_SAVED in text(page)
    holds(page, fields)
    assert "Show what is called off" in text(page), "it is the page that they came from"


async def test_on_the_page_they_came_from_it_stands_once_more_with_what_is_to_be_done(own_house: House):
    desk = await Desk.of(own_house)
    path, fields = await desk.new_room()
    async with locked(own_house):
        page = Page(await desk.olu.posts(path, **fields))
    assert "Five questions." in text(page)
    assert "press the same button again" in text(page)
    assert page.filled("for_whom") == f"anyone {MARKUP}\nat all"


async def test_where_nothing_can_be_read_what_they_wrote_can_be_read_on_the_page(
    on_postgres: House, postgres: Postgres
):
    desk = await Desk.of(on_postgres)
    path, fields = await desk.new_room()
    async with stopped(postgres):
        answer = await desk.olu.posts(path, **fields)
        page = Page(answer)
        assert "30. Be kind." in text(page)
        assert "all here, on this page and nowhere else" in text(page)
        # A page, and a form in which there is a password: nothing of it comes back.
        looked = await desk.olu.gets("/desk")
        assert (looked.status_code, looked.headers["retry-after"]) == (503, "30")
        assert "We cannot answer just now" in looked.text
        tried = await on_postgres.browser().posts(
            "/sign-in", sign_in_name="Olu", password="kettle window bicycle"
        )
        assert tried.status_code == 503
        changed = await desk.olu.posts("/desk/account", do="password", new="kettle window bicycle")
        assert changed.status_code == 503
        assert "kettle" not in tried.text + changed.text
        # Nor of what is no form of ours.
        strange = await desk.olu.http.post(
            "/desk/new", content=b"--x", headers={"content-type": "multipart/form-data; boundary=x"}
        )
        assert strange.status_code in {403, 503}
    assert (await desk.olu.gets("/desk")).status_code == 200


async def test_the_same_form_pressed_twice_makes_one_room_and_another_one_another(own_house: House):
    desk = await Desk.of(own_house)
    path, fields = await desk.new_room()
    first, second = await asyncio.gather(*(desk.olu.posts(path, **fields) for _ in range(2)))
    assert first.headers["location"] == second.headers["location"]
    other = await desk.olu.posts(path, **{**fields, "name": "Wednesday, again"})
    assert other.headers["location"] != first.headers["location"]
    # Whoever else sends the same does not come upon a room that is not theirs.
    pat = await own_house.signed_in("Pat", organiser=True)
    theirs = await pat.posts(path, **fields)
    assert theirs.headers["location"] != first.headers["location"]
    assert (await pat.gets(theirs.headers["location"])).status_code == 200


async def test_a_draft_that_became_a_room_is_not_asked_for_in_vain(own_house: House):
    desk = await Desk.of(own_house)
    path, fields = await desk.draft()
    await desk.olu.posts(path, **fields)
    [draft] = [href for href in Page(await desk.olu.gets("/desk")).attributes("href") if "/drafts/" in href]
    _, whole = await desk.new_room()
    made = await desk.olu.posts(draft, **whole)
    assert made.headers["location"].startswith("/desk/rooms/")
    # The answer was lost.
    assert (await desk.olu.posts(draft, **whole)).headers["location"] == made.headers["location"]
    assert (await desk.olu.posts(draft, **{**whole, "name": "Another"})).status_code == 404


async def test_who_looks_at_their_desk_is_not_turned_away_because_it_cannot_be_written_that_they_did(
    own_house: House,
):
    desk = await Desk.of(own_house)
    own_house.clock.at += 61
    async with locked(own_house):
        assert (await desk.olu.gets("/desk")).status_code == 200


async def test_a_room_that_is_on_carries_words_while_the_records_are_locked_and_its_end_is_written_later(
    own_evening: Evening,
):
    house = own_evening.house
    ana, ben = await own_evening.facilitates("Ana"), await own_evening.visits("Ben")
    await ana.starts()
    async with locked(house):
        await ben.says("Is anybody there?")
        for each in (ana, ben):
            await each.hears("Is anybody there?", frm="Ben")
        chi = await own_evening.visits("Chi")
        await ana.says("All of us are.")
        for each in (ben, chi):
            await each.hears("All of us are.", frm="Ana")
        await house.passes(3)
        await ana.ends()
        await ben.sees_that("room", state="ended")
        await house.passes(1)
        assert await outcome(own_evening) is None, "it cannot be written"
    await house.passes(1)
    assert await outcome(own_evening) == "held"


async def test_a_facilitator_whose_sign_in_cannot_be_read_is_asked_to_come_back_and_can(
    on_postgres: House, postgres: Postgres
):
    evening = await on_postgres.evening()
    ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
    await ana.starts()
    async with stopped(postgres):
        await ben.says("Still here?")
        await ana.hears("Still here?", frm="Ben")
        again = Visitor(ana.browser, evening.live_path, "Ana")
        await again.opens()
        await again.is_closed(1013)
    back = Visitor(ana.browser, evening.live_path, "Ana")
    await back.connects()


async def outcome(evening: Evening) -> str | None:
    async with evening.house.database.reading() as conn:
        session = await sessions.find(conn, evening.session.id)
    assert session
    return session.outcome


async def test_a_session_that_cannot_be_called_off_because_its_room_cannot_be_told_is_not_called_off_by_half(
    another_house: OpensHouses, redis: Server
):
    house = await another_house(redis_url=redis.url)
    evening = await house.evening(starts=START + timedelta(minutes=10))
    ben = await evening.visits("Ben")
    olu = await house.signed_in("Olu", organiser=True)
    path = f"/desk/rooms/{evening.room.id}/dates/{evening.session.id}"
    off = {"scope": "this", "reason": "other", "alternative": "Come to the café.", "do": "off"}
    shown = Page(await olu.posts(path, **off))
    fields = {**off, "seen": shown.filled("seen")}
    before = await everything(house.database)
    redis.freeze()
    try:
        answer = await olu.posts(path, **fields)
    finally:
        redis.thaw()
    page = Page(answer)
    assert (answer.status_code, NOT_SAVED in text(page)) == (503, True)
    holds(page, fields)
    assert await everything(house.database) == before
    await hears_again(house)
    done = await olu.posts(path, **page.values)
    assert done.status_code == 303, Page(done).faults
    await ben.sees_that("room", state="cancelled")


async def test_why_it_was_called_off_is_kept_though_the_house_wrote_that_it_was_before_the_desk_could(
    own_house: House,
):
    """Its room was told, and the records could not be; then the house found it so."""
    desk = await Desk.of(own_house)
    path, off = await desk.edited_session()
    off = {**off, "scope": "this"}
    shown = Page(await desk.olu.posts(path, **{**off, "seen": ""}))
    session_id = path.rpartition("/")[2]
    async with own_house.database.writing() as conn:
        await sessions.cancel(conn, session_id, own_house.clock.now)
    done = await desk.olu.posts(path, **{**off, "seen": shown.filled("seen")})
    assert done.status_code == 303, Page(done).faults
    async with own_house.database.reading() as conn:
        session = await sessions.find(conn, session_id)
    assert session
    assert (session.reason, session.alternative) == (off["reason"], off["alternative"])
    # Whoever comes to one that was called off with its reasons changes nothing by asking again.
    again = await desk.olu.posts(path, **{**off, "alternative": "", "seen": shown.filled("seen")})
    assert again.status_code == 422


async def test_nobody_is_taken_off_a_room_by_half_because_it_cannot_be_told(
    another_house: OpensHouses, redis: Server
):
    """The records would say that they are gone, and the room that they are not."""
    house = await another_house(redis_url=redis.url)
    evening = await house.evening()
    account = await evening.has_facilitator("Ana")
    ana = await evening.facilitates("Ana")
    await ana.starts()
    olu = await house.signed_in("Olu", organiser=True)
    path = f"/desk/rooms/{evening.room.id}/people"
    before = await everything(house.database)
    redis.freeze()
    try:
        answer = await olu.posts(path, do="off", account=account.id)
    finally:
        redis.thaw()
    assert answer.status_code == 503
    assert await everything(house.database) == before
    await hears_again(house)
    assert (await olu.posts(path, **Page(answer).values)).status_code == 303
    await ana.is_closed(4004)
    assert await everything(house.database) != before


@pytest.mark.parametrize("line", ["", "yes"])
async def test_who_is_at_the_door_of_a_room_that_cannot_be_reached_keeps_their_name_and_comes_in_later(
    another_house: OpensHouses, redis: Server, line
):
    house = await another_house(redis_url=redis.url)
    evening = await house.evening()
    browser = await evening.comes_to_the_door()
    fields = {"name": "Robin of the Hood", "how": "listen", **({"line": line} if line else {})}
    redis.freeze()
    try:
        answer = await browser.posts(evening.door_path, **fields)
    finally:
        redis.thaw()
    page = Page(answer)
    assert (answer.status_code, NOT_SAVED in text(page)) == (503, True)
    assert page.filled("name") == fields["name"]
    await hears_again(house)
    done = await browser.posts(evening.door_path, **{**fields, **page.values})
    assert done.headers["location"] == evening.live_path
    names = [seat.name for seat in evening.host.room.controls.seats.values()]
    assert names == [fields["name"]]


async def hears_again(house: House) -> None:
    async with asyncio.timeout(30):
        while not house.home.house.ready:  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.05)
