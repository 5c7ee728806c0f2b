"""What those who facilitate are called: one word for the whole house, of those that there are."""

from typing import get_args

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from rooms.records import labels, tables
from rooms.records.words import Label


async def test_until_somebody_chooses_they_are_facilitators(database):
    async with database.reading() as conn:
        assert await labels.current(conn) == "facilitator"


async def test_the_last_choice_stands_and_nothing_else(database):
    for label in (*get_args(Label), "host", "host"):
        async with database.writing() as conn:
            await labels.keep(conn, label)
        async with database.reading() as conn:
            assert await labels.current(conn) == label
            assert await conn.scalar(select(func.count()).select_from(tables.labels)) == 1


@pytest.mark.parametrize("row", [{"id": 1, "facilitator": "boss"}, {"id": 2, "facilitator": "host"}])
async def test_another_word_or_a_second_one_is_not_written_down(database, row):
    with pytest.raises(IntegrityError):
        async with database.writing() as conn:
            await conn.execute(insert(tables.labels).values(**row))
    async with database.reading() as conn:
        assert await labels.current(conn) == "facilitator"
