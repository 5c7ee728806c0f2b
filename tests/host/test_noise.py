"""What is sealed with our key and means nothing, as from a node of another version: a host drops it, or is opened anew."""

import msgspec
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as some

from rooms import fanout
from rooms.deciding import Done
from rooms.engines import Change
from rooms.live import Terms
from rooms.live.talk import Say
from rooms.receipts import CHANNEL
from tests.examples import examples
from tests.host.world import SESSION, START, World, until

noisy = examples(
    8,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
packed = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**63), 2**63)
    | some.text(max_size=8)
    | some.binary(max_size=8),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=6), inner, max_size=4),
    max_leaves=8,
).map(msgspec.msgpack.encode)
asking = some.fixed_dictionaries(
    {
        "node": some.text(max_size=5),
        "epoch": some.text(max_size=5),
        "since": some.integers(-(2**40), 2**40),
        "upto": some.integers(-(2**40), 2**40),
    }
).map(msgspec.msgpack.encode)
telling = some.fixed_dictionaries(
    {
        "epoch": some.text(max_size=5),
        "since": some.integers(-9, 9),
        "upto": some.integers(-9, 9),
        "kept": some.lists(packed.map(lambda _: None), max_size=2),
    }
).map(msgspec.msgpack.encode)
notes = some.builds(
    lambda begins, rest: begins + rest,
    some.sampled_from([b"", b"ask ", b"tell ", b"ask", b"tell tell "]),
    some.binary(max_size=60) | packed | asking | telling,
)


@noisy
@given(
    told=some.lists(notes, min_size=10, max_size=40),
    stretches=some.lists(some.tuples(some.integers(-9, 99), some.integers(-9, 99)), min_size=5, max_size=5),
)
async def test_whispers_that_mean_nothing_change_nothing(told, stretches):
    async with World(Terms(START, seats=200)) as world:
        one, two = await world.two()
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        epoch = one.hosting.at.epoch
        asks = [
            b"ask " + msgspec.msgpack.encode({"node": "x", "epoch": epoch, "since": since, "upto": upto})
            for since, upto in stretches
        ]
        for note in (*told, *asks):
            for channel in (SESSION, CHANNEL):
                await two.engine.whisper(channel, note)
        await world.settles()
        await ben.says("still here")
        await world.settles()
        for each in (ana, chi):
            assert each.reads()[-1] == "still here"
            assert each.closed is None
        receipt = await two.house.everywhere(SESSION, chi.id)
        assert receipt.silent == 0, "every node still answers what it holds"


@noisy
@given(told=some.lists(some.binary(max_size=60) | packed, min_size=1, max_size=6))
async def test_entries_that_mean_nothing_end_no_other_room_and_people_come_back(told):
    """No host can show them, and none may pretend that it did: pages are sent away to come back, which they can."""
    async with World(Terms(START, seats=200)) as world:
        world.terms["another"] = Terms(START, seats=200)
        one = await world.node()
        _, ben = await world.under_way(one, "Ana", "Ben")
        another = await one.host("another")
        head = await one.engine.load(SESSION)
        await one.engine.commit(SESSION, Change(head.at.epoch, head.version, tuple(told)))
        await until(lambda: ben.closed == fanout.RESTARTING)
        assert one.house.hosted("another") is another
        assert not another.is_over
        back = await ben.comes_back(one)
        assert back.closed is None
        assert isinstance(await back.asks(Say("again")), Done)
