"""What bounds everybody: how many pages one seat has, how much is asked of a room and of a node, and who waits for what.

Each bound is one of a seat, a room or a node, and none of an address: two hundred people may share one.
"""

import asyncio
import re
import resource
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from rooms.live.words import Role
from server.app import LARGEST_FORM
from server.connection import IGNORED_LIMIT, READ_WHILE_UNWRITTEN, UNREAD_LIMIT, WORDLESS_PER_SECOND
from server.crowd import TABS
from server.frames import MAX_MESSAGE
from server.http_deadline import LARGEST_HEAD
from server.pace import CODES, MOVES, NODE, OPENINGS, PACES, ROOM, SIGN_INS, Allowance, Bounds
from server.socket import _MOST_TOO_FAST, HELLO_SECONDS
from server.sweep import Patience, most_waiting
from server.websocket import RoomWebSocket
from server.wire import MOST_FAULTS
from tests.engines.servers import free_port
from tests.server.house import Evening, House
from tests.server.streaming import Streaming
from tests.server.test_command_line import Demo, command_with_files, reads_links
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
# So little comes back that nothing does while a test lasts.
DRY = 0.001


async def begun(evening: Evening, *names: str) -> tuple[Visitor, list[Visitor]]:
    ana = await evening.facilitates("Ana")
    await ana.starts()
    return ana, [await evening.visits(name) for name in names]


async def has_gone(crowd: Callable[[], int], count: int) -> None:
    while crowd() != count:  # noqa: ASYNC110  the server has no event for what a test is curious about
        await asyncio.sleep(0.005)


# Of one seat


@pytest.mark.parametrize("page", [Visitor, Streaming])
async def test_p7_the_sixth_page_of_a_seat_ends_the_first_and_no_other(evening: Evening, page: type[Visitor]):
    ana, _ = await begun(evening)
    ben = await evening.over(page).visits("Ben")
    others = [await ben.opens_another_tab() for _ in range(TABS - 1)]
    newest = await ben.opens_another_tab()
    await ben.is_closed(4009)
    await ana.says("who is there?")
    for each in (*others, newest):
        await each.hears("who is there?", frm="Ana")
    # “Use it here”: then it is the next one's turn.
    await ben.comes_back()
    await others[0].is_closed(4009)
    for each in (ben, *others[1:], newest):
        await each.closes_the_tab()
    await has_gone(lambda: len(evening.house.home.crowd), 1)


async def test_p3_five_pages_of_one_seat_send_no_more_than_one(evening: Evening):
    ana, (ben,) = await begun(evening, "Ben")
    tabs = [ben, *[await ben.opens_another_tab() for _ in range(TABS - 1)]]
    for number in range(10):
        for tab, each in enumerate(tabs):
            await each.sends({"type": "say", "ref": f"t{tab}-{number}", "text": f"{number}"})
    answers = [await each.answer_to(f"t{tab}-{n}") for tab, each in enumerate(tabs) for n in range(10)]
    carried = [answer for answer in answers if answer["type"] == "ack"]
    assert {answer["why"] for answer in answers if answer["type"] == "refused"} == {"too_fast"}
    at_once = PACES[Role.MEMBER].at_once
    assert at_once <= len(carried) < at_once + 5
    await ana.catches_up()


async def test_p3_who_goes_and_comes_again_has_no_new_allowance(evening: Evening):
    _, (ben,) = await begun(evening, "Ben")
    for number in range(25):
        await ben.sends({"type": "say", "ref": f"a{number}", "text": "x"})
        await ben.answer_to(f"a{number}")
    await ben.is_cut_off()
    # Who has used up their allowance is remembered also when those who have not are forgotten, once a minute.
    evening.house.home.crowd.forget(time.monotonic())
    await ben.comes_back()
    for number in range(10):
        await ben.sends({"type": "say", "ref": f"b{number}", "text": "x"})
    answers = [await ben.answer_to(f"b{number}") for number in range(10)]
    assert [answer["type"] for answer in answers].count("refused") >= 5


async def test_p3_who_comes_and_goes_without_end_is_asked_to_wait_and_nobody_else_is(evening: Evening):
    ana, (ben, mal) = await begun(evening, "Ben", "Mal")
    for _ in range(int(OPENINGS.at_once) + 3):
        await mal.closes_the_tab()
        try:
            await mal.connects()
        except ConnectionClosed:
            break
    await mal.is_closed(4029)
    await ben.is_cut_off()
    await ben.comes_back()
    await ana.says("and you?")
    await ben.hears("and you?", frm="Ana")


# Of a room, of a node


@pytest.fixture
async def small(another_house: OpensHouses) -> House:
    """Twelve things asked by all members of a room, sixteen at the node, and then for a long time none."""
    bounds = Bounds(room=Allowance(DRY, 12.0), node=Allowance(DRY, 16.0))
    return await another_house(bounds=bounds)


async def test_p3_a_room_that_is_flooded_by_many_is_busy_for_members_and_hears_who_looks_after_it(
    small: House,
):
    evening = await small.evening()
    ana, members = await begun(evening, "Ben", "Chi", "Dee", "Eli")
    carried = refused = 0
    for number in range(5):
        for each in members:
            await each.asks("say", text=f"{number}")
            if each.answer is not None and each.answer["type"] == "refused":
                await each.is_refused("busy")
                refused += 1
            else:
                carried += 1
    assert (carried, refused) == (12, 8)
    # What cleans up is heard, and whoever facilitates; and nobody was closed for what all of them did.
    await members[0].asks("flag", verb="not_okay", message=None, seat=None, text="")
    assert members[0].answer is not None
    assert members[0].answer.get("why") not in {"busy", "too_fast"}
    members[0].must_have_looked = lambda: None  # type: ignore[method-assign]  # its answer was just looked at
    await ana.asks("set_door", door="knock")
    await ana.quiets(members[1])
    assert all(each.closed is None for each in members)


async def test_p3_another_room_goes_on_until_the_node_has_enough(small: House):
    one, two = await small.evening(), await small.evening()
    _, here = await begun(one, "Ben", "Chi")
    eve, there = await begun(two, "Dee")
    for number in range(7):
        for each in here:
            await each.asks("say", text=f"{number}")
    for each in here:
        await each.is_refused("busy")
    answers = [await there[0].asks("say", text=f"{number}") for number in range(4)]
    assert [answer["type"] for answer in answers] == ["ack"] * 4
    await there[0].asks("say", text="one too many for this node")
    await there[0].is_refused("busy")
    await eve.says("I am heard whatever happens")


# Nobody by their address


async def test_l4_two_hundred_people_behind_one_address_all_come_in(another_house: OpensHouses):
    house = await another_house()
    evenings = [await house.evening(seats=50) for _ in range(4)]
    looked_after = [await begun(evening) for evening in evenings]
    few = asyncio.Semaphore(20)

    async def comes(number: int) -> Visitor:
        async with few:
            return await evenings[number % 4].visits(f"Guest {number // 4}")

    people = await asyncio.gather(*(comes(number) for number in range(200)))
    assert [each.closed for each in people] == [None] * 200
    for ana, _ in looked_after:
        await ana.says("there you are")
    for each in people:
        await each.hears("there you are", frm="Ana")
    # And whoever would sign in from there still can.
    answer = await house.browser().posts("/sign-in", name="nobody", password="nothing")
    assert answer.status_code == 422


# Who never comes to a point


async def test_p6_thousands_who_say_nothing_make_room_and_people_still_come_in(evening: Evening):
    most = most_waiting()
    ana, _ = await begun(evening)
    idle: list[socket.socket] = []
    try:
        for number in range(most + 200):
            wire = socket.create_connection(("127.0.0.1", evening.house.port))
            idle.append(wire)
            if number % 2:
                wire.sendall(b"GET / HTTP/1.1\r\nx-slowly: ")
            if number % 100 == 0:
                # Who comes behind them is answered once all of them were let in, and uvloop lets one in at a time: without,
                # they would fill the kernel's queue, and this loop, which is the server's too, wait for itself.
                assert (await evening.house.browser().gets("/health")).status_code == 200
        ben = await evening.visits("Ben")
        await ana.says("you found a way in")
        await ben.hears("you found a way in", frm="Ana")
        assert (await ben.browser.gets("/health")).status_code == 200
        for wire in idle[:100]:
            wire.setblocking(False)
            assert await ended(wire), "the oldest make room"
        idle[-1].setblocking(False)
        with pytest.raises(BlockingIOError):
            idle[-1].recv(1)
    finally:
        for wire in idle:
            wire.close()


async def ended(wire: socket.socket) -> bool:
    try:
        return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(wire, 1), 5) == b""
    except ConnectionError:
        return True


# A reader of nothing


async def test_p2_in_a_room_of_forty_two_who_do_not_read_delay_nobody_and_are_seen_off(
    another_house: OpensHouses,
):
    house = await another_house()
    evening = await house.evening(seats=50)
    ana, people = await begun(evening, *(f"Guest {number}" for number in range(38)))
    stuck, slow = [Visitor(each.browser, each.live_path, each.name) for each in people[:2]]
    for each in (stuck, slow):
        await each.connects(buffer=4096)
        each.stops_reading()
        *_, line = house.home.crowd.lines(evening.session.id, each.seat)
        assert isinstance(line, RoomWebSocket)
        line.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4608)
    text = "\N{CANDLE}" * 900
    loop = asyncio.get_running_loop()
    worst = 0.0
    for number in range(120):
        began = loop.time()
        speaker = people[2 + number % 30]
        await speaker.asks("say", text=f"{number} {text}")
        heard = await ana.hears_anything()
        assert heard["text"].startswith(f"{number} ")
        worst = max(worst, loop.time() - began)
    assert worst < 1.0, "nobody waits for who does not read"
    for each in people[2:]:
        await each.catches_up()
        assert sum(frame["type"] == "said" for frame in each.frames) == 120
    await has_gone(lambda: len(house.home.crowd), 39)
    for each in (stuck, slow):
        await each.is_cut_off()


# A node that is full


@asynccontextmanager
async def a_node_with_files(folder: Path, files: int) -> AsyncIterator[Demo]:
    port = free_port()
    process = await command_with_files(folder, files, "demo", PORT=str(port))
    try:
        running = Demo(process, port, await reads_links(process))
        yield running
        for browser in running.browsers:
            await browser.closes()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def another_page(node: Demo, people: list[Visitor]) -> Visitor:
    """Of the last who came, or of somebody new where they have all that one may. A closed one was turned away."""
    if len(people) % TABS == 0:
        return await node.visits(f"Guest {len(people)}")
    last = people[-1]
    page = Visitor(last.browser, last.live_path, last.name)
    try:
        await page.connects()
    except ConnectionClosed:
        await page.is_closed(1013)
    return page


@pytest.mark.processes
async def test_p7_a_full_node_says_so_calmly_keeps_a_place_for_facilitators_and_answers_after_its_health(
    tmp_path: Path,
):
    async with a_node_with_files(tmp_path, 100) as node:
        ana = await node.facilitates()
        people: list[Visitor] = []
        while (tab := await another_page(node, people)).closed is None:
            people.append(tab)
        await tab.is_closed(1013)
        assert 30 <= len(people) < 36
        async with httpx2.AsyncClient(base_url=node.url, trust_env=False) as http:
            assert (await http.get("/health")).status_code == 200
        # Whoever looks after people is not kept out by them.
        again = await ana.opens_another_tab()
        await again.says("I am here, too")
        await people[-1].hears("I am here, too", frm="Ana")
        # Where somebody goes, somebody comes: the goodbye of the one is read before the hello of the other is.
        for each in people[:3]:
            await each.closes_the_tab()
        late = await people[-1].opens_another_tab()
        await late.says("and so am I")
        await ana.hears("I am here, too", frm="Ana")
        await ana.hears("and so am I", frm=late.name)


# What is written of them


def per_second(allowance: Allowance) -> str:
    return f"{allowance.rate:,g} commands a second, {allowance.at_once:,g} at once"


def test_the_table_of_the_protocol_tells_the_bounds_as_they_are():
    text = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
    table = text.partition("<!-- bounds")[2].partition("\n\n")[0]
    rows = {
        name: f"{bound} {over}"
        for name, bound, over in re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    }
    patience = Patience()
    told = {
        "one seat at one node": (
            per_second(PACES[Role.MEMBER]),
            f"facilitators {PACES[Role.FACILITATOR].rate:g} and {PACES[Role.FACILITATOR].at_once:g}",
            f"the {_MOST_TOO_FAST}th closes with 4029",
        ),
        "all members of one room": (per_second(ROOM),),
        "all members at one node": (per_second(NODE),),
        "pages of one seat at": (f"{TABS} the oldest",),
        "pages that one seat opens": (f"in {1 / OPENINGS.rate:g} seconds, {OPENINGS.at_once:g} at once",),
        "from the first byte": (f"{patience.request:g} seconds, {LARGEST_HEAD >> 10} KiB",),
        "from there to the end": (f"{patience.body:g} seconds, {LARGEST_FORM >> 10} KiB",),
        "from the handshake": (f"{HELLO_SECONDS:g} seconds",),
        "one message": (f"{MAX_MESSAGE >> 10} KiB; finished within {2 * patience.ping:g} seconds",),
        "pings, pongs": (f"{WORDLESS_PER_SECOND} a second",),
        "frames that are no": (f"{MOST_FAULTS - 1} 1008",),
        "what waits for": (f"{UNREAD_LIMIT >> 10} KiB", f"who has {READ_WHILE_UNWRITTEN >> 10} KiB"),
        "who takes nothing": (f"{patience.ping:g} to {2 * patience.ping:g} seconds",),
        "a goodbye": (f"{patience.closing:g} seconds, {IGNORED_LIMIT >> 20} MiB",),
        "guesses at one name": (f"one a minute, {SIGN_INS.at_once:g} at once",),
        "guesses at spoken": (f"one in {1 / CODES.rate:g} seconds, {CODES.at_once:g} at once",),
        "codes that move": (f"one in {1 / MOVES.rate:g} seconds, {MOVES.at_once:g} at once",),
    }
    for begins, bounds in told.items():
        (row,) = [row for name, row in rows.items() if name.startswith(begins)]
        for bound in bounds:
            assert bound in row, (begins, row)
    assert "an eighth" in table
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert files == resource.RLIM_INFINITY or most_waiting() == max(8, files // 8)
