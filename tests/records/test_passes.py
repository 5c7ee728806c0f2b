from datetime import timedelta

from rooms.records import passes, rooms, tokens


async def behind(database, token, at):
    async with database.reading() as conn:
        found = await passes.room_behind(conn, token, at)
    return None if found is None else found.id


async def called(database, spoken):
    async with database.reading() as conn:
        found = await passes.room_called(conn, spoken)
    return None if found is None else found.id


async def test_the_link_leads_in_and_other_secrets_do_not(database, circle, now):
    assert await behind(database, circle.join_token, now) == circle.id
    for token in (circle.id, circle.code, circle.feed_token, "", "a\x00b", "\ud800"):
        assert await behind(database, token, now) is None


async def test_a_code_is_understood_however_it_is_typed(database, circle):
    code = circle.code
    for spoken in (code, code.upper(), f" {code[:3]} {code[3:]}\n", "-".join(code)):
        assert await called(database, spoken) == circle.id
    for wrong in ("", code[:5], code + "2", code[::-1] + "x", "aeiouu", "\ud800", "x" * 10_000):
        assert await called(database, wrong) is None


def test_a_code_is_six_signs_that_nobody_mistakes():
    for _ in range(100):
        code = tokens.new_code()
        assert len(code) == 6
        assert not set(code) & set("01aeilouy")


async def test_no_two_rooms_have_one_code(database, ana, circle, monkeypatch):
    said = iter([circle.code, circle.code, "bcdfgh"])
    monkeypatch.setattr(tokens, "new_code", lambda: next(said))
    async with database.writing() as conn:
        made = await rooms.create(conn, organiser_id=ana.id, name="Another", purpose="social")
    assert made.code == "bcdfgh"


async def test_a_replaced_link_leads_nowhere_at_once_or_in_a_week(database, circle, now):
    async with database.writing() as conn:
        second = await passes.replace_link(conn, circle, now, with_grace=True)
    week = now + passes.GRACE
    assert await behind(database, circle.join_token, week - timedelta(seconds=1)) == circle.id
    assert await behind(database, circle.join_token, week) is None
    assert await behind(database, second, now) == circle.id
    assert await called(database, circle.code) is None
    async with database.writing() as conn:
        renewed = await rooms.find(conn, circle.id)
        assert renewed
        third = await passes.replace_link(conn, renewed, now, with_grace=False)
    assert await behind(database, circle.join_token, now) is None, "without grace means for all before it"
    assert await behind(database, second, now) is None
    assert await behind(database, third, now) == circle.id


async def test_after_a_link_was_replaced_the_posters_are_kept_in_mind_until_they_are_too(
    database, circle, now
):
    async with database.writing() as conn:
        await passes.replace_link(conn, circle, now, with_grace=True)
        replaced = await rooms.find(conn, circle.id)
        await passes.posters_are_replaced(conn, circle.id)
        done = await rooms.find(conn, circle.id)
    assert replaced
    assert done
    assert (circle.link_replaced_at, replaced.link_replaced_at, done.link_replaced_at) == (None, now, None)


async def test_links_for_one_person_are_revoked_one_by_one(database, circle, now):
    async with database.writing() as conn:
        first, second = [await passes.make_personal(conn, circle.id, now) for _ in range(2)]
        assert first
        assert second
        await passes.revoke(conn, circle.id, first.number, now)
        await passes.revoke(conn, circle.id, 99, now)
        await passes.revoke(conn, circle.id, first.number, now + timedelta(hours=1))
    assert await behind(database, first.token, now) is None
    assert await behind(database, second.token, now) == circle.id
    async with database.reading() as conn:
        known = await passes.personal_of(conn, circle.id)
    assert [(link.number, link.revoked_at) for link in known] == [(1, now), (2, None)]
    assert first.token not in repr(known)


async def test_a_closed_room_is_entered_by_personal_links_alone(database, circle, now):
    async with database.writing() as conn:
        link = await passes.make_personal(conn, circle.id, now)
        await passes.replace_link(conn, circle, now, with_grace=True)
        await passes.close(conn, circle.id, is_closed=True)
        room = await rooms.find(conn, circle.id)
    assert link
    assert room
    assert room.is_closed
    assert await behind(database, link.token, now) == circle.id
    for token in (room.join_token, circle.join_token):
        assert await behind(database, token, now) is None
    assert await called(database, room.code) is None
    async with database.writing() as conn:
        await passes.close(conn, circle.id, is_closed=False)
    assert await behind(database, room.join_token, now) == circle.id


async def test_there_are_not_more_links_than_anybody_can_look_after(database, circle, now):
    async with database.writing() as conn:
        for _ in range(passes.MOST_PERSONAL):
            assert await passes.make_personal(conn, circle.id, now)
        assert await passes.make_personal(conn, circle.id, now) is None
