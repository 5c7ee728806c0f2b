"""The charter: every version, with its day and without whoever wrote it."""

from datetime import timedelta

import pytest

from rooms.records import charters, export

FIRST = ("We are here because we have been there.", "Nobody is a case.")
DAY = timedelta(days=1)


async def test_each_version_is_kept_the_newest_first(database, now):
    async with database.writing() as conn:
        assert await charters.current(conn) is None
        for number, lines in enumerate((FIRST, FIRST[:1], (), FIRST), start=1):
            made = await charters.publish(conn, lines, now + number * DAY)
            assert (made.version, made.lines) == (number, lines)
            assert await charters.current(conn) == made
        kept = await charters.every(conn, 3)
    assert [(each.version, each.lines, each.made_at) for each in kept] == [
        (4, FIRST, now + 4 * DAY),
        (3, (), now + 3 * DAY),
        (2, FIRST[:1], now + 2 * DAY),
    ]


@pytest.mark.parametrize("lines", [["x" * 301], ["a"] * 31, ["a\nb"], [""]])
async def test_what_no_form_lets_through_is_not_written_down(database, now, lines):
    async with database.writing() as conn:
        with pytest.raises(ValueError, match="is not within"):
            await charters.publish(conn, lines, now)
        assert await charters.current(conn) is None


async def test_it_goes_along_with_what_an_organiser_takes_away(database, ana, now):
    async with database.writing() as conn:
        await charters.publish(conn, FIRST, now)
        taken = await export.everything(conn, ana.id)
    assert [row["line"] for row in taken["charters"]] == list(FIRST)
