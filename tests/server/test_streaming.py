"""Where no WebSocket gets through: what is different there. What is the same is told by ``test_evening`` for both."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from rooms.live.words import Role
from server.connection import UNREAD_LIMIT
from server.pace import PACES
from server.posts import MOST_POSTED
from server.stream_line import SILENT_SECONDS, StreamLine
from server.wire import MOST_FAULTS
from tests.server.browser import Browser
from tests.server.house import Evening, House
from tests.server.streaming import PROTOCOL, Streaming
from tests.server.test_hostile_frames import INVALID, UNKNOWN, UNREADABLE, quiet, say
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
CUP = "\N{TEACUP WITHOUT HANDLE}"


async def under_way(evening: Evening, *names: str) -> tuple[Visitor, list[Streaming]]:
    """Ana has started, at a socket of hers; the others come from behind a proxy."""
    ana = await evening.facilitates("Ana")
    await ana.starts()
    behind = evening.over(Streaming)
    others = [await behind.visits(name) for name in names]
    return ana, [each for each in others if isinstance(each, Streaming)]


async def nobody_is_left(evening: Evening, *stay: Visitor) -> None:
    """Every stream has been let go of, and the room knows it."""
    while len(evening.house.home.streams):  # noqa: ASYNC110  the server has no event for what a test is curious about
        await asyncio.sleep(0.005)
    assert evening.host.people.seats == {each.seat for each in stay}


def the_line_of(page: Streaming, house: House) -> StreamLine:
    stream = house.home.streams.find(page.stream)
    assert stream is not None
    return stream.line


def commands(*texts: str) -> bytes:
    return "\n".join(say(json.dumps(text), json.dumps(f"m{n}")) for n, text in enumerate(texts)).encode()


# Down


async def test_the_answer_is_kept_and_gathered_by_nobody(evening: Evening):
    _, (ben,) = await under_way(evening, "Ben")
    assert ben.head["content-type"] == "text/event-stream"
    assert ben.head["cache-control"] == "no-store, no-transform"
    assert ben.head["x-accel-buffering"] == "no"
    assert ben.head["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in ben.head
    answer = await ben.posts(b"")
    assert (answer.status_code, answer.headers["cache-control"]) == (204, "no-store")


async def test_people_at_sockets_and_at_streams_read_the_same_in_the_same_order(evening: Evening):
    ana, (ben, chi) = await under_way(evening, "Ben", "Chi")
    for number in range(5):
        await ana.says(f"ana {number}")
        await ben.says(f"ben {number}")
    for each in (ana, ben, chi):
        for number in range(5):
            await each.hears(f"ana {number}", frm="Ana")
            await each.hears(f"ben {number}", frm="Ben")


async def test_an_event_comes_before_the_answer_to_what_caused_it(evening: Evening):
    _, (ben,) = await under_way(evening, "Ben")
    await ben.says("hi")
    kinds = [frame["type"] for frame in ben.frames if frame["type"] in {"said", "ack"}]
    assert kinds == ["said", "ack"]


@pytest.mark.parametrize("reads_again", [True, False])
async def test_who_does_not_read_is_ended_with_the_code_for_it(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, *, reads_again: bool
):
    if not reads_again:
        monkeypatch.setattr(StreamLine, "stalled_seconds", 0.2)
    ana, (ben,) = await under_way(evening, "Ben")
    slow = Streaming(ben.browser, ben.live_path, "Ben")
    await slow.connects(buffer=4096)
    (line,) = [
        each.line for name in (slow.stream,) if (each := evening.house.home.streams.find(name)) is not None
    ]
    slow.stops_reading()
    # As much as its kernel and ours take, and what we keep for it.
    for _ in range(200):
        line.send(b'{"type":"beat","at":null,"now":0,"more":"%b"}' % (b"." * 50_000))
        if reads_again and line._code:
            break
        await asyncio.sleep(0)
    await ana.says("the others are served")
    await ben.hears("the others are served", frm="Ana")
    if reads_again:
        assert line._waiting <= UNREAD_LIMIT + 50_100
        slow.reads_again()
        await slow.is_closed(4008)
    while len(evening.house.home.streams) > 1:  # noqa: ASYNC110  as in nobody_is_left
        await asyncio.sleep(0.01)
    assert line._code == 4008
    await ben.closes_the_tab()
    await nobody_is_left(evening, ana)


async def test_a_page_that_falls_silent_is_missed(evening: Evening):
    """As one whose network went without a word: at every beat a page posts something, if only nothing."""
    ana, (ben,) = await under_way(evening, "Ben")
    line = the_line_of(ben, evening.house)
    line._heard_at -= SILENT_SECONDS
    assert (await ben.posts(b"")).status_code == 204
    line._look_whether_silent()
    await ben.says("still here")
    line._heard_at -= SILENT_SECONDS
    line._look_whether_silent()
    await ben.is_closed(1006)
    await nobody_is_left(evening, ana)
    await ben.comes_back()
    assert ben.resumed


async def test_who_goes_is_let_go_of_at_once(evening: Evening):
    ana, (ben,) = await under_way(evening, "Ben")
    await ben.closes_the_tab()
    await nobody_is_left(evening, ana)


async def test_who_says_that_they_go_is_let_go_of_though_their_proxy_holds_on(evening: Evening):
    ana, (ben, mal) = await under_way(evening, "Ben", "Mal")
    for name in (ben.stream, "x", ""):
        assert await mal.says_that_it_goes(**{"tealight-stream": name}) == 404
    assert await mal.says_that_it_goes(origin="https://evil.example") == 403
    await ben.says("nobody but me sends me away")
    await mal.hears("nobody but me sends me away", frm="Ben")
    assert await mal.says_that_it_goes() == 204
    assert await ben.says_that_it_goes() == 204
    await nobody_is_left(evening, ana)
    await ben.is_closed(1006)
    await ben.comes_back()
    assert ben.resumed


# Up


async def test_what_is_posted_together_is_said_in_its_order(evening: Evening):
    ana, (ben,) = await under_way(evening, "Ben")
    texts = [f"{n} of sixteen" for n in range(16)]
    assert (await ben.posts(commands(*texts) + b"\n\n")).status_code == 204
    for each in (ana, ben):
        for text in texts:
            await each.hears(text, frm="Ben")


async def test_sixteen_posts_at_once_are_each_said_once_and_each_in_its_own_order(evening: Evening):
    ana, (ben,) = await under_way(evening, "Ben")
    pairs = [
        b"\n".join([say(f'"{n} a"', f'"a{n}"').encode(), say(f'"{n} b"', f'"b{n}"').encode()])
        for n in range(8)
    ]
    answers = await asyncio.gather(*map(ben.posts, [*pairs, *pairs]))
    assert {answer.status_code for answer in answers} == {204}
    heard = [(await ana.hears_anything())["text"] for _ in range(16)]
    assert heard == [(await ben.hears_anything())["text"] for _ in range(16)]
    assert sorted(heard) == sorted(f"{n} {which}" for n in range(8) for which in "ab")
    for first, second in zip(heard[::2], heard[1::2], strict=True):
        assert (first[:-1], first[-1], second[-1]) == (second[:-1], "a", "b")
    await ana.says("and nothing more")
    await ben.hears("and nothing more", frm="Ana")


async def test_the_longest_message_in_the_largest_letters_fits(evening: Evening):
    ana, (ben,) = await under_way(evening, "Ben")
    text = CUP * 1000
    frame = {"type": "say", "ref": "r" * 40, "text": text, "note": CUP * 60, "tag": "just_listen"}
    longest = json.dumps(frame, ensure_ascii=False).encode()
    assert len(longest) < MOST_POSTED
    await ben.posts(longest)
    assert (await ben.answer_to("r" * 40))["type"] == "ack"
    await ana.hears(text, frm="Ben")


async def test_a_post_that_a_proxy_might_put_down_in_a_file_is_refused_before_it_is_read(evening: Evening):
    ana, (ben,) = await under_way(evening, "Ben")
    fits = say(json.dumps("fits")).encode()
    fits += b" " * (MOST_POSTED - len(fits))
    assert (await ben.posts(fits + b" ")).status_code == 413
    assert (await ben.posts(fits)).status_code == 204
    await ana.hears("fits", frm="Ben")

    async def in_pieces():
        yield say(json.dumps("in pieces")).encode()

    for where, name in (("post", ben.stream), ("stream", "")):
        answer = await ben.browser.http.post(
            f"{ben.live_path}/{where}",
            content=in_pieces(),
            headers={**PROTOCOL, "origin": ben.browser.origin, "tealight-stream": name},
        )
        assert answer.status_code == 411
    # A megabyte is announced and never sent: the answer does not wait for it.
    other = Streaming(ben.browser, ben.live_path, "Ben")
    await other.asks_for_a_stream(b"", **{"content-length": "1000000"})
    assert other.status == 413
    await ben.says("still here")
    await ana.hears("still here", frm="Ben")


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "", "{origin}.evil.example", "{origin}0", "https://{bare}", "{origin}/"],
)
async def test_another_site_gets_no_stream_and_posts_nothing(evening: Evening, origin: str):
    ana, (ben,) = await under_way(evening, "Ben")
    given = origin.format(origin=ben.browser.origin, bare=ben.browser.origin.removeprefix("http://"))
    assert (await ben.posts(commands("not mine"), origin=given)).status_code == 403
    foreign = Streaming(ben.browser, ben.live_path, "Ben")
    await foreign.asks_for_a_stream(b'{"type":"hello","at":null}', origin=given)
    assert foreign.status == 403
    await ben.says("mine")
    await ana.hears("mine", frm="Ben")


async def test_what_a_form_or_a_simple_request_can_send_opens_and_posts_nothing(evening: Evening):
    ana, (ben,) = await under_way(evening, "Ben")
    for where in ("stream", "post", "gone"):
        for protocol in ({}, {"tealight-protocol": "tealight.2"}):
            answer = await ben.browser.http.post(
                f"{ben.live_path}/{where}",
                content=commands("not so"),
                headers={**protocol, "origin": ben.browser.origin, "tealight-stream": ben.stream},
            )
            assert answer.status_code == 404
        asked = await ben.browser.http.options(f"{ben.live_path}/{where}", headers={"origin": "https://evil"})
        assert asked.status_code == 405
        assert not [name for name in asked.headers if name.startswith("access-control")]
    await ben.says("so")
    await ana.hears("so", frm="Ben")


# Names of streams


async def test_a_name_is_of_use_to_the_seat_that_it_was_given_to_and_to_nobody_else(
    evening: Evening, house: House
):
    ana, (ben, mal) = await under_way(evening, "Ben", "Mal")
    theirs = ben.stream
    assert len({ben.stream, mal.stream}) == 2
    stranger = Browser(house.url, house.origin)

    async def tries(browser: Browser, name: str) -> httpx2.Response:
        return await browser.http.post(
            f"{ben.live_path}/post",
            content=commands("in Ben's name"),
            headers={**PROTOCOL, "origin": house.origin, "tealight-stream": name},
        )

    elsewhere = await house.evening()
    for browser, name in (
        (mal.browser, theirs),
        (stranger, theirs),
        (mal.browser, mal.stream[:-1]),
        (mal.browser, mal.stream.replace("~", "~x")),
        (mal.browser, "x" * 10_000),
        (mal.browser, ""),
        (mal.browser, "~."),
    ):
        assert (await tries(browser, name)).status_code == 404, name
    answer = await mal.browser.http.post(
        f"{elsewhere.live_path}/post",
        content=commands("in another room"),
        headers={**PROTOCOL, "origin": house.origin, "tealight-stream": mal.stream},
    )
    assert answer.status_code == 404
    await ben.says("I am Ben")
    await ana.hears("I am Ben", frm="Ben")
    await stranger.closes()


async def test_the_name_of_a_stream_that_is_over_says_that_another_is_to_be_opened(evening: Evening):
    ana, (ben,) = await under_way(evening, "Ben")
    before = ben.stream
    await ben.is_cut_off()
    await nobody_is_left(evening, ana)
    assert (await ben.posts(commands("too late"))).status_code == 410
    await ben.comes_back()
    assert ben.stream != before
    await ben.says("in time")
    await ana.hears("in time", frm="Ben")


async def test_a_name_from_before_a_restart_is_good_but_the_seat_is_not_known_yet(own_evening: Evening):
    _, (ben,) = await under_way(own_evening, "Ben")
    await own_evening.house.restarts()
    await ben.is_closed(1012)
    assert (await ben.posts(commands("into the dark"))).status_code == 503
    await ben.comes_back()
    assert (ben.you["name"], ben.you["place"]) == ("Ben", "waiting")


async def test_who_may_not_come_in_is_told_by_a_code_as_on_a_socket(evening: Evening, house: House):
    await under_way(evening)
    nobody = Streaming(house.browser(), evening.live_path, "Nobody")
    await nobody.opens()
    await nobody.greets()
    assert (nobody.status, nobody.stream) == (200, "")
    await nobody.is_closed(4004)
    nowhere = Streaming(house.browser(), "/live/" + "x" * 16, "Nobody")
    await nowhere.opens()
    await nowhere.greets()
    await nowhere.is_closed(4004)


async def test_a_facilitator_whose_sign_in_ends_is_shown_out(evening: Evening, house: House):
    ana = await evening.over(Streaming).facilitates("Ana")
    assert isinstance(ana, Streaming)
    await ana.starts()
    await ana.browser.posts("/sign-out")
    await house.home.staff_pages.look()
    await ana.is_closed(4001)
    assert (await ana.posts(b'{"type":"pause","ref":"p","reason":"a_minute"}')).status_code == 404
    await ana.opens()
    await ana.greets()
    await ana.is_closed(4004)


# What a page of somebody's own making may post


@pytest.mark.parametrize(
    ("why", "frames"), [("unreadable", UNREADABLE), ("unknown", UNKNOWN), ("invalid", INVALID)]
)
async def test_what_is_no_command_is_answered_as_on_a_socket(
    evening: Evening, why: str, frames: dict[str, str]
):
    ana, (ben, mal) = await under_way(evening, "Ben", "Mal")
    since = await ana.catches_up()
    lines = {what: frame for what, frame in frames.items() if frame.strip()}
    faults = 0
    for what, frame in lines.items():
        if faults % (MOST_FAULTS - 1) == 0:
            mal = await mal.opens_another_tab()
        answer = await mal.posts(frame.encode())
        if len(frame.encode()) > MOST_POSTED:
            assert (what, answer.status_code) == (what, 413)
            continue
        faults += 1
        assert answer.status_code == 204
        ref = "a" if why != "unreadable" and '"ref":"a"' in frame.replace(" ", "") else None
        assert (what, (await mal.answer_to(ref))["why"]) == (what, why)
    await ben.says("is anything wrong?")
    await ana.hears("is anything wrong?", frm="Ben")
    assert ana.noticed(since) == ["said"]


@pytest.mark.parametrize("seed", range(3))
async def test_posts_that_were_garbled_break_nothing(evening: Evening, seed: int):
    """Bytes flipped, cut out, doubled and put in, in every kind of frame that a page may send."""
    chance = random.Random(seed)
    ana, (ben, mal) = await under_way(evening, "Ben", "Mal")
    sound = [
        each.encode()
        for each in [*UNKNOWN.values(), *INVALID.values(), say(), quiet("2"), say(json.dumps(CUP * 9), '"r"')]
        if len(each) < 1000
    ]
    for _ in range(25):
        if mal.closed is not None or mal.stream == "":
            mal = await mal.opens_another_tab()
        frames = [bytearray(chance.choice(sound)) for _ in range(chance.randrange(1, 4))]
        for frame in frames:
            for _ in range(chance.randrange(1, 6)):
                at = chance.randrange(len(frame) + 1)
                frame[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
        assert (await mal.posts(b"\n".join(map(bytes, frames)))).status_code == 204
        try:
            await mal.posts(b'{"type":"take_back","ref":"looks","message":"nobody.0"}')
            await mal.answer_to("looks")
        except ConnectionClosed:
            assert mal.closed in {1007, 1008, 4029}, "and never 1011, which would be a mistake of ours"
    await ben.says("is anything wrong?")
    while (await ana.hears_anything())["name"] != "Ben":
        pass


@pytest.mark.parametrize(
    ("posted", "code"),
    [
        (b'{"type":"say","ref":"a","text":"\xff"}', 1007),
        (b'{"type":"say","ref":"a","text":"\xed\xa0\x80"}', 1007),
        (b"1\n2\n3\n4\n5\n" + say(json.dumps("the sixth")).encode(), 1008),
    ],
)
async def test_who_breaks_the_protocol_is_closed_with_the_documented_code(
    evening: Evening, posted: bytes, code: int
):
    ana, (mal,) = await under_way(evening, "Mal")
    await mal.posts(posted)
    await mal.is_closed(code)
    await ana.says("nothing came of it")
    await ana.hears("nothing came of it", frm="Ana")


async def test_who_greets_and_says_nothing_more_to_the_point_is_closed(another_house: OpensHouses):
    house = await another_house(hello_seconds=0.1)
    evening = await house.evening()
    _, (ben,) = await under_way(evening, "Ben")
    silent = Streaming(ben.browser, ben.live_path, "Ben")
    await silent.asks_for_a_stream(b"")
    await silent.is_closed(1008)
    await ben.says("I greeted")


async def test_a_flood_of_posts_is_slowed_down_and_then_closed(evening: Evening):
    ana, (ben, mal) = await under_way(evening, "Ben", "Mal")
    for batch in range(10):
        frames = "\n".join(say(f'"{batch} {n}"', f'"f{batch}.{n}"') for n in range(10))
        if (await mal.posts(frames.encode())).status_code != 204:
            break
    await mal.is_closed(4029)
    assert {frame["why"] for frame in mal.frames if frame["type"] == "refused"} == {"too_fast"}
    await ben.says("can anybody hear me?")
    said = 0
    while (await ana.hears_anything())["name"] == "Mal":
        said += 1
    assert said <= PACES[Role.MEMBER].at_once + 4
    await mal.comes_back()


async def test_a_facilitator_who_posts_too_fast_is_heard_later(evening: Evening):
    ana = await evening.over(Streaming).facilitates("Ana")
    assert isinstance(ana, Streaming)
    await ana.starts()
    ben = await evening.visits("Ben")
    for batch in range(6):
        pairs = [
            json.dumps({"type": kind, "ref": f"{kind}{batch}.{n}", "seat": ben.seat, **more})
            for n in range(10)
            for kind, more in (("quiet", {"minutes": 2, "reason": "unkind"}), ("unquiet", {}))
        ]
        assert (await ana.posts("\n".join(pairs).encode())).status_code == 204
    for batch in range(6):
        for n in range(10):
            for kind in ("quiet", "unquiet"):
                assert (await ana.answer_to(f"{kind}{batch}.{n}"))["type"] == "ack"
