"""What an organiser takes away has no secret in it, and what they delete is found in no byte."""

import json
from datetime import timedelta

from rooms.calendar.recurrence import Rule, occurrences
from rooms.records import (
    agreements,
    charters,
    counts,
    drafts,
    erasure,
    export,
    labels,
    links,
    passes,
    rooms,
    rota,
    seasons,
    sessions,
    sign_ins,
    signposts,
    tables,
)
from rooms.records.signposts import Signpost
from tests.records.template import fresh_database
from tests.records.test_seasons import FIRST, LONDON


async def lived_in(conn, who, helper, now):
    """A room with something in every table."""
    room = await rooms.create(
        conn, organiser_id=who.id, name="Wilhelmina", purpose="social", keeps_counts=True
    )
    found = occurrences(Rule(FIRST, LONDON, 60, "weekly", times=3))
    assert isinstance(found, tuple)
    planned = await seasons.plan(conn, room.id, "weekly", found)
    await rooms.add_facilitator(conn, room.id, helper.id)
    await rota.put_down(conn, [each.id for each in planned], "lead", helper.id)
    await rooms.put_words(conn, room.id, ["Wilhelminas"])
    await agreements.publish(conn, room.id, ["Wilhelmina is kind."], now)
    await sessions.finish(conn, planned[0].id, "held", now)
    await counts.keep(conn, planned[0].id, "5_to_9")
    await charters.publish(conn, ["All rooms are kind."], now)
    await labels.keep(conn, "host")
    personal = await passes.make_personal(conn, room.id, now)
    assert personal
    second = await passes.replace_link(conn, room, now, with_grace=True)
    await drafts.save(conn, who.id, "Wilhelmina II", {"one_line": ("Soon.",)}, now)
    await signposts.keep(conn, [Signpost("Samaritans", "116 123", "Day and night", "Free", now)])
    link = await links.make(conn, "invitation", room_id=room.id, at=now, lives=links.INVITATION_LIVES)
    token = await sign_ins.open(conn, helper.id, now)
    now_is = await rooms.find(conn, room.id)
    assert now_is
    secrets = {room.join_token, room.code, now_is.code, second, room.feed_token, personal.token, link, token}
    return now_is, secrets


async def test_what_is_taken_away_is_whole_and_opens_nothing(database, ana, ben, circle, now):
    async with database.writing() as conn:
        _, secrets = await lived_in(conn, ana, ben, now)
    async with database.reading() as conn:
        everything = await export.everything(conn, ana.id)
    written = json.dumps(everything)
    assert set(everything) == set(tables.metadata.tables) - export.LEFT_OUT
    assert all(everything.values()), "every table has something to show"
    assert len(everything["rooms"]) == 2
    assert len(everything["sessions"]) == 3
    assert {each["name"] for each in everything["accounts"]} == {"Ana", "Ben"}
    assert everything["sessions"][0]["wall"].startswith("2026-12")
    assert [each["band"] for each in everything["counts"]] == ["5_to_9"]
    for secret in (*secrets, "ana@example.org"):
        assert secret not in written
    columns = {column for rows in everything.values() for row in rows for column in row}
    assert not columns & export.SECRET


async def test_nobody_takes_away_what_is_somebody_elses(database, ana, ben, circle, now):
    async with database.writing() as conn:
        await lived_in(conn, ana, ben, now)
    async with database.reading() as conn:
        bens = await export.everything(conn, ben.id)
    assert {table: rows for table, rows in bens.items() if rows and table != "charters"} == {
        "accounts": [{"id": ben.id, "name": "Ben", "is_organiser": False}],
        "labels": [{"id": 1, "facilitator": "host"}],
        "signposts": [
            {
                "position": 1,
                "name": "Samaritans",
                "contact": "116 123",
                "hours": "Day and night",
                "cost": "Free",
                "checked_at": now.isoformat(),
            }
        ],
    }, "but for what every page says"


async def test_a_deleted_room_takes_everything_with_it_but_a_date(database, ana, ben, now):
    async with database.writing() as conn:
        room, _ = await lived_in(conn, ana, ben, now)
        await erasure.erase(conn, room, now)
    async with database.reading() as conn:
        assert await rooms.find(conn, room.id) is None
        everything = await export.everything(conn, ana.id)
        assert {table for table, rows in everything.items() if rows} == {
            "accounts",
            "charters",
            "drafts",
            "draft_answers",
            "labels",
            "signposts",
        }
        month = now + erasure.REMEMBERED
        assert await erasure.erased_at(conn, room.join_token, month - timedelta(seconds=1)) == now
        assert await erasure.erased_at(conn, room.join_token, month) is None
        assert await erasure.erased_at(conn, room.id, now) is None
    async with database.writing() as conn:
        await erasure.sweep(conn, month)
        assert await erasure.erased_at(conn, room.join_token, now) is None


async def test_it_is_found_in_no_byte_of_any_file(tmp_path, now):
    from rooms.records import accounts

    database = fresh_database(tmp_path)
    async with database.writing() as conn:
        ana = await accounts.create(conn, name="Ana", sign_in_name="ana", is_organiser=True)
        assert ana
        room, _ = await lived_in(conn, ana, ana, now)
        for draft in await drafts.of_organiser(conn, ana.id):
            await drafts.forget(conn, draft.id, ana.id)
    assert any(b"Wilhelmina" in path.read_bytes() for path in tmp_path.iterdir())
    async with database.writing() as conn:
        await erasure.erase(conn, room, now)
    assert await database.checkpoint()
    assert not any(b"Wilhelmina" in path.read_bytes() for path in tmp_path.iterdir())
    await database.close()
