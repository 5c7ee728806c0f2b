"""Posts that reach another node than the stream did, as they do behind a proxy, and with several workers."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from rooms.live.words import Role
from server.pace import PACES
from tests.server.house import Evening, House
from tests.server.streaming import Streaming
from tests.server.test_hostile_frames import say
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
Nodes = tuple[House, House]


async def under_way(nodes: Nodes) -> tuple[Evening, Visitor, Streaming]:
    """Ben's stream is at one node, and all that he posts reaches the other."""
    one, two = nodes
    evening = await one.evening()
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.over(Streaming).visits("Ben")
    assert isinstance(ben, Streaming)
    ben.posts_to = two.url
    return evening, ana, ben


async def test_it_is_carried_out_there_and_answered_there(nodes: Nodes):
    _, ana, ben = await under_way(nodes)
    for text in ("one", "two", "three"):
        await ben.says(text)
        for each in (ana, ben):
            await each.hears(text, frm="Ben")
    assert ben.posted == [200, 200, 200]
    acks = [frame for frame in ben.frames if frame["type"] == "ack"]
    assert [ack["seq"] for ack in acks] == [ben.at["seq"] - 2, ben.at["seq"] - 1, ben.at["seq"]]  # type: ignore[index]  # he is inside


async def test_what_was_posted_to_one_and_again_to_the_other_is_said_once(nodes: Nodes):
    one, two = nodes
    _, ana, ben = await under_way(nodes)
    await ben.says("once", ref="the-same")
    for node in (one, two):
        ben.posts_to = node.url
        assert (await ben.asks("say", text="once", ref="the-same"))["seq"] is None
    await ben.says("twice")
    for each in (ana, ben):
        await each.hears("once", frm="Ben")
        await each.hears("twice", frm="Ben")


async def test_what_stands_on_the_seat_holds_there_too(nodes: Nodes):
    _, ana, ben = await under_way(nodes)
    await ana.quiets(ben)
    await ben.says("all the same")
    await ben.is_refused("quieted")
    await ana.asks("unquiet", seat=ben.seat)
    await ben.says("thank you")
    await ana.hears("thank you", frm="Ben")
    await ana.removes(ben)
    await ben.is_closed(4003)
    assert (await ben.posts(say('"let me in"').encode())).status_code == 410
    await ana.says("nothing came of it")
    await ana.hears("nothing came of it", frm="Ana")


async def test_a_name_that_none_of_the_nodes_gave_is_of_no_use_anywhere(nodes: Nodes):
    _, two = nodes
    evening, ana, ben = await under_way(nodes)
    mal = await evening.over(Streaming).visits("Mal")
    assert isinstance(mal, Streaming)
    mal.posts_to = two.url
    for name in (ben.stream, mal.stream[:-1], mal.stream.replace("~", "~x"), "x", ""):
        assert (await mal.posts(say().encode(), **{"tealight-stream": name})).status_code == 404
    await mal.says("under my own name")
    await ana.hears("under my own name", frm="Mal")


async def test_nobody_is_heard_faster_there(nodes: Nodes):
    _, ana, ben = await under_way(nodes)
    at_once = PACES[Role.MEMBER].at_once
    for batch in range(5):
        frames = "\n".join(say(f'"{batch} {n}"', f'"f{batch}.{n}"') for n in range(10))
        assert (await ben.posts(frames.encode())).status_code == 200
    answers = [frame for frame in ben._held if frame["ref"].startswith("f")]
    assert len(answers) == 50
    refused = [frame for frame in answers if frame["type"] == "refused"]
    assert {frame["why"] for frame in refused} == {"too_fast"}
    assert 50 - len(refused) <= at_once + 8
    await ana.catches_up()


async def test_a_facilitator_is_never_refused_for_it_there_either(nodes: Nodes):
    one, two = nodes
    evening = await one.evening()
    ana = await evening.over(Streaming).facilitates("Ana")
    assert isinstance(ana, Streaming)
    await ana.starts()
    ben = await evening.visits("Ben")
    ana.posts_to = two.url
    answers = []
    for batch in range(6):
        pairs = [
            json.dumps({"type": kind, "ref": f"{kind}{batch}.{n}", "seat": ben.seat, **more})
            for n in range(8)
            for kind, more in (("quiet", {"minutes": 2, "reason": "unkind"}), ("unquiet", {}))
        ]
        await ana.posts("\n".join(pairs).encode())
        answers += list(ana._held)
        ana._held.clear()
    assert {frame["type"] for frame in answers} == {"ack"}
    assert len(answers) == 96


async def test_faults_are_answered_there_and_the_fifth_ends_the_post(nodes: Nodes):
    _, ana, ben = await under_way(nodes)
    await ben.posts(b'1\n{"type":"dance"}\n{"type":"hello","at":null}\n4\n5\n' + say().encode())
    assert [frame["why"] for frame in ben._held] == [
        "unreadable",
        "unknown",
        "invalid",
        "unreadable",
        "unreadable",
    ]
    ben._held.clear()
    await ben.says("and on")
    await ana.hears("and on", frm="Ben")


async def test_after_the_node_of_the_stream_died_its_page_goes_on_at_the_other(nodes: Nodes):
    one, two = nodes
    _, ana, ben = await under_way(nodes)
    await ben.says("before")
    at = ben.at
    assert at is not None
    ben.browser.goes_to(two.url)
    await ben.is_cut_off()
    await ana.says("while he was away")
    await ben.comes_back()
    assert ben.resumed
    # One and the same proxy may lead a post to where the stream was.
    ben.posts_to = one.url
    await ben.says("after")
    for text, who in (("before", "Ben"), ("while he was away", "Ana"), ("after", "Ben")):
        await ben.hears(text, frm=who)


async def test_many_at_once_to_both_nodes_are_each_said_once(nodes: Nodes):
    one, two = nodes
    _, ana, ben = await under_way(nodes)

    async def post(n: int) -> int:
        ben.posts_to = (one, two)[n % 2].url
        return (await ben.posts(say(f'"{n}"', f'"n{n}"').encode())).status_code

    assert set(await asyncio.gather(*map(post, range(16)))) == {200, 204}
    heard = [(await ana.hears_anything())["text"] for _ in range(16)]
    assert sorted(heard, key=int) == [str(n) for n in range(16)]
    assert [(await ben.hears_anything())["text"] for _ in range(16)] == heard
