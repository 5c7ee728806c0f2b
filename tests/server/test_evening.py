"""One evening: what people say arrives, once and in order, whatever happens to their connections.

Over real sockets, and over what stands in for them where a network lets none through: each story holds for both.
"""

from collections.abc import Awaitable, Callable

import pytest

from tests.server.browser import Page
from tests.server.house import Evening, House
from tests.server.streaming import Streaming
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]


@pytest.fixture(params=[Visitor, Streaming], ids=["sockets", "streams"])
def page(request: pytest.FixtureRequest) -> type[Visitor]:
    kind: type[Visitor] = request.param
    return kind


@pytest.fixture
async def evening(house: House, page: type[Visitor]) -> Evening:
    return (await house.evening()).over(page)


@pytest.fixture
async def own_evening(another_house: OpensHouses, page: type[Visitor]) -> Evening:
    return (await (await another_house()).evening()).over(page)


async def under_way(evening: Evening, *names: str) -> list[Visitor]:
    """Ana has started, and the others are inside."""
    ana = await evening.facilitates("Ana", by_link=True)
    await ana.starts()
    return [ana, *[await evening.visits(name) for name in names]]


async def test_what_one_says_everybody_hears(evening: Evening):
    ana, ben, chi = await under_way(evening, "Ben", "Chi")
    await ben.says("hi")
    await chi.says("hello Ben")
    for each in (ana, ben, chi):
        await each.hears("hi", frm="Ben")
        await each.hears("hello Ben", frm="Chi")


async def test_newcomers_wait_until_the_facilitator_starts(evening: Evening):
    ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
    assert ben.you["place"] == "waiting"
    assert ben.at is None
    await ben.says("hi")
    await ben.is_refused("not_now")
    await ana.starts()
    await ben.is_welcome()
    assert ben.you["place"] == "inside"
    await ben.says("hi")
    await ana.hears("hi", frm="Ben")


async def test_a_newcomer_sees_no_backlog(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    await ben.says("before")
    chi = await evening.visits("Chi")
    assert not chi.resumed
    await ben.says("after")
    await chi.hears("after", frm="Ben")
    await ana.hears("before", frm="Ben")


async def test_a_second_tab_is_the_same_seat(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    before = await ana.catches_up()
    other = await ben.opens_another_tab()
    assert other.seat == ben.seat
    await other.says("from the other tab")
    await ben.hears("from the other tab", frm="Ben")
    await ana.hears("from the other tab", frm="Ben")
    assert ana.noticed(before) == ["said"], "nobody is told of a tab"
    assert len([each for each in ana.people.values() if each["place"] == "inside"]) == 2


async def test_closing_one_of_two_tabs_ends_nothing(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    other = await ben.opens_another_tab()
    await ben.closes_the_tab()
    await other.says("still here")
    await ana.hears("still here", frm="Ben")
    assert evening.host.people.seats == {ana.seat, ben.seat}


async def test_who_was_cut_off_gets_what_they_missed_once(evening: Evening):
    ana, ben, chi = await under_way(evening, "Ben", "Chi")
    await chi.says("one")
    await ben.hears("one", frm="Chi")
    await ben.is_cut_off()
    await chi.says("two")
    await ana.says("three")
    await ben.comes_back()
    assert ben.resumed
    await chi.says("four")
    for text, name in (("two", "Chi"), ("three", "Ana"), ("four", "Chi")):
        await ben.hears(text, frm=name)


async def test_who_comes_back_without_a_position_is_told_that_they_missed_something(evening: Evening):
    _, ben, chi = await under_way(evening, "Ben", "Chi")
    await ben.is_cut_off()
    await chi.says("missed")
    ben.at = None
    await ben.comes_back()
    assert not ben.resumed
    await chi.says("heard")
    await ben.hears("heard", frm="Chi")


async def test_a_position_from_nowhere_is_answered_with_the_whole_state(evening: Evening):
    _, ben = await under_way(evening, "Ben")
    for nowhere in ({"epoch": "another", "seq": 1}, {**(ben.at or {}), "seq": -1}, {"epoch": "", "seq": 0}):
        await ben.is_cut_off()
        ben.at = nowhere
        await ben.comes_back()
        assert not ben.resumed
        assert ben.at["epoch"] != "another"


async def test_the_same_ref_again_is_acknowledged_and_carried_once(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    await ben.says("once", ref="a1")
    await ben.is_cut_off()
    await ben.comes_back()
    answer = await ben.asks("say", ref="a1", text="once")
    assert answer == {"type": "ack", "ref": "a1", "seq": None}
    await ben.says("then this")
    for each in (ana, ben):
        await each.hears("once", frm="Ben")
        await each.hears("then this", frm="Ben")


async def test_the_same_ref_twice_at_once_is_carried_once(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    for _ in range(2):
        await ben.sends({"type": "say", "ref": "a1", "text": "once"})
    assert {(await ben.answer_to("a1"))["type"] for _ in range(2)} == {"ack"}
    await ben.says("then this")
    await ana.hears("once", frm="Ben")
    await ana.hears("then this", frm="Ben")


async def test_two_people_may_use_the_same_ref(evening: Evening):
    ana, ben, chi = await under_way(evening, "Ben", "Chi")
    await ben.says("mine", ref="r")
    await chi.says("and mine", ref="r")
    await ana.hears("mine", frm="Ben")
    await ana.hears("and mine", frm="Chi")


async def test_a_quieted_person_who_reconnects_is_still_quieted(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    await ana.quiets(ben)
    await ben.sees_that("you", held_back="quieted")
    await ben.says("and another thing")
    await ben.is_refused("quieted")
    await ben.is_cut_off()
    await ben.comes_back()
    assert ben.you["held_back"] == "quieted"
    await ben.says("and another thing")
    await ben.is_refused("quieted")
    other = await ben.opens_another_tab()
    await other.says("and another thing")
    await other.is_refused("quieted")


async def test_the_others_are_not_told_who_was_quieted(evening: Evening):
    ana, ben, chi = await under_way(evening, "Ben", "Chi")
    before = await chi.catches_up()
    await ana.quiets(ben)
    told = await chi.sees("quieted")
    assert (told["seat"], told["until"], told["reason"], told["by"]) == (None, None, None, "Ana")
    await ana.says("go on, Chi")
    await chi.hears("go on, Chi", frm="Ana")
    assert chi.noticed(before) == ["quieted", "controls", "said"]
    frames = [frame for frame in chi.frames[before:] if frame["type"] in {"quieted", "controls"}]
    assert frames[1]["room"].keys() == {"lately"}, (
        "the list of what has happened, and nothing else of the room"
    )
    assert ben.seat not in repr(frames)
    assert "Ben" not in repr(frames)


async def test_a_removed_person_is_closed_out_of_every_tab_and_cannot_return(evening: Evening):
    ana, ben, chi = await under_way(evening, "Ben", "Chi")
    other = await ben.opens_another_tab()
    await ana.removes(ben)
    for tab in (ben, other):
        await tab.sees("removed")
        await tab.is_closed(4003)
    await chi.sees("someone_removed")
    await ben.opens()
    await ben.greets()
    await ben.is_refused("removed")
    await ben.is_closed(4003)
    door = await ben.browser.posts(evening.door_path, name="Somebody Else", how="come_in")
    assert door.status_code == 403
    assert "Thursday" in door.text


async def test_a_removal_that_is_taken_back_opens_the_door_to_that_browser_again(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    await ana.removes(ben)
    await ben.is_closed(4003)
    await ana.asks("readmit", seat=ben.seat)
    door = await ben.browser.posts(evening.door_path, name="Ben", how="come_in")
    assert door.status_code == 303
    await ben.comes_back()
    await ben.says("here again")
    await ana.hears("here again", frm="Ben")


async def test_after_a_removal_the_link_alone_brings_nobody_in(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    await ana.removes(ben)
    again = await evening.visits("Benno")
    assert again.you["place"] == "waiting"
    await again.says("me again")
    await again.is_refused("waiting")


async def test_a_facilitator_walks_past_the_lobby_and_takes_no_seat_from_members(evening: Evening):
    small = await evening.house.evening(seats=2)
    ana, *_ = await under_way(small, "Ben", "Chi")
    browser = await small.comes_to_the_door()
    full = await browser.posts(small.door_path, name="Dee", how="come_in")
    assert "Every seat is taken" in full.text
    eve = await small.facilitates("Eve")
    assert eve.you["place"] == "inside"
    await eve.says("hello all")
    await ana.hears("hello all", frm="Eve")


async def test_at_the_door_of_a_full_room_one_stands_in_line_and_takes_the_seat_that_comes_free(
    own_evening: Evening,
):
    small = await own_evening.house.evening(seats=2)
    ana, ben, _ = await under_way(small, "Ben", "Chi")
    browser = await small.comes_to_the_door()
    full = await browser.posts(small.door_path, name="Dee", how="listen")
    assert "Stand in line" in full.text
    assert "stand in line for a seat" not in full.text
    # What they wrote and chose goes along in the form.
    assert 'name="name" value="Dee"' in full.text
    assert 'name="how" value="listen"' in full.text
    onward = await browser.posts(small.door_path, name="Dee", how="listen", line="yes")
    assert onward.headers["location"] == small.live_path
    dee = Visitor(browser, small.live_path, "Dee")
    await dee.connects()
    assert (dee.you["place"], dee.you["in_line"], dee.you["listening"]) == ("queued", 1, True)
    await ana.catches_up()
    assert ana.people[dee.seat]["place"] == "queued"
    another = await (await small.comes_to_the_door()).posts(small.door_path, name="Eli", how="come_in")
    assert "1 person stands in line for a seat" in another.text

    await ben.leaves()
    await ben.is_closed(4004)
    await small.house.passes(1)
    await dee.sees("seat_offered")
    await dee.asks("take_offer")
    await dee.sees_that("you", place="inside")


async def test_there_is_no_line_at_the_door_of_a_full_room_that_is_closing(evening: Evening):
    small = await evening.house.evening(seats=2)
    ana, *_ = await under_way(small, "Ben", "Chi")
    await ana.asks("begin_closing")
    browser = await small.comes_to_the_door()
    full = await browser.posts(small.door_path, name="Dee", how="come_in", line="yes")
    assert "Every seat is taken" in full.text
    assert "Stand in line" not in full.text


async def test_who_came_to_listen_cannot_write(evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben", listening=True)
    assert ben.you["held_back"] == "listening"
    await ben.says("after all")
    await ben.is_refused("listening")
    await ana.says("welcome")
    await ben.hears("welcome", frm="Ana")


async def test_who_leaves_is_gone_and_may_come_again(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    await ben.leaves()
    await ben.is_closed(4004)
    await ana.sees("left")
    door = await ben.browser.gets(evening.door_path)
    assert door.status_code == 200
    back = await ben.browser.posts(evening.door_path, name="Ben", how="come_in")
    assert back.headers["location"] == evening.live_path
    ben.at = None
    await ben.comes_back()
    assert ben.you["place"] == "inside"


async def test_who_comes_back_while_names_are_frozen_is_called_as_before_on_every_page(evening: Evening):
    ana, ben = await under_way(evening, "Ben")
    await ana.asks("freeze_names", on=True)
    await ben.leaves()
    await ben.is_closed(4004)
    await ana.sees("left")
    back = await ben.browser.posts(evening.door_path, name="Robin", how="come_in")
    assert back.headers["location"] == evening.live_path
    page = await ben.browser.gets(evening.live_path)
    assert Page(page).attributes("data-name") == ["Ben"]
    assert "Robin" not in page.text
    ben.at = None
    await ben.comes_back()
    assert ben.you["name"] == ben.people[ben.seat]["name"] == "Ben"
    await ana.catches_up()
    assert ana.people[ben.seat]["name"] == "Ben"


async def test_the_end_is_told_to_everybody_and_the_door_says_so(own_evening: Evening):
    ana, ben = await under_way(own_evening, "Ben")
    await ben.says("goodbye")
    await ana.ends()
    for each in (ana, ben):
        await each.hears("goodbye", frm="Ben")
        await each.sees("ended")
    await own_evening.house.passes(minutes=11)
    await ben.is_closed(4000)
    page = await ben.browser.follows(await ben.browser.gets(own_evening.live_path))
    assert "This session has ended" in page.text
    assert "goodbye" not in page.text
    await own_evening.house.passes(minutes=20)
    await ana.is_closed(4000)
    await ben.opens()
    await ben.greets()
    await ben.is_refused("over")
    await ben.is_closed(4000)


async def test_after_the_end_who_is_still_there_can_write_to_a_facilitator_and_comes_back_to_it(
    own_evening: Evening,
):
    ana, ben, chi = await under_way(own_evening, "Ben", "Chi")
    await ana.ends()
    await ben.sees("ended")
    # The records say that it is over; the room goes on for whoever was there.
    await own_evening.house.passes(60)
    await ben.is_cut_off()
    assert (await ben.browser.gets(own_evening.live_path)).status_code == 200, "the page may be loaded again"
    await ben.comes_back()
    await ben.asks("write_line", seat=None, text="can we talk?")
    assert (await ana.sees("line_written"))["text"] == "can we talk?"
    await ana.asks("write_line", seat=ben.seat, text="of course")
    assert (await ben.sees("line_written"))["text"] == "can we talk?"
    assert (await ben.sees("line_written"))["text"] == "of course"
    await chi.says("and to everybody")
    await chi.is_refused("over")
    late = await own_evening.house.browser().gets(own_evening.join_path)
    assert late.headers["location"] != own_evening.live_path
    await ana.leaves()
    await ana.is_closed(4000)
    await own_evening.house.passes(50)
    for each in (ben, chi):
        await each.sees("lines_shut")
        await each.is_closed(4000)
    assert "can we talk?" not in repr(chi.frames)


async def test_a_message_taken_down_while_somebody_was_away_is_not_replayed_to_them(evening: Evening):
    ana, ben, chi = await under_way(evening, "Ben", "Chi")
    await chi.is_cut_off()
    message = await ben.says("Ben's address is 1 Some Street")
    await ana.asks("take_down", message=message, category="private_details")
    await chi.comes_back()
    assert chi.resumed
    assert (await chi.sees("taken_down"))["message"] == message
    assert "Some Street" not in str(chi.frames)


async def test_a_page_that_goes_while_it_is_let_in_leaves_nobody_behind(evening: Evening):
    ana, *_ = await under_way(evening)
    browser = await evening.comes_to_the_door()
    await browser.posts(evening.door_path, name="Ben", how="come_in")
    hasty = evening.page(browser, evening.live_path, "Ben")
    await hasty.opens()
    await hasty.greets_and_goes()
    await ana.catches_up()
    assert evening.host.people.seats == {ana.seat}, "Ben has no page open, and must be missed some day"


async def test_after_a_restart_a_page_comes_back_by_itself(own_evening: Evening):
    evening, house = own_evening, own_evening.house
    ana, ben = await under_way(evening, "Ben")
    await ben.says("before")
    await house.restarts()
    for each in (ana, ben):
        await each.is_closed(1012)
    await ben.comes_back()
    assert (ben.you["name"], ben.you["place"]) == ("Ben", "waiting")
    await ana.comes_back()
    assert not ana.resumed
    await ana.starts()
    await ben.is_welcome()
    await ben.says("after")
    await ana.hears("before", frm="Ben")
    await ana.hears("after", frm="Ben")
