"""A14, the subpoena drill: after a week of evenings, all that anybody could be given about one person is what we say it is.

Taken are the database with its log beside it, a backup, everything that was logged, and all that Redis gives away. Looked for
is everything that the drill knows of its people. What is published stands in docs/promises.md, and is read from there.
"""

import base64
import io
import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from rooms.records import (
    addresses,
    authenticators,
    counts,
    drafts,
    notices,
    passes,
    passkeys,
    rota,
    sessions,
    tables,
)
from rooms.records.sessions import Session
from server import passwords
from tests.engines.servers import Server
from tests.server.house import START, Evening, House
from tests.server.test_command_line import KEY, in_this_process
from tests.server.test_nothing_kept import log  # noqa: F401  the same ear, at everything
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
PROMISES = Path(__file__).parents[2] / "docs" / "promises.md"
DAYS = 7
Columns = set[str]


def published() -> dict[str, Columns]:
    """By whom it is about: the columns that we say hold something about them."""
    table = PROMISES.read_text("utf-8").partition("<!-- about:")[2].partition("\n\n")[0]
    found: dict[str, Columns] = {}
    for whom, where in re.findall(r"^\| (an? [^|]+?) \| [^|]+ \|([^|]*)\|", table, re.MULTILINE):
        found.setdefault(whom, set()).update(re.findall(r"`(\w+\.\w+)`", where))
    return found


# Every other column there is, and about nobody: of a room, of a date, of the organisation.
ABOUT_NOBODY = {
    "agreements": "room_id version position line made_at",
    "answered_challenges": "challenge_hash void_at",
    "charters": "version position line made_at",
    "counts": "session_id band",
    "labels": "id facilitator",
    "notices": "session_id what at",
    "old_links": "token room_id until",
    "organisation": "id feed_token",
    "personal_links": "room_id",
    "room_words": "room_id word",
    "rooms": "id name purpose one_line for_whom also_welcome zone minutes seats listed keeps_catch_up door talk least_age "
    "admits_work keeps_counts join_token code feed_token is_closed version link_replaced_at",
    "series": "id room_id repeat",
    "sessions": "id room_id starts_at ends_at wall zone minutes wait_minutes starts_itself cancelled_at outcome closed_at "
    "series_id sequence changed_at reason alternative",
    "slip_keys": "session_id sealed void_at",
    "signposts": "position name contact hours cost checked_at",
    "tombstones": "token_hash deleted_at",
}


def test_a14_every_column_is_published_or_known_to_be_about_nobody():
    about_somebody = set.union(*published().values())
    about_nobody = {
        f"{table}.{column}" for table, columns in ABOUT_NOBODY.items() for column in columns.split()
    }
    every = {
        f"{table.name}.{column.name}" for table in tables.metadata.tables.values() for column in table.columns
    }
    assert about_somebody | about_nobody == every
    assert not about_somebody & about_nobody
    leads_to_somebody = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.tables.values()
        for column in table.columns
        if any(key.column.table is tables.accounts for key in column.foreign_keys)
    }
    assert leads_to_somebody <= about_somebody


def test_a14_of_a_member_nothing_is_published_for_there_is_nothing():
    assert published()["a member"] == set()


def shapes(word: str) -> set[bytes]:
    """As it may stand in a dump: itself, a part of it where it is cut off, and in the usual disguises."""
    plain = word.encode()
    made = {plain, plain[:12], plain[-12:], plain[::-1], plain.hex().encode(), word.encode("utf-16-le")}
    # What stands before it moves it within the letters; the ends depend on its neighbours.
    return made | {base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)}


class Taken:
    """A database as whoever seized it reads it: by its tables, and nothing of ours to help."""

    def __init__(self, file: Path) -> None:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            opened.row_factory = sqlite3.Row
            names = [
                name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            self.rows = {
                name: [dict(row) for row in opened.execute(f'SELECT * FROM "{name}"')] for name in names
            }
            self.keys = {
                name: {
                    row["from"]: (row["table"], row["to"])
                    for row in opened.execute(f'PRAGMA foreign_key_list("{name}")')
                }
                for name in names
            }

    def where(self, *known: str) -> Columns:
        """Every column in which one of these stands, whole or within something longer."""
        return {
            f"{table}.{column}"
            for table, rows in self.rows.items()
            for row in rows
            for column, value in row.items()
            if any(each in str(value) for each in known)
        }

    def about(self, account: str) -> Columns:
        """All that hangs on one account: its row, the rows that point at it, and the rows that hang on those."""
        found: Columns = set()
        due = [("accounts", row) for row in self.rows["accounts"] if row["id"] == account]
        seen: list[tuple[str, dict[str, object]]] = []
        while due:
            table, row = due.pop()
            if (table, row) in seen:
                continue
            seen.append((table, row))
            if table == "rooms":
                # What a room is, is published as what it is; that it is theirs is about them.
                found.add("rooms.organiser_id")
                continue
            found |= {f"{table}.{column}" for column, value in row.items() if value is not None}
            for other, keys in self.keys.items():
                for column, (target, to) in keys.items():
                    if target == table:
                        due += [(other, each) for each in self.rows[other] if each[column] == row[to]]
        return found


class Week:
    """What the drill knows of its people, to be looked for afterwards."""

    def __init__(self) -> None:
        self.member: set[str] = set()
        self.facilitator: set[str] = set()

    def knows(self, ben: Visitor, *said: str) -> None:
        seat_cookies = [value for name, value in ben.browser.cookies.items() if "seat" in name]
        self.member |= {ben.seat, *seat_cookies, *said}


async def an_evening(evening: Evening, day: int, week: Week) -> None:
    """Ana looks after it; Ben says everything that one can say, and comes under another name every time."""
    ana = await evening.facilitates("Ana Andrews", by_link=True)
    await ana.starts()
    name = f"Benedict{day}"
    ben, chi = await evening.visits(name), await evening.visits("Chi")
    for who in (ana, ben):
        assert (await who.browser.gets(evening.live_path)).status_code == 200
    ben.browser.http.headers["user-agent"] = "zq-browser-of-ben"
    said = [f"zq{day}nobodykeepsthis{what}" for what in ("talk", "flag", "line", "name", "taken", "note")]
    talk, flag, line, other, taken, note = said
    message = await ben.says(taken)
    await ben.says(talk)
    await ben.asks("take_back", message=message)
    await ben.asks("flag", verb="worried", message=None, seat=chi.seat, text=flag)
    await ana.asks("write_line", seat=ben.seat, text=line)
    await ana.asks("post_lobby_note", text=note)
    await ben.asks("rename", name=other[:20])
    await ben.asks("flag_about_facilitation")
    await ana.asks("quiet", seat=chi.seat, minutes=2, reason="unkind")
    await ben.is_cut_off()
    await ben.comes_back()
    await ben.browser.gets(f"/room/{evening.room.id}")
    week.knows(ben, name, other[:20], "zq-browser-of-ben", *said)
    week.facilitator |= {ana.seat, *(value for each, value in ana.browser.cookies.items() if "desk" in each)}
    for each in (ana, ben, chi):
        each._unlooked = ""  # whether each was allowed is told elsewhere
    await ana.ends()
    await ana.sees_that("room", state="ended")
    await evening.house.passes()


async def all_that_an_account_can_have(house: House, evening: Evening, olu: str, ana: str) -> None:
    async with house.database.writing() as conn:
        await addresses.give(conn, ana, "ana.andrews@example.org")
        await authenticators.begin(conn, ana, "sealed-elsewhere")
        await authenticators.confirm(conn, ana, 1, ["hash-of-paper"], house.clock.now)
        await passkeys.add(
            conn, passkeys.Passkey("key-of-ana", ana, b"x" * 40, 0, "Ana's phone", house.clock.now)
        )
        await rota.put_down(conn, [evening.session.id], "lead", ana)
        await passes.make_personal(conn, evening.room.id, house.clock.now)
        await drafts.save(conn, olu, "A draft of Olu's", {"one_line": ["begun"]}, house.clock.now)
        await counts.keep(conn, evening.session.id, "under_5")
        await notices.put(conn, evening.session.id, "held", house.clock.now)
    await house.link(await house.account("Ana Andrews"), room=evening.room)


async def test_a14_what_is_left_of_a_week_is_what_we_say_and_nothing_more(
    another_house: OpensHouses,
    redis: Server,
    log: io.StringIO,  # noqa: F811  the fixture
    tmp_path: Path,
):
    house = await another_house(redis_url=redis.url)
    first = await house.evening(keeps_counts=True, listed=True)
    olu = await house.account("Olu", organiser=True)
    ana = await house.account("Ana Andrews", password_hash=await passwords.hashed("a long password of Ana's"))
    week = Week()
    evening = first
    for day in range(DAYS):
        if day:
            house.clock.at = (START + timedelta(days=day)).timestamp()
            async with house.database.writing() as conn:
                wall = house.clock.now.replace(tzinfo=None)
                session = await sessions.plan(conn, first.room.id, wall, "UTC", 60)
            assert isinstance(session, Session)
            evening = Evening(house, first.room, session)
            await house.passes()
        await an_evening(evening, day, week)
        if day == DAYS // 2:
            held = b"".join(redis.given_away().values())
            assert evening.session.id.encode() in held, "it was looked at while there was something to find"
    await all_that_an_account_can_have(house, evening, olu.id, ana.id)
    week.facilitator |= {ana.id, "Ana Andrews", "ana.andrews@example.org"}

    backup = tmp_path / "kept.backup"
    url = house.settings.database_url
    made = in_this_process("backup", str(backup), DATABASE_URL=url, SECRET_KEY=KEY)
    assert (made.exit_code, made.stderr) == (0, "")
    database = Path(url.removeprefix("sqlite:///"))
    files = {each.name: each.read_bytes() for each in (backup, *database.parent.iterdir()) if each.is_file()}
    given = redis.given_away()
    written = log.getvalue()

    # A member: nothing, anywhere, in any shape.
    places = {
        **files,
        **{f"redis {name}": content for name, content in given.items()},
        "log": written.encode(),
    }
    # A shape of a few letters may stand anywhere by chance.
    looked_for = {shape for known in week.member for shape in shapes(known) if len(shape) >= 8}
    assert len(week.member) > DAYS * 8
    for place, content in places.items():
        found = [shape for shape in looked_for if shape in content]
        assert not found, (place, found)
    taken = Taken(backup)
    assert taken.where(*week.member) == set()

    # A facilitator: what is published of an account and of who facilitates, all of it and no more.
    said = published()
    assert taken.about(ana.id) == said["an account"] | said["a facilitator"]
    assert taken.where(*week.facilitator) <= said["an account"] | said["a facilitator"]
    assert taken.where("Ana Andrews", ana.id) >= {"accounts.name", "accounts.id"}, (
        "the search finds what is there"
    )
    assert taken.about(olu.id) >= said["an organiser"]
    assert taken.about(olu.id) <= said["an account"] | said["an organiser"]
    # The log knows an account by its id, and says of it that it signed in.
    told = re.findall(rf"^\S+ info server\.door: {ana.id} signed in$", written, re.MULTILINE)
    assert len(told) == DAYS
    places["log"] = written.replace(f"{ana.id} signed in", "").encode()
    for place, content in places.items():
        if place == "log" or place.startswith("redis "):
            assert not [each for each in week.facilitator if each.encode() in content], place
    # An address would stand in a log, if anything of a person did.
    assert "127.0.0.1" not in written
    # And the ear heard.
    assert "zq-was-heard" not in written
    logging.getLogger("server.app").warning("zq-was-heard")
    assert "zq-was-heard" in log.getvalue()
