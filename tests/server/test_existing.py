"""What exists right now: told to whoever sits in the room, as it is in memory at that moment, and never more than that."""

from rooms.live.state import Note
from rooms.receipts import Everywhere, Holds
from rooms.ring import LONGEST_SECONDS
from server.pages.existing import sentences
from server.words import catalogues
from tests.server.browser import Browser
from tests.server.house import Evening

CATCH_UP = "For phones that lost touch, this server holds"
NONE = "This server holds no message in its memory just now."
FORGOTTEN = "This server looked in its memory, and holds no word of this session any more."


async def told(browser: Browser, evening: Evening) -> list[str]:
    answer = await browser.gets(f"{evening.live_path}/now")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    lines: list[str] = answer.json()
    return lines


def one(lines: list[str], beginning: str) -> str:
    (found,) = (line for line in lines if line.startswith(beginning))
    return found


async def test_it_counts_the_messages_that_are_held_and_says_until_when(own_evening: Evening):
    evening, house = own_evening, own_evening.house
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    before = await told(ben.browser, evening)
    assert before[:2] == ["At 19:30 UTC:", NONE]
    assert one(before, "The oldest").endswith("within 4 minutes.")
    assert one(before, "It holds 2 names")

    first = await ben.says("one thing")
    await ben.says("another")
    lines = await told(ben.browser, evening)
    assert one(lines, CATCH_UP) == f"{CATCH_UP} 2 messages in its memory, and what happened around them."

    await ben.asks("take_back", message=first)
    assert one(await told(ben.browser, evening), CATCH_UP).startswith(f"{CATCH_UP} 1 message in its memory")
    await house.passes(LONGEST_SECONDS - 10)
    oldest = one(await told(ben.browser, evening), "The oldest")
    assert oldest == "The oldest of what happened is forgotten within a minute."
    await house.passes(30)
    lines = await told(ben.browser, evening)
    assert NONE in lines
    assert not [line for line in lines if line.startswith("The oldest")]


async def test_what_only_some_may_read_is_counted_for_them_alone(evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben, chi = await evening.visits("Ben"), await evening.visits("Chi")
    await ben.asks("write_line", seat=None, text="may I ask you something")
    await ana.sees("line_written")
    await ana.asks("write_backchannel", text="I look after Ben")
    await ben.asks("propose_line", text="One at a time.")
    beside = "Of lines that were proposed, asked, or wait to be looked at, you can read"
    lines = await told(ben.browser, evening)
    assert one(lines, "Of the private line") == "Of the private line that you can read it holds 1 note."
    assert one(lines, beside) == f"{beside} 1."
    lines = await told(chi.browser, evening)
    assert not [line for line in lines if line.startswith("Of the private line")]
    assert one(lines, beside) == f"{beside} 1."
    lines = await told(ana.browser, evening)
    assert one(lines, "Of the private line") == "Of the private line that you can read it holds 1 note."
    assert one(lines, beside) == f"{beside} 2."


async def test_a_private_line_changes_nothing_that_others_are_told(evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben, chi = await evening.visits("Ben"), await evening.visits("Chi")
    before = await told(chi.browser, evening)
    await ben.asks("write_line", seat=None, text="may I ask you something")
    await ben.asks("flag", verb="worried", message=None, seat=chi.seat, text="she is very quiet")
    assert await told(chi.browser, evening) == before


async def test_a_copy_is_owned_up_to(evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    assert one(await told(ben.browser, evening), "No facilitator has kept a copy")
    message = await ben.says("I am not safe")
    await ana.asks("keep_copy", messages=[message], danger=False)
    lines = await told(ben.browser, evening)
    assert one(lines, "A facilitator kept a copy of something to get help, once.")
    await ana.asks("keep_copy", messages=[message], danger=False)
    assert one(
        await told(ben.browser, evening), "Facilitators kept a copy of something to get help, 2 times."
    )


async def test_at_the_end_it_has_looked_and_holds_no_word(own_evening: Evening):
    evening, house = own_evening, own_evening.house
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    await ben.says("the last word")
    assert FORGOTTEN not in await told(ben.browser, evening)
    await ana.ends()
    await ben.sees_that("room", state="ended")
    lines = await told(ben.browser, evening)
    assert FORGOTTEN in lines
    assert one(lines, "It holds the names that people used, until 15 minutes after the end.")
    assert FORGOTTEN in await told(ana.browser, evening)
    await house.passes(minutes=1)
    await house.passes(minutes=16)
    lines = await told(ben.browser, evening)
    assert one(lines, "Of all names it holds those of the facilitators, until half an hour after the end.")
    # The talk of those who facilitated is over, and a minute later every node has heard of it.
    for minutes in (14, 1, 1):
        await house.passes(minutes=minutes)
    lines = await told(ben.browser, evening)
    assert one(lines, "The server that answered you holds nothing of this room.")


async def test_were_anything_left_it_would_say_so(evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    await ben.says("the last word")
    held = list(evening.host.people.ring.held_for(evening.host.room.controls.seats[ben.seat]))
    assert held
    await ana.ends()
    await ben.sees_that("room", state="ended")
    late = "It holds what was written privately after the end, until the time for that is over."
    evening.host._following.room = evening.host.room.with_recent(
        lines={ben.seat: (Note("n", ben.seat, "Ben", "are you there", evening.house.clock()),)}
    )
    lines = await told(ben.browser, evening)
    assert FORGOTTEN in lines
    assert late in lines
    evening.host.people.ring._kept.extend(held)
    lines = await told(ben.browser, evening)
    assert FORGOTTEN not in lines
    assert "This server has not forgotten everything yet. Please look again in a moment." in lines


INSIDE = Holds(hosts=True, inside=True, messages=2, names=3)
EMPTY = Holds(hosts=True, over=True, members=True)
LEFT = Holds(hosts=True, over=True, words=True)
BEHIND = Holds(hosts=True, inside=True)
ALL_EMPTY = "So all 3 servers of ours were asked, and none of them holds a word of this session."


def said(here: Holds, *others: Holds, silent: int = 0) -> list[str]:
    return list(sentences(catalogues()["en"], Everywhere(here, others, silent), 0.0))


def test_of_other_servers_it_says_what_they_answered():
    alone = said(INSIDE)
    assert not [line for line in alone if "asked" in line]
    lines = said(INSIDE, INSIDE, Holds(), silent=2)
    assert [line for line in lines if line not in alone] == [
        "1 other server of ours was asked, and holds some of the same, for when this one fails. It forgets by the same rules.",
        "1 other server of ours was asked, and holds nothing of this room.",
        "2 other servers of ours were asked and did not answer in time. They may hold the same, and forget by the same rules.",
    ]


def test_at_the_end_all_are_empty_only_if_all_of_them_answered_so():
    assert ALL_EMPTY in said(EMPTY, EMPTY, Holds())
    for others, silent, beginning in (
        ((EMPTY,), 1, "1 other server of ours was asked and did not answer"),
        ((EMPTY, LEFT), 0, "1 other server of ours was asked, and has not forgotten"),
        # It has not heard yet that the session is over.
        ((EMPTY, BEHIND), 0, "1 other server of ours was asked, and has not forgotten"),
    ):
        lines = said(EMPTY, *others, silent=silent)
        assert one(lines, beginning)
        assert ALL_EMPTY not in lines
    assert not [line for line in said(LEFT, EMPTY, EMPTY) if line.startswith("So all")]


def test_a_server_that_holds_nothing_itself_passes_on_what_another_says():
    lines = said(Holds(), EMPTY, EMPTY)
    assert lines[:2] == [
        "The server that answered you holds nothing of this room, and asked another one of ours, which says:",
        FORGOTTEN,
    ]
    assert ALL_EMPTY in lines
    assert one(said(Holds(), INSIDE), "For phones that lost touch, this server holds 2 messages")
    assert said(Holds(), Holds())[0] == "The server that answered you holds nothing of this room."


async def test_only_who_sits_in_the_room_is_told(evening: Evening):
    ana = await evening.facilitates("Ana")
    waits = await evening.visits("Dev")
    outside = await evening.comes_to_the_door()
    path = f"{evening.live_path}/now"
    for browser in (waits.browser, outside, evening.house.browser()):
        assert (await browser.gets(path)).status_code == 404
    await ana.starts()
    await told(waits.browser, evening)
    await ana.removes(waits)
    await waits.is_closed(4003)
    assert (await waits.browser.gets(path)).status_code == 404
