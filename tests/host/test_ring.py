"""The last minutes of one room: what is let go of, and when."""

from dataclasses import replace

from rooms.engines import Position
from rooms.live import Event, Seat
from rooms.live.door import Left
from rooms.live.grave import ScreensCleared
from rooms.live.moderation import TakenDown
from rooms.live.talk import Said, TakenBack
from rooms.live.words import Audience, Place, Role
from rooms.ring import LARGEST_STRETCH, Kept, Ring, Stretch

BEN = Seat("sben", "Ben", Role.MEMBER, Place.INSIDE, 0.0, inside_since=0.0)
ANA = Seat("sana", "Ana", Role.FACILITATOR, Place.INSIDE, 0.0, inside_since=0.0)


def ring(**bounds: float) -> Ring:
    made = Ring(**bounds)  # type: ignore[arg-type]  # events is a whole number in every call here
    made.restart(Position("e", 0), 0.0)
    return made


def hears(ring: Ring, seq: int, at: float, event: Event | None = None) -> None:
    event = event or Said(f"sben.{seq:x}", "sben", "Ben", f"word {seq}")
    frames = b"%d" % seq if event.alike else {Audience.FACILITATOR: b"~%d" % seq}
    message = event.id if isinstance(event, Said) else None
    ring.append(Kept(seq, at, event.numbered, frames, message=message), event)


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


def test_what_is_here_for_somebody_is_what_they_were_shown_and_has_its_words_while_they_stand():
    kept = ring()
    hears(kept, 1, 0.0)
    hears(kept, 1, 1.0, Left("schi"))
    hears(kept, 2, 2.0)
    hears(kept, 3, 3.0, TakenBack("sben.1"))
    assert [(each.seq, each.message) for each in kept.held_for(BEN)] == [(1, None), (2, "sben.2"), (3, None)]
    assert len(kept.held_for(ANA)) == len(kept) == 4


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


def test_nobody_is_shown_what_was_said_before_their_own_time():
    kept = ring()
    for seq in (1, 2, 3):
        hears(kept, seq, float(seq))
    late = Seat("schi", "Chi", Role.MEMBER, Place.INSIDE, 0.0, inside_since=2.5)
    assert replays(kept, 0, late) is None
    assert replays(kept, 2, late) == [b"3"]
    # By the clock of the node that let Dov in it was still early, or late already. In the order of the room it was not.
    for since in (0.0, 9.0):
        dov = Seat("sdov", "Dov", Role.MEMBER, Place.INSIDE, 0.0, inside_since=since)
        kept.came_in(dov, 2)
        assert replays(kept, 1, dov) is None
        assert replays(kept, 2, dov) == [b"3"]
    again = Seat("sdov", "Dov", Role.MEMBER, Place.INSIDE, 0.0, inside_since=9.5)
    assert replays(kept, 2, again) is None


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
    assert "secret" not in repr(Stretch(Position("e", 1), 0, (kept,), {}))


class TestFromAnotherNode:
    """Chi's node opened the room after two messages; the other one has had it from the beginning."""

    def two(self) -> tuple[Ring, Ring]:
        other, late = ring(), Ring()
        for seq in (1, 2):
            hears(other, seq, float(seq))
        late.restart(Position("e", 2), 2.0)
        for each in (other, late):
            hears(each, 3, 3.0)
        return other, late

    def told(self, other: Ring, late: Ring, at: int = 3) -> None:
        assert late.wanted is not None
        late.fill(other.stretch(Position("e", at), *late.wanted), 3.0)

    def test_what_it_lacks_it_takes_in_once_and_in_order(self):
        other, late = self.two()
        assert replays(late, 0) is None
        assert late.lacks(Position("e", 0))
        assert not late.lacks(Position("e", 2))
        assert not late.lacks(Position("another", 0))
        stretch = other.stretch(Position("e", 3), 0, 2)
        for _ in range(2):
            late.fill(stretch, 3.0)
        assert replays(late, 0) == [b"1", b"2", b"3"]
        assert late.wanted is None
        assert not late.lacks(Position("e", 0))

    def test_what_has_no_number_comes_beside_what_has(self):
        other, late = ring(), Ring()
        hears(other, 0, 0.5, Left("sdov"))
        hears(other, 1, 1.0)
        hears(other, 1, 1.5, Left("schi"))
        late.restart(Position("e", 1), 1.6)
        for each in (other, late):
            hears(each, 1, 1.7, Left("seve"))
        self.told(other, late, at=1)
        assert replays(late, 0, ANA) == replays(other, 0, ANA) == [b"~0", b"1", b"~1", b"~1"]

    def test_what_was_taken_back_since_it_opened_comes_blank(self):
        other, late = self.two()
        stretch = other.stretch(Position("e", 3), 0, 2)
        hears(late, 4, 4.0, TakenBack("sben.1"))
        late.fill(stretch, 4.0)
        missed = replays(late, 0)
        assert missed is not None
        assert b'"id":"sben.1"' in missed[0]
        assert missed[1:] == [b"2", b"3", b"4"]

    def test_and_what_is_taken_back_afterwards_is_blanked(self):
        other, late = self.two()
        self.told(other, late)
        hears(late, 4, 4.0, TakenDown("sben.2", "unkind", "Ana"))
        missed = replays(late, 0)
        assert missed is not None
        assert b'"id":"sben.2"' in missed[1]

    def test_a_node_that_lags_behind_is_not_believed(self):
        other, late = self.two()
        self.told(other, late, at=1)
        assert replays(late, 0) is None

    def test_nor_is_one_with_a_hole_in_it(self):
        other, late = self.two()
        whole = other.stretch(Position("e", 3), 0, 2)
        late.fill(replace(whole, kept=whole.kept[1:]), 3.0)
        assert replays(late, 0) is None
        assert replays(late, 2) == [b"3"]

    def test_nor_is_another_time(self):
        other, late = self.two()
        late.fill(other.stretch(Position("another", 3), 0, 2), 3.0)
        assert replays(late, 0) is None

    def test_cleared_screens_stay_clear_whatever_others_remember(self):
        other, late = self.two()
        stretch = other.stretch(Position("e", 3), 0, 2)
        hears(late, 4, 4.0, ScreensCleared(by="Ana"))
        late.fill(stretch, 4.0)
        assert not late.lacks(Position("e", 0))
        assert replays(late, 0) is None
        assert replays(late, 3) == [b"4"]

    def test_a_gap_after_it_asks_for_nothing_before_it(self):
        _, late = self.two()
        hears(late, 4, 4.0, ScreensCleared(by="Ana"))
        late.restart(Position("e", 9), 5.0)
        assert late.wanted == (3, 9)

    def test_what_is_older_than_three_minutes_is_asked_for_no_more(self):
        other, late = self.two()
        late.expire(181.9)
        assert late.lacks(Position("e", 0))
        late.expire(182.0)
        assert late.wanted is None
        assert not late.lacks(Position("e", 0))
        late.fill(other.stretch(Position("e", 3), 0, 2), 182.0)
        assert replays(late, 0) is None

    def test_one_that_keeps_nothing_wants_nothing(self):
        keeps_nothing = Ring(seconds=0.0)
        keeps_nothing.restart(Position("e", 7), 1.0)
        assert keeps_nothing.wanted is None

    def test_of_too_much_the_newest_is_told(self):
        other, late = ring(), Ring()
        for seq in range(1, 9):
            frames = dict.fromkeys((Audience.MEMBER, Audience.FACILITATOR), bytes(LARGEST_STRETCH // 6))
            said = Said(f"sben.{seq:x}", "sben", "Ben", "long")
            other.append(Kept(seq, float(seq), True, frames, message=said.id), said)
        late.restart(Position("e", 8), 8.0)
        self.told(other, late, at=8)
        assert late.wanted == (0, 5)
        assert len(replays(late, 5) or ()) == 3

    def test_even_if_what_is_too_much_has_no_number(self):
        other = ring()
        hears(other, 1, 1.0)
        frames = {Audience.FACILITATOR: bytes(LARGEST_STRETCH)}
        other.append(Kept(1, 1.5, False, frames), Left("schi"))
        for seq in (2, 3):
            hears(other, seq, float(seq))
        stretch = other.stretch(Position("e", 3), 0, 3)
        assert (stretch.since, [kept.seq for kept in stretch.kept]) == (2, [2, 3])
