"""The promise of a round: whoever stays connected and speaks has the time that was set, whatever others do."""

from hypothesis import given
from hypothesis import strategies as st

from rooms.live import Terms, next_deadline
from rooms.live.talk import held_back
from rooms.live.words import State
from tests.live.cast_floor import Circle, Talker
from tests.people import DOORS, START

NAMES = ("Ana", "Ben", "Chi", "Dov", "Eli", "Fay", "Gus", "Hal")
TURN = 120

moments = st.one_of(st.integers(0, 90), st.floats(0.0, 60.0, allow_subnormal=False))
happenings = st.lists(
    st.tuples(
        st.sampled_from(["drops", "comes back", "leaves", "pause", "hold", "lead away", "halt", "quiet"]),
        st.integers(1, len(NAMES) - 1),
        moments,
        moments,
    ),
    max_size=30,
)


class Watched(Circle):
    """A circle in which everybody speaks as soon as it is their turn, and is timed: how long they could have spoken."""

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self.had: dict[str, float] = {}
        self.missed: set[str] = set()
        self._timed_until = self.now

    def fold(self, *events):
        self.time_what_was()
        super().fold(*events)

    def time_what_was(self):
        """Between two things that happen nothing changes: the time since the last was somebody's, or nobody's."""
        now = self.room.controls.round
        seat = None if now is None else self.room.seat(now.speaker)
        if now is not None and seat is not None:
            if seat.away_since is not None:
                self.missed.add(seat.id)
            elif now.phase == "turn" and held_back(self.room, seat, self.now) is None:
                self.had[seat.id] = self.had.get(seat.id, 0.0) + self.now - self._timed_until
        self._timed_until = self.now

    def left(self, cast):
        """Who gave up their seat on the way."""
        seats = {person.id: self.room.seat(person.id) for person in cast}
        return {id_ for id_, seat in seats.items() if seat is None or not seat.inside}

    def passes_while_people_speak(self, seconds, cast):
        end = self.now + seconds
        while (due := next_deadline(self.room)) is not None and due[0] <= end:
            self.comes_to(max(due[0], self.now))
            self.whose_turn_it_is_speaks(cast)
        self.comes_to(end)

    def whose_turn_it_is_speaks(self, cast):
        now = self.room.controls.round
        if now is None or now.phase != "turn" or now.spoke:
            return
        if held_back(self.room, cast[now.speaker].seat, self.now) is None:
            cast[now.speaker].says("Hello")


@given(happenings=happenings, extra=st.lists(st.integers(1, 3), min_size=8, max_size=8))
def test_nobody_who_stays_connected_and_speaks_gets_less(happenings, extra):
    circle = Watched(Terms(starts_at=START, minutes=600, late_minutes=600))
    circle.comes_to(DOORS)
    people = [person for person in circle.under_way(*NAMES) if isinstance(person, Talker)]
    ana, cast = people[0], {person.id: person for person in people}
    for person, times in zip(people, extra, strict=True):
        if times > 1:
            person.sets_extra_time(times)
    ana.begins_round(seconds=TURN)
    for what, whom, lasts, then in happenings:
        if circle.room.controls.round is not None:
            disturb(what, circle, ana, people[whom], lasts, cast)
            circle.passes_while_people_speak(then, cast)
    circle.passes_while_people_speak(3 * 3600, cast)
    circle.is_over()
    circle.is_now(State.LIVE)
    for person in people:
        if person.id not in circle.missed | circle.left(people):
            assert circle.had.get(person.id, 0.0) >= TURN * person.seat.extra - 0.001, person.name


def disturb(what, circle, ana, whom, lasts, cast):
    """Something that others do, or that happens to others than the one whose turn it is."""
    others = whom.id != circle.round.speaker
    seat = circle.room.seat(whom.id)
    here = seat is not None and seat.inside and seat.away_since is None
    match what:
        # Where only two are left, the room begins to close: that is another promise.
        case "drops" if others and here and staying(circle) > 3:
            whom.drops()
        case "comes back" if seat is not None and seat.inside:
            whom.comes_back()
        case "quiet" if others and here:
            ana.quiets(whom, 2)
            # Quieted already: whoever else asked would be told so.
            circle.looked_at()
            circle.missed.add(whom.id)
        case "leaves" if others and here and staying(circle) > 3:
            whom.leaves()
            circle.missed.add(whom.id)
        case "pause":
            ana.pauses()
            circle.passes_while_people_speak(lasts, cast)
            ana.resumes()
        case "lead away" | "hold" if circle.round.speaker != ana.id:
            ana.drops()
            circle.passes_while_people_speak(min(lasts, 44) if what == "lead away" else 46 + lasts, cast)
            ana.comes_back()
            if circle.room.state is State.HELD:
                ana.resumes()
        case "halt":
            ana.pauses_round()
            circle.passes_while_people_speak(lasts, cast)
            ana.goes_on_with_round()


def staying(circle):
    return sum(1 for seat in circle.room.controls.seats.values() if seat.inside and seat.away_since is None)
