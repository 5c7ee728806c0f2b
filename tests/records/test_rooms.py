from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from rooms.records import passes, rooms, tables

FINE: dict[str, Any] = {"name": "A fine room", "purpose": "social"}


async def test_a_room_is_found_as_it_was_made(database, ana, now):
    async with database.writing() as conn:
        made = await rooms.create(
            conn,
            organiser_id=ana.id,
            name="Night owls",
            purpose="drop_in",
            one_line="For whoever is awake.",
            for_whom="Anyone who sleeps badly.\nOr not at all.",
            also_welcome="Friends.",
            zone="Europe/Lisbon",
            minutes=90,
            seats=500,
            listed=False,
            keeps_catch_up=False,
        )
    async with database.reading() as conn:
        assert await rooms.find(conn, made.id) == made
        assert await passes.room_behind(conn, made.join_token, now) == made


async def test_a_room_that_is_only_named_gets_eight_seats_and_an_hour(database, circle):
    assert (circle.seats, circle.minutes, circle.zone) == (8, 60, "Europe/London")
    assert circle.listed
    assert circle.keeps_catch_up


async def test_whatever_else_stands_in_the_address_bar_is_no_room(database, circle, now):
    for asked in ("", "nosuchroom", "a\x00b", "\ud800", "' OR 1=1 --", "a" * 100):
        async with database.reading() as conn:
            assert await rooms.find(conn, asked) is None
            assert await passes.room_behind(conn, asked, now) is None


async def test_the_id_of_a_room_does_not_open_its_door(database, circle, now):
    async with database.reading() as conn:
        assert await passes.room_behind(conn, circle.id, now) is None


async def test_after_a_new_join_link_the_old_one_leads_nowhere(database, circle, now):
    async with database.writing() as conn:
        token = await rooms.new_join_token(conn, circle.id)
    async with database.reading() as conn:
        assert await passes.room_behind(conn, circle.join_token, now) is None
        found = await passes.room_behind(conn, token, now)
    assert found
    assert found.id == circle.id
    assert found.join_token == token


async def test_listed_rooms_are_those_that_want_to_be(database, ana, circle):
    async with database.writing() as conn:
        await rooms.create(conn, organiser_id=ana.id, name="Quiet corner", purpose="social", listed=False)
        book_club = await rooms.create(conn, organiser_id=ana.id, name="Book club", purpose="social")
    async with database.reading() as conn:
        assert await rooms.listed(conn) == (book_club, circle)


async def test_an_organiser_sees_all_of_her_rooms_and_nobody_elses(database, ana, ben, circle):
    async with database.writing() as conn:
        bens = await rooms.create(conn, organiser_id=ben.id, name="Allotment", purpose="social", listed=False)
    async with database.reading() as conn:
        assert await rooms.of_organiser(conn, ana.id) == (circle,)
        assert await rooms.of_organiser(conn, ben.id) == (bens,)


async def test_facilitators_come_and_go(database, ana, ben, circle):
    async with database.writing() as conn:
        for who in (ben, ana, ben):
            await rooms.add_facilitator(conn, circle.id, who.id)
    async with database.reading() as conn:
        assert await rooms.facilitators(conn, circle.id) == (ana, ben)
        assert await rooms.is_facilitator(conn, circle.id, ben.id)
    async with database.writing() as conn:
        await rooms.remove_facilitator(conn, circle.id, ben.id)
    async with database.reading() as conn:
        assert await rooms.facilitators(conn, circle.id) == (ana,)
        assert not await rooms.is_facilitator(conn, circle.id, ben.id)


async def test_somebody_looks_after_what_they_organise_and_what_they_help_with(database, ana, ben, circle):
    async with database.writing() as conn:
        bens = await rooms.create(conn, organiser_id=ben.id, name="Allotment", purpose="social")
        await rooms.add_facilitator(conn, circle.id, ben.id)
        await rooms.add_facilitator(conn, bens.id, ben.id)
    async with database.reading() as conn:
        assert await rooms.looked_after_by(conn, ben.id) == (bens, circle)
        assert await rooms.looked_after_by(conn, ana.id) == (circle,)
        assert await rooms.some_looked_after_by(conn, ben.id, after=0, most=1) == ((bens,), 2)
        assert await rooms.some_looked_after_by(conn, ben.id, after=1, most=30) == ((circle,), 2)
        assert await rooms.some_looked_after_by(conn, ana.id, after=30, most=30) == ((), 1)


async def test_the_words_of_listed_rooms_alone(database, ana, circle):
    async with database.writing() as conn:
        hidden = await rooms.create(
            conn, organiser_id=ana.id, name="Quiet corner", purpose="social", listed=False
        )
        await rooms.put_words(conn, circle.id, ["voices", "men"])
        await rooms.put_words(conn, hidden.id, ["nobody's business"])
    async with database.reading() as conn:
        assert await rooms.words_of_listed(conn) == {circle.id: ("men", "voices")}
        assert await rooms.find_each(conn, [circle.id, hidden.id, "x"]) == {
            circle.id: circle,
            hidden.id: hidden,
        }


async def test_organising_a_room_does_not_make_a_facilitator(database, ana, circle):
    async with database.reading() as conn:
        assert not await rooms.is_facilitator(conn, circle.id, ana.id)


async def test_a_field_out_of_bounds_is_refused_without_being_repeated(database, ana):
    for field, value, words in (
        ("name", "ab", "room name is not within 3 to 60"),
        ("name", "x" * 61, "room name is not within 3 to 60"),
        ("name", "two\nlines", "room name is not within 3 to 60"),
        ("one_line", "x" * 141, "one line is not within 0 to 140"),
        ("for_whom", "x" * 301, "for whom is not within 0 to 300"),
        ("also_welcome", "x" * 301, "also welcome is not within 0 to 300"),
        ("also_welcome", "bell\x07", "also welcome is not within 0 to 300"),
        ("seats", 1, "seats is not within 2 to 500"),
        ("seats", 501, "seats is not within 2 to 500"),
        ("minutes", 29, "minutes is not within 30 to 720"),
        ("minutes", 721, "minutes is not within 30 to 720"),
        ("zone", "Europe/Atlantis", "the zone is not one that the time zone data knows"),
    ):
        async with database.writing() as conn:
            with pytest.raises(ValueError) as refused:
                await rooms.create(conn, organiser_id=ana.id, **{**FINE, field: value})
        assert str(refused.value) == words


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "ab"),
        ("name", "x" * 61),
        ("one_line", "x" * 141),
        ("for_whom", "x" * 301),
        ("seats", 1),
        ("minutes", 721),
        ("door", "ajar"),
        ("talk", "shouting"),
        ("least_age", 100),
    ],
)
async def test_what_went_round_the_functions_is_stopped_by_the_table(sqlite, field, value):
    row = {
        "id": "r",
        "organiser_id": "a",
        "one_line": "",
        "for_whom": "",
        "also_welcome": "",
        "zone": "UTC",
        "minutes": 60,
        "seats": 8,
        "listed": True,
        "keeps_catch_up": True,
        "join_token": "j",
        "door": "open",
        "talk": "open",
        "least_age": 18,
        "admits_work": False,
        "code": "bcdfgh",
        "feed_token": "f",
        "is_closed": False,
        "version": 1,
        **FINE,
        field: value,
    }
    with pytest.raises(IntegrityError, match=f"ck_rooms_{field}_") as stopped:
        async with sqlite.writing() as conn:
            await conn.execute(tables.rooms.insert().values(row))
    assert "xxx" not in str(stopped.value)


async def test_a_purpose_that_is_none_of_ours_is_stopped_by_the_table(database, ana):
    with pytest.raises(IntegrityError, match="ck_rooms_purpose_word"):
        async with database.writing() as conn:
            await rooms.create(conn, organiser_id=ana.id, name="A clinic", purpose="therapy")  # type: ignore[arg-type]  # the point


async def test_nothing_that_a_person_typed_shows_in_a_room_that_is_printed(circle):
    assert "Thursday" not in repr(circle)
    assert "together" not in repr(circle)
    assert circle.join_token not in repr(circle)


async def test_of_two_who_describe_a_room_at_once_the_second_is_told(database, circle):
    async with database.writing() as conn:
        first = replace(circle, name="Thursday light", seats=12, listed=False)
        assert await rooms.describe(conn, first, known="1")
        assert not await rooms.describe(conn, replace(circle, name="Another name"), known="1")
        for nonsense in ("", "x", "1.0", "9" * 5000):
            assert not await rooms.describe(conn, circle, known=nonsense)
        with pytest.raises(ValueError, match="room name"):
            await rooms.describe(conn, replace(circle, name="x"), known="2")
    async with database.reading() as conn:
        assert await rooms.find(conn, circle.id) == replace(first, version=2)
