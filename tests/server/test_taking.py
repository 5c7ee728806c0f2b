"""A group takes everything away, and deletes a room for good."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from rooms.records import erasure
from tests.server.browser import Browser, Page
from tests.server.house import START, Evening, House
from tests.server.test_dates import text
from tests.server.test_forms import MARKUP, is_marked_wrong

OpensHouses = Callable[..., Awaitable[House]]


async def desk_of(evening: Evening) -> tuple[Browser, str]:
    return await evening.house.signed_in("Olu", organiser=True), f"/desk/rooms/{evening.room.id}/delete"


async def test_everything_comes_as_one_file(evening: Evening):
    olu, _ = await desk_of(evening)
    answer = await olu.gets("/desk/everything.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="rooms.json"'
    everything = answer.json()
    assert evening.room.id in {room["id"] for room in everything["rooms"]}
    assert evening.session.id in {session["id"] for session in everything["sessions"]}
    assert evening.room.join_token not in answer.text
    pat = await evening.house.signed_in("Pat", organiser=True)
    assert evening.room.id not in (await pat.gets("/desk/everything.json")).text


async def test_a_room_is_deleted_only_by_its_name(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening(starts=START + timedelta(hours=5))
    olu, path = await desk_of(evening)
    for wrong in ("", "thursday", MARKUP, "x" * 1000):
        answer = await olu.posts(path, name=wrong)
        page = Page(answer)
        assert (answer.status_code, page.faults.keys()) == (422, {"name"})
        assert is_marked_wrong(page, "name")
        assert page.filled("name") == wrong[:200]
    assert (await olu.posts(path, name=" Thursday ")).headers["location"] == "/desk"
    assert (await olu.gets(path)).status_code == 404
    stranger = house.browser()
    gone = await stranger.gets(evening.join_path)
    assert gone.status_code == 410
    assert "The group ended it on 26 November 2026." in text(Page(gone))
    assert "Thursday" not in gone.text
    assert "set-cookie" not in gone.headers
    assert (await stranger.gets(f"/room/{evening.room.id}")).status_code == 404
    house.clock.at += erasure.REMEMBERED.total_seconds()
    assert (await stranger.gets(evening.join_path)).status_code == 404


async def test_who_waits_at_its_door_is_told_and_what_is_on_is_not_deleted(another_house: OpensHouses):
    house = await another_house()
    waiting, on_now = await house.evening(), await house.evening()
    ben = await waiting.visits("Ben")
    ana = await on_now.facilitates("Ana")
    await ana.starts()
    olu, path = await desk_of(on_now)
    kept = await olu.posts(path, name="Thursday")
    assert Page(kept).faults["name"].startswith("A session is on in it.")
    await ana.says("we go on")
    await ana.hears("we go on", frm="Ana")
    assert (await olu.posts(f"/desk/rooms/{waiting.room.id}/delete", name="Thursday")).status_code == 303
    assert (await ben.sees("called_off"))["why"] == "cancelled"
    await house.passes(10)
