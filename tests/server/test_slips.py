"""A report slip from a screen to the organiser's desk: every letter counts, nothing of it is kept, and after 14 days nobody can tell."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from rooms import slips as marks
from rooms.records import keeping, slips
from server import authenticators, slip_keys
from server.terms import Programme
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.test_forms import is_marked_wrong
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
TEXT = "zq go away, nobody likes you"


def slip_of(*frames: dict[str, Any], **changed: str) -> str:
    """As static/js/care.js writes it."""
    kept = ("id", "name", "text", "note", "slip")
    lines = [{"note": "", **{name: frame[name] for name in kept if name in frame}} for frame in frames]
    return f"Report slip. Give all of it.\n\n{json.dumps({'messages': [{**line, **changed} for line in lines]}, indent=1)}\n"


async def judged(evening: Evening, slip: str, who: Browser | None = None) -> str:
    olu = who or await evening.house.signed_in("Olu", organiser=True)
    answer = await olu.posts(f"/desk/rooms/{evening.room.id}/slip", slip=slip)
    assert answer.status_code == 200, answer.status_code
    assert answer.headers["cache-control"] == "no-store"
    return " ".join("".join(Page(answer).texts).split())


async def under_way(evening: Evening) -> tuple[Visitor, Visitor, Visitor, dict[str, Any]]:
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben, mal = await evening.visits("Ben"), await evening.visits("Mal")
    await mal.says(TEXT)
    said = await ben.hears(TEXT, frm="Mal")
    return ana, ben, mal, said


async def test_what_was_said_is_genuine_and_a_letter_more_is_not(evening: Evening):
    _, ben, mal, said = await under_way(evening)
    assert await ben.asks("make_slip", messages=[said["id"]])
    assert (await mal.sees("slip_told"))["seat"] == mal.seat
    told = await judged(evening, slip_of(said))
    assert "Genuine: it was said so in the session of Thursday 26 November 2026" in told
    assert TEXT in told
    for changed in ({"text": f"{TEXT}."}, {"name": "Ben"}, {"note": "sad"}, {"id": f"{ben.seat}.5f"}):
        told = await judged(evening, slip_of(said, **changed))
        assert "Not genuine" in told
        assert "Genuine:" not in told


async def test_every_node_marks_the_same_and_a_page_that_comes_back_is_given_it_again(
    nodes: tuple[House, House],
):
    one, two = nodes
    evening = await one.evening()
    ana, ben, mal, said = await under_way(evening)
    browser = await evening.comes_to_the_door()
    await browser.posts(evening.door_path, name="Chi", how="come_in")
    browser.goes_to(two.url)
    chi = Visitor(browser, evening.live_path, "Chi")
    await chi.connects()
    await mal.says("and again")
    marked = {(await each.hears("and again", frm="Mal"))["slip"] for each in (ben, chi)}
    assert len(marked) == 1
    assert marked != {said["slip"]}
    await chi.is_cut_off()
    await mal.says("while she is away")
    await chi.comes_back()
    missed = await chi.hears("while she is away", frm="Mal")
    assert "Genuine:" in await judged(evening, slip_of(missed))
    await ana.closes_the_tab()
    await chi.browser.closes()


async def test_only_the_organiser_of_the_room_can_ask_and_only_about_it(evening: Evening):
    _, _, _, said = await under_way(evening)
    pat = await evening.house.signed_in("Pat", organiser=True)
    path = f"/desk/rooms/{evening.room.id}/slip"
    assert (await pat.posts(path, slip=slip_of(said))).status_code == 404
    ana = await evening.house.signed_in("Ana")
    assert (await ana.posts(path, slip=slip_of(said))).status_code == 404, (
        "not who facilitates: it may be about them"
    )
    other = await evening.house.evening()
    assert "Not genuine" in await judged(other, slip_of(said)), "another room vouches for nothing of this one"


async def test_what_is_no_slip_says_so(evening: Evening):
    olu = await evening.house.signed_in("Olu", organiser=True)
    path = f"/desk/rooms/{evening.room.id}/slip"
    assert (await olu.gets(path)).status_code == 200
    for nothing in ("", "Report slip.", "{", '{"messages": [{"id": 5}]}', "x" * (marks.LONGEST - 10)):
        answer = await olu.posts(path, slip=nothing)
        assert answer.status_code == 422
        assert is_marked_wrong(Page(answer), "slip")


async def test_after_fourteen_days_nobody_can_tell(own_evening: Evening):
    house = own_evening.house
    ana, _, _, said = await under_way(own_evening)
    await ana.ends()
    house.clock.at += timedelta(days=14).total_seconds()
    assert "Genuine:" in await judged(own_evening, slip_of(said)), "the session was an hour long"
    house.clock.at += 3600
    assert "Not genuine" in await judged(own_evening, slip_of(said))
    async with house.database.writing() as conn:
        await keeping.sweep(conn, house.clock.now)
        assert not await slips.of_each(conn, [own_evening.session.id])


async def test_the_records_hold_no_word_of_it_and_their_copy_vouches_for_nothing(own_evening: Evening):
    house = own_evening.house
    _, _, _, said = await under_way(own_evening)
    await judged(own_evening, slip_of(said))
    async with house.database.reading() as conn:
        (sealed,) = await slips.of_room(conn, own_evening.room.id, house.clock.now)
    lines = marks.read(slip_of(said))
    assert lines is not None
    assert marks.which([sealed.sealed.encode()[:64], sealed.sealed.encode()[:32]], lines[0]) is None
    for file in Path(house.settings.database_url.removeprefix("sqlite:///")).parent.iterdir():
        content = file.read_bytes()
        assert TEXT.encode() not in content
        assert said["slip"].encode() not in content


def test_a_key_is_sealed_for_its_session_and_for_this_one_purpose():
    kept = slip_keys.seal(["new"], "thursday", b"k" * marks.KEY_BYTES)
    assert slip_keys.unseal(["newer", "new"], "thursday", kept) == b"k" * marks.KEY_BYTES
    assert slip_keys.unseal(["new"], "friday", kept) is None
    assert slip_keys.unseal(["another"], "thursday", kept) is None
    assert authenticators.unseal(["new"], "thursday", kept) is None, "a seal of one kind opens no other"


async def test_records_that_cannot_be_written_cost_the_slips_and_not_the_room(own_evening: Evening):
    house = own_evening.house
    programme = Programme(house.database, keys=house.settings.secret_keys)
    async with house.database.writing() as conn:
        await conn.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON slip_keys BEGIN SELECT RAISE(FAIL, 'full'); END")
        )
    terms = await programme.terms(own_evening.session.id, house.clock())
    assert terms is not None
    assert terms.slip_key == b""
    async with house.database.writing() as conn:
        await conn.execute(text("DROP TRIGGER full"))
    terms = await programme.terms(own_evening.session.id, house.clock())
    assert terms is not None
    assert len(terms.slip_key) == marks.KEY_BYTES
