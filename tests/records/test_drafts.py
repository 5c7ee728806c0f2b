import pytest

from rooms.records import drafts, tokens
from rooms.records.drafts import Draft

ANSWERS = {"purpose": ("social",), "agreement": ("Be kind.", "Leave it here."), "date": ("soon",)}


async def saved(database, who, name="Evening light", answers=ANSWERS, at=None, **which):
    async with database.writing() as conn:
        return await drafts.save(conn, who.id, name, answers, at, **which)


async def found(database, draft, who):
    async with database.reading() as conn:
        return await drafts.find(conn, draft.id, who.id)


async def test_a_draft_needs_only_a_name(database, ana, now):
    draft = await saved(database, ana, answers={}, at=now)
    assert await found(database, draft, ana) == draft == Draft(draft.id, "Evening light", now, {})


async def test_every_answer_comes_back_as_it_was_typed(database, ana, now):
    draft = await saved(database, ana, at=now)
    known = await found(database, draft, ana)
    assert known
    assert {question: tuple(lines) for question, lines in known.answers.items()} == ANSWERS


async def test_saving_again_replaces_it(database, ana, now):
    draft = await saved(database, ana, at=now)
    again = await saved(database, ana, "Morning light", {"date": ("2027-01-05",)}, now, draft_id=draft.id)
    assert again.id == draft.id
    async with database.reading() as conn:
        assert [each.name for each in await drafts.of_organiser(conn, ana.id)] == ["Morning light"]
    known = await found(database, draft, ana)
    assert known
    assert dict(known.answers) == {"date": ["2027-01-05"]}


async def test_nobody_elses_draft_is_seen_or_saved_over_or_thrown_away(database, ana, ben, now):
    draft = await saved(database, ana, at=now)
    assert await found(database, draft, ben) is None
    bens = await saved(database, ben, "Not yours", {}, now, draft_id=draft.id)
    assert bens.id != draft.id
    async with database.writing() as conn:
        await drafts.forget(conn, draft.id, ben.id)
    assert await found(database, draft, ana)
    async with database.writing() as conn:
        await drafts.forget(conn, draft.id, ana.id)
    assert await found(database, draft, ana) is None
    async with database.reading() as conn:
        assert await drafts.of_organiser(conn, ana.id) == ()


async def test_an_answer_without_end_is_not_kept(database, ana, now):
    for answers in ({"one_line": ("x" * 301,)}, {"agreement": ["x"] * 61}, {"one_line": ()}):
        with pytest.raises(ValueError, match="is not within"):
            await saved(database, ana, answers=answers, at=now)
    with pytest.raises(ValueError, match="room name"):
        await saved(database, ana, "x", at=now)


async def test_nothing_that_was_typed_shows_in_a_draft_that_is_printed(database, ana, now):
    assert "light" not in repr(await saved(database, ana, at=now))


async def test_one_that_was_given_its_name_beforehand_is_saved_once(database, ana, ben, now):
    wished, other = tokens.id_of("Ana's wish"), tokens.id_of("another")
    assert len({wished, other}) == 2
    assert wished == tokens.id_of("Ana's wish")
    for name in ("Evening light", "Evening"):
        assert (await saved(database, ana, name, at=now, new_id=wished)).id == wished
    assert (await saved(database, ana, at=now, new_id=other)).id == other
    async with database.reading() as conn:
        names = [each.name for each in await drafts.of_organiser(conn, ana.id)]
    assert sorted(names) == ["Evening", "Evening light"]
