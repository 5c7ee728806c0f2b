import asyncio
from datetime import timedelta

import pytest

from rooms.records import agreements
from rooms.records.agreements import Agreement

LINES = ("What is said here stays here.", "Anyone may pass.")


async def published(database, room, lines, at):
    async with database.writing() as conn:
        return await agreements.publish(conn, room.id, lines, at)


async def test_a_new_room_has_agreed_on_nothing_yet(database, circle):
    async with database.reading() as conn:
        assert await agreements.current(conn, circle.id) is None
        assert await agreements.version(conn, circle.id, 1) is None


async def test_every_version_stays_as_it_was(database, circle, now):
    later = now + timedelta(days=7)
    assert await published(database, circle, LINES, now) == Agreement(1, LINES, now)
    longer = (*LINES, "We start on time.")
    assert await published(database, circle, list(longer), later) == Agreement(2, longer, later)
    async with database.reading() as conn:
        assert await agreements.version(conn, circle.id, 1) == Agreement(1, LINES, now)
        assert await agreements.current(conn, circle.id) == Agreement(2, longer, later)
        assert await agreements.version(conn, circle.id, 3) is None


async def test_those_who_publish_at_once_get_a_version_each(database, circle, now):
    made = await asyncio.gather(*(published(database, circle, (f"Line {n}",), now) for n in range(6)))
    assert sorted(agreement.version for agreement in made) == [1, 2, 3, 4, 5, 6]


async def test_an_agreement_holds_thirty_lines_of_three_hundred_characters(database, circle, now):
    most = ("é" * 300,) * 30
    assert (await published(database, circle, most, now)).lines == most
    async with database.reading() as conn:
        assert await agreements.current(conn, circle.id) == Agreement(1, most, now)


async def test_one_out_of_bounds_is_refused_without_being_repeated(database, circle, now):
    for lines, words in (
        ((), "number of agreement lines is not within 1 to 30"),
        (("x",) * 31, "number of agreement lines is not within 1 to 30"),
        (("fine", ""), "agreement line is not within 1 to 300"),
        (("fine", "x" * 301), "agreement line is not within 1 to 300"),
        (("one\ntwo",), "agreement line is not within 1 to 300"),
    ):
        with pytest.raises(ValueError) as refused:
            await published(database, circle, lines, now)
        assert str(refused.value) == words


async def test_nothing_that_a_person_typed_shows_in_an_agreement_that_is_printed(database, circle, now):
    assert "stays here" not in repr(await published(database, circle, LINES, now))
