"""The last minutes of one room: what is let go of, and when."""

from rooms.engines import Position
from rooms.live import Event, Seat
from rooms.live.door import Left
from rooms.live.grave import ScreensCleared
from rooms.live.moderation import TakenDown
from rooms.live.talk import Said, TakenBack
from rooms.live.words import Audience, Place, Role
from rooms.ring import Kept, Ring

BEN = Seat("sben", "Ben", Role.MEMBER, Place.INSIDE, 0.0, inside_since=0.0)
ANA = Seat("sana", "Ana", Role.FACILITATOR, Place.INSIDE, 0.0, inside_since=0.0)


def ring(**bounds: float) -> Ring:
    made = Ring(**bounds)  # type: ignore[arg-type]  # events is a whole number in every call here
    made.restart(Position("e", 0))
    return made


def hears(ring: Ring, seq: int, at: float, event: Event | None = None) -> None:
    event = event or Said(f"sben.{seq:x}", "sben", "Ben", f"word {seq}")
    frames = dict.fromkeys(Audience, b"%d" % seq) if event.numbered else {Audience.FACILITATOR: b"~%d" % seq}
    ring.append(Kept(seq, at, event.numbered, frames), event)


def replays(ring: Ring, after: int, seat: Seat = BEN) -> list[bytes] | None:
    return ring.replay(Position("e", after), seat)


def test_it_keeps_so_many_events_and_no_more():
    kept = ring(events=3)
    for seq in range(1, 6):
        hears(kept, seq, 0.0)
    assert len(kept) == 3
    assert replays(kept, 2) == [b"3", b"4", b"5"]
    assert replays(kept, 1) is None


def test_it_keeps_them_so_long_and_no_longer():
    kept = ring(seconds=180.0)
    hears(kept, 1, 0.0)
    hears(kept, 2, 10.0)
    assert kept.oldest == 0.0
    kept.expire(179.9)
    assert len(kept) == 2
    kept.expire(180.0)
    assert kept.oldest == 10.0
    kept.expire(190.0)
    assert kept.oldest is None
    assert replays(kept, 2) == []


def test_none_at_all_if_so_it_was_set():
    kept = ring(seconds=0.0)
    hears(kept, 1, 5.0)
    assert len(kept) == 0
    assert replays(kept, 0) is None
    assert replays(kept, 1) == []


def test_an_event_that_only_facilitators_see_is_replayed_to_them_alone():
    kept = ring()
    hears(kept, 1, 1.0)
    hears(kept, 1, 2.0, Left("schi"))
    hears(kept, 2, 3.0)
    assert replays(kept, 0) == [b"1", b"2"]
    assert replays(kept, 0, ANA) == [b"1", b"~1", b"2"]
    # It may have been shown already, which its id tells.
    assert replays(kept, 1, ANA) == [b"~1", b"2"]
    kept.expire(182.0)
    assert replays(kept, 1, ANA) == [b"2"]


def test_a_message_is_blanked_wherever_it_stands():
    kept = ring()
    for seq in (1, 2):
        hears(kept, seq, 1.0)
    hears(kept, 3, 1.0, TakenBack("sben.1"))
    hears(kept, 4, 1.0, TakenDown("sben.2", "unkind", "Ana"))
    hears(kept, 5, 1.0, TakenDown("sben.99", "unkind", "Ana"))
    missed = replays(kept, 0)
    assert missed is not None
    assert missed[0] == b'{"type":"said","seq":1,"at":1.000,"id":"sben.1","seat":"sben","name":"","text":""}'
    assert missed[1].startswith(b'{"type":"said","seq":2,')
    assert b"word" not in b"".join(missed)
    assert missed[2:] == [b"3", b"4", b"5"]


def test_cleared_screens_stay_clear_for_who_comes_back():
    kept = ring()
    hears(kept, 1, 1.0)
    hears(kept, 2, 1.0, ScreensCleared("Ana"))
    hears(kept, 3, 1.0)
    assert replays(kept, 0) is None, "who had not read it will not read it now"
    assert replays(kept, 1) == [b"2", b"3"]


def test_what_it_knows_of_messages_it_forgets_with_them():
    kept = ring(events=2)
    for seq in range(1, 10):
        hears(kept, seq, 0.0)
    assert len(kept._messages) == 2


def test_its_repr_says_no_word():
    kept = Kept(1, 0.0, numbered=True, frames={Audience.MEMBER: b"secret"}, own_frame=b"secret")
    assert "secret" not in repr(kept)
