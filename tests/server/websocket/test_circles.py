"""A circle: everybody gets what was sent while they were in it, once, in order, whoever else does not read."""

import contextlib
import datetime as dt
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.circle import Circle
from server.connection import UNREAD_LIMIT
from server.frames import PING_FRAME
from tests.server.websocket.house import House, Visitor, client_tls, open_house
from tests.server.websocket.peer import CLOSE, PING, PONG, TEXT, masked
from tests.server.websocket.test_lines import fill


@pytest.fixture
def circle(house: House) -> Circle:
    return house.do(lambda: Circle(house.loop))


@contextlib.contextmanager
def gathered(house: House, circle: Circle, *who: Visitor) -> Iterator[None]:
    for visitor in who:
        house.do(partial(circle.add, visitor.line))
    with contextlib.ExitStack() as leaving:
        for visitor in who:
            leaving.enter_context(visitor)
        yield


def test_everybody_gets_everything(house: House, circle: Circle):
    ana, ben, chi = (house.visitor() for _ in range(3))
    with gathered(house, circle, ana, ben, chi):
        for number in range(20):
            house.tells(circle, b"%d" % number)
        for visitor in (ana, ben, chi):
            assert [visitor.hears() for _ in range(20)] == [str(number) for number in range(20)]


def test_one_turn_of_the_loop_leaves_in_one_write(house: House, circle: Circle):
    writes: list[int] = []
    ben = house.visitor()
    with gathered(house, circle, ben):
        lane = ben.line.lane
        assert lane is not None

        def counted(frames: bytes) -> int:
            writes.append(len(frames))
            return lane(frames)

        circle._fast[ben.line] = counted
        house.tells(circle, *[b"hello"] * 10)
        assert [ben.hears() for _ in range(10)] == ["hello"] * 10
    assert writes == [70]


def test_an_ack_comes_behind_its_event_and_before_later_ones_without_a_write_of_its_own(
    house: House, circle: Circle
):
    ben, chi = house.visitor(), house.visitor()
    with gathered(house, circle, ben, chi):

        def turn() -> None:
            ben.line.send(b"welcome")
            circle.send(b"event 1")
            ben.line.send(b"ack 1")
            ben.line.send(b"and a word")
            circle.send(b"event 2")
            chi.line.send(b"ack 2")
            circle.send(b"event 3")

        house.do(turn)
        told = ["welcome", "event 1", "ack 1", "and a word", "event 2", "event 3"]
        assert [ben.hears() for _ in told] == told
        assert [chi.hears() for _ in range(4)] == ["event 1", "event 2", "ack 2", "event 3"]


def test_who_joins_gets_nothing_that_was_sent_before(house: House, circle: Circle):
    ana, ben = house.visitor(), house.visitor()
    with gathered(house, circle, ana), ben:

        def turn() -> None:
            circle.send(b"before")
            ben.line.send(b"snapshot")
            circle.add(ben.line)
            circle.send(b"after")

        house.do(turn)
        assert [ana.hears(), ana.hears()] == ["before", "after"]
        assert [ben.hears(), ben.hears()] == ["snapshot", "after"]


def test_who_leaves_gets_all_that_was_sent_before(house: House, circle: Circle):
    ben = house.visitor()
    with gathered(house, circle, ben):

        def turn() -> None:
            circle.send(b"you are asked to leave")
            circle.remove(ben.line)
            circle.send(b"they are gone")
            ben.line.send(b"goodbye")

        house.do(turn)
        assert [ben.hears(), ben.hears()] == ["you are asked to leave", "goodbye"]
        assert ben.line.circle is None
        assert len(circle) == 0


def test_close_comes_behind_what_was_sent_to_the_circle(house: House, circle: Circle):
    ben = house.visitor()
    with gathered(house, circle, ben):

        def turn() -> None:
            circle.send(b"someone has to leave")
            ben.line.close(4003, "removed")
            circle.send(b"they are gone")

        house.do(turn)
        assert ben.hears() == "someone has to leave"
        assert ben.reads() == (CLOSE, (4003).to_bytes(2, "big") + b"removed")


def test_a_line_is_in_one_circle_at_a_time(house: House, circle: Circle):
    hall = house.do(lambda: Circle(house.loop))
    ben = house.visitor()
    with gathered(house, hall, ben):

        def turn() -> None:
            hall.send(b"you are let in")
            circle.add(ben.line)
            hall.send(b"for the hall")
            circle.send(b"for the room")

        house.do(turn)
        assert [ben.hears(), ben.hears()] == ["you are let in", "for the room"]
        assert (len(hall), len(circle)) == (0, 1)


def test_pongs_and_pings_fit_between_whatever_is_sent(house: House, circle: Circle):
    ben = house.visitor()
    with gathered(house, circle, ben):
        ben.sends(masked(PING, b"?"))

        def turn() -> None:
            circle.send(b"one")
            ben.line.visit()
            circle.send(b"two")

        house.do(turn)
        frames = sorted(ben.reads() for _ in range(4))
        assert frames == sorted([(PONG, b"?"), (PING, b""), (TEXT, b"one"), (TEXT, b"two")])


def test_who_does_not_read_delays_nobody_and_misses_nothing(house: House, circle: Circle):
    ana, ben = house.visitor(), house.visitor(window=4096)
    with gathered(house, circle, ana, ben):
        ben.is_read_through_a_straw()
        sent = 0
        while not ben.is_slow:
            house.tells(circle, b"%d:" % sent + b"." * 1000)
            sent += 1
        for number in range(sent, sent + 100):
            house.tells(circle, b"%d:" % number + b"." * 1000)
        total = sent + 100
        assert [int(ana.hears().partition(":")[0]) for _ in range(total)] == list(range(total))
        assert ben.line in circle._slow
        # It wakes up while others go on talking.
        house.tells(circle, b"%d:" % total)
        assert [int(ben.hears().partition(":")[0]) for _ in range(total + 1)] == list(range(total + 1))
        house.until(lambda: ben.line in circle._fast)
        house.tells(circle, b"and on")
        assert ben.hears() == "and on"


def test_members_who_do_not_read_share_what_is_kept_for_them(house: House, circle: Circle):
    ben, chi = house.visitor(window=4096), house.visitor(window=4096)
    with gathered(house, circle, ben, chi):

        def turn() -> tuple[list[bytes] | None, list[bytes] | None]:
            """In one, for the kernel may still take a little of what they do not read, a moment later."""
            for visitor in (ben, chi):
                visitor.is_read_through_a_straw()
                while not visitor.is_slow:
                    visitor.line.send(b"." * 1000)
            circle.send(b"kept")
            circle._settle()
            return ben.line._kept, chi.line._kept

        of_ben, of_chi = house.do(turn)
        assert of_ben is not None
        assert of_chi is not None
        assert of_ben[-1] is of_chi[-1]


def test_who_never_reads_leaves_the_circle_with_4008(house: House, circle: Circle):
    ana, ben = house.visitor(), house.visitor(window=4096)
    with gathered(house, circle, ana, ben):
        fill(ben, house)
        for _ in range(UNREAD_LIMIT // 10_000 + 1):
            house.tells(circle, b"." * 10_000)
            ana.hears()
        assert house.next(house.gone) == 4008
        assert len(circle) == 1
        while (frame := ben.reads())[0] == TEXT:
            pass
        assert frame == (CLOSE, (4008).to_bytes(2, "big"))


def test_who_vanishes_in_the_middle_of_a_batch_harms_nobody(house: House, circle: Circle):
    ana, ben, chi = house.visitor(), house.visitor(), house.visitor()
    with gathered(house, circle, ana, ben, chi):
        ben.resets()
        for number in range(5):
            house.tells(circle, b"%d" % number)
        assert [ana.hears() for _ in range(5)] == [chi.hears() for _ in range(5)] == list("01234")
        house.until(lambda: len(circle) == 2)
        assert house.next(house.gone) == 1006


def test_a_large_circle_is_served_in_slices_that_nothing_overtakes(house: House):
    circle = house.do(lambda: Circle(house.loop, slice_size=2))
    who = [house.visitor() for _ in range(7)]
    with gathered(house, circle, *who):
        served: list[int] = []

        def first_turn() -> None:
            circle.send(b"first")
            house.loop.call_soon(second_turn)

        def second_turn() -> None:
            """Runs between the first slice and the second."""
            served.append(7 - len(circle._unserved))
            circle.send(b"second")
            for visitor in who:
                visitor.line.send(b"ack")
            circle.send(b"third")

        house.do(first_turn)
        for visitor in who:
            assert [visitor.hears() for _ in range(4)] == ["first", "second", "ack", "third"]
        assert served == [2]


@pytest.mark.parametrize("act", ["add", "remove", "close", "abort", "pause"])
def test_whatever_happens_between_two_slices(house: House, act: str):
    circle = house.do(lambda: Circle(house.loop, slice_size=1))
    ana, ben, chi, dee = (house.visitor() for _ in range(4))
    with gathered(house, circle, ana, ben, chi), dee:
        acts = {
            "add": lambda: circle.add(dee.line),
            "remove": lambda: circle.remove(chi.line),
            "close": lambda: chi.line.close(4000),
            "abort": chi.line.abort,
            "pause": chi.line.pause_writing,
        }

        def turn() -> None:
            circle.send(b"first")
            house.loop.call_soon(between)

        def between() -> None:
            assert circle._unserved
            acts[act]()
            circle.send(b"second")

        house.do(turn)
        for visitor in (ana, ben):
            assert [visitor.hears(), visitor.hears()] == ["first", "second"]
        if act == "add":
            assert dee.hears() == "second"
        elif act == "close":
            assert chi.hears() == "first"
            assert chi.is_told_goodbye() == 4000
        elif act == "remove":
            assert chi.hears() == "first"
            house.do(lambda: chi.line.send(b"alone"))
            assert chi.hears() == "alone"
        elif act == "abort":
            assert chi.rest() in {b"", b"\x81\x05first"}
        else:
            house.do(chi.line.resume_writing)
            assert [chi.hears(), chi.hears()] == ["first", "second"]


class Model:
    """What each visitor must read in the end, kept up beside what is really done."""

    def __init__(self, luck: random.Random, circle: Circle, who: list[Visitor]) -> None:
        self.luck = luck
        self.circle = circle
        self.who = who
        self.inside: set[Visitor] = set()
        self.theirs: dict[Visitor, list[str]] = {visitor: [] for visitor in who}
        self.got: dict[Visitor, list[str]] = {visitor: [] for visitor in who}
        self.said = 0

    def turn(self) -> None:
        """A few random things in one turn of the loop."""
        acts = [self.send, self.send, self.send, self.note, self.note, self.add, self.remove, self.ping]
        for _ in range(self.luck.randint(1, 8)):
            self.luck.choice(acts)(self.luck.choice(self.who))

    def send(self, visitor: Visitor) -> None:
        text = self._words()
        self.circle.send(text.encode())
        for member in self.inside:
            self.theirs[member].append(text)

    def note(self, visitor: Visitor) -> None:
        text = self._words()
        visitor.line.send(text.encode())
        self.theirs[visitor].append(text)

    def add(self, visitor: Visitor) -> None:
        if visitor not in self.inside:
            self.circle.add(visitor.line)
            self.inside.add(visitor)

    def remove(self, visitor: Visitor) -> None:
        self.circle.remove(visitor.line)
        self.inside.discard(visitor)

    def ping(self, visitor: Visitor) -> None:
        visitor.line.write(PING_FRAME)

    def reads(self, visitor: Visitor) -> None:
        """Everything that is owed to this one so far."""
        while len(self.got[visitor]) < len(self.theirs[visitor]):
            self.got[visitor].append(visitor.hears())

    def _words(self) -> str:
        self.said += 1
        return f"{self.said}:" + "." * self.luck.choice([0, 100, 400, 3000])


@pytest.mark.parametrize("seed", range(6))
def test_any_mix_of_turns_gives_each_exactly_what_is_theirs(house: House, seed: int):
    luck = random.Random(seed)
    circle = house.do(lambda: Circle(house.loop, slice_size=luck.choice([1, 3, 500])))
    model = Model(luck, circle, [house.visitor(window=luck.choice([4096, 1 << 16])) for _ in range(6)])
    slow = 0
    with contextlib.ExitStack() as leaving:
        for visitor in model.who:
            leaving.enter_context(visitor)
            visitor.is_read_through_a_straw()
        for _ in range(60):
            house.do(model.turn)
            slow += sum(visitor.is_slow for visitor in model.who)
            for visitor in model.who:
                if luck.random() < 0.4:
                    model.reads(visitor)
        for visitor in model.who:
            model.reads(visitor)
        assert house.gone.empty()
    assert model.got == model.theirs
    assert slow, "nobody was ever slow, so little was shown"


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_encrypted_lines_are_members_too(tmp_path: Path, loop: str):
    certificate, key = self_signed(tmp_path)
    with open_house(loop, tls=(certificate, key)) as house:
        circle = house.do(lambda: Circle(house.loop))
        ana, ben = house.visitor(tls=client_tls(certificate)), house.visitor(tls=client_tls(certificate))
        with gathered(house, circle, ana, ben):
            assert ana.line.lane is None

            def turn() -> None:
                circle.send(b"one")
                ana.line.send(b"ack")
                circle.send(b"." * 100_000)
                circle.send(b"two")
                ben.line.close(4000)

            house.do(turn)
            assert [ana.hears() for _ in range(4)] == ["one", "ack", "." * 100_000, "two"]
            assert [ben.hears() for _ in range(3)] == ["one", "." * 100_000, "two"]
            assert ben.is_told_goodbye() == 4000
            ana.sends(b"\x81\x05hello")
            assert ana.is_told_goodbye() == 1002


def self_signed(folder: Path) -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return str(paths[0]), str(paths[1])
