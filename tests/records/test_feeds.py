from rooms.records import feeds, rooms


async def told(database, token):
    async with database.reading() as conn:
        return await feeds.rooms_of(conn, token)


async def test_a_room_has_an_address_of_its_own_until_it_is_replaced(database, circle):
    assert await told(database, circle.feed_token) == (circle,)
    async with database.writing() as conn:
        token = await feeds.renew(conn, circle.id)
    assert await told(database, circle.feed_token) is None
    assert [room.id for room in await told(database, token) or ()] == [circle.id]


async def test_one_address_tells_of_all_listed_rooms(database, ana, circle):
    async with database.writing() as conn:
        await rooms.create(conn, organiser_id=ana.id, name="Quiet corner", purpose="social", listed=False)
        first = await feeds.renew_of_all(conn)
    assert await told(database, first) == (circle,)
    async with database.writing() as conn:
        second = await feeds.renew_of_all(conn)
    assert await told(database, first) is None
    assert await told(database, second) == (circle,)
    async with database.reading() as conn:
        assert await feeds.of_all(conn) == second


async def test_no_other_secret_is_a_feed(database, circle):
    for token in ("", "x", circle.id, circle.join_token, circle.code, "a\x00b"):
        assert await told(database, token) is None
