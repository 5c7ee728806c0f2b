"""The laws of two rooms: whatever people do in either, the two agree, and nobody is where they must not be."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rooms.live import THE_CLOCK, Actor, Command, Refusal, State, Tick, decide, evolve, next_deadline
from rooms.live.agreement import ChangeAgreement
from rooms.live.discharging import Discharge
from rooms.live.door import Admit, Arrive, Decline, Leave, Lose, Remove
from rooms.live.leading import ComeOnDuty, StepBack, Suspend
from rooms.live.lifecycle import NOTICE, BeginClosing, End, Extend, Pause, Resume, Start
from rooms.live.lobby import SetDoor, TakeOffer
from rooms.live.looking import LookFirst
from rooms.live.moderation import Quiet
from rooms.live.readmitting import Readmit, Readmitted
from rooms.live.twin import Cross
from rooms.live.words import OVER, Place, Role
from rooms.twins import news_for_first, news_for_second
from tests.live.test_twin import OLU, Session, an_open_twin
from tests.people import Evening

FACILITATORS = [Actor(f"s{name.lower()}", Role.FACILITATOR, name) for name in ("Ana", "Jo", "Eve")]
MEMBERS = [
    Actor(f"s{name.lower()}", Role.MEMBER, name) for name in ("Ben", "Chi", "Dee", "Eli", "Fay", "Gus")
]
# More than one for what each was told, and one for what came of that: after these, nothing may be new to either.
ROUNDS = 4


class TwoRooms(RuleBasedStateMachine):
    session: Session

    @initialize(started=st.booleans())
    def opened(self, started):
        self.session, *_ = an_open_twin(started=started)
        self.agree = True
        self.removed: set[str] = set()

    @rule(
        second=st.booleans(),
        who=st.sampled_from(MEMBERS),
        what=st.sampled_from(["arrive", "queue", "leave", "lose", "take"]),
    )
    def a_member_does_something(self, second, who, what):
        commands: dict[str, Command] = {
            "arrive": Arrive(who.name, connected=True),
            "queue": Arrive(who.name, connected=True, in_line=True),
            "leave": Leave(),
            "take": TakeOffer(),
        }
        evening = self.evening(second=second)
        if what == "lose":
            self.ask(evening, Lose(who.seat, evening.now), THE_CLOCK)
        else:
            self.ask(evening, commands[what], who)

    @rule(who=st.sampled_from(MEMBERS))
    def a_member_goes_from_the_line_to_the_second(self, who):
        seat = self.session.first.room.seat(who.seat)
        if seat is not None and seat.place is Place.QUEUED:
            self.ask(self.session.second, Cross(seat), THE_CLOCK)

    @rule(who=st.sampled_from(MEMBERS), second=st.booleans())
    def a_member_goes_there_and_is_removed_in_either(self, who, second):
        self.ask(self.session.first, Arrive(who.name, connected=True, in_line=True), who)
        self.a_member_goes_from_the_line_to_the_second(who)
        self.they_are_told_of_each_other()
        self.ask(self.evening(second=second), Remove(who.seat, "unkind"), FACILITATORS[second])
        self.they_are_told_of_each_other()

    @rule(
        second=st.booleans(),
        by=st.sampled_from(FACILITATORS),
        whom=st.sampled_from(MEMBERS),
        what=st.sampled_from([Remove, Decline, Quiet, LookFirst, Admit, Readmit]),
    )
    def a_facilitator_does_something_about_somebody(self, second, by, whom, what):
        more = {Remove: ("unkind",), Decline: ("full",), Quiet: (2, "unkind"), LookFirst: (2,)}.get(what, ())
        self.ask(self.evening(second=second), what(whom.seat, *more), by)

    @rule(
        second=st.booleans(),
        by=st.sampled_from(FACILITATORS),
        command=st.sampled_from(
            [
                *(Start(), Pause("a_minute"), Resume(), BeginClosing(), Extend(), End()),
                *(SetDoor("open"), SetDoor("knock"), SetDoor("locked")),
                *(StepBack(), ComeOnDuty(), Suspend("seve"), Leave()),
            ]
        ),
    )
    def a_facilitator_does_something(self, second, by, command):
        self.ask(self.evening(second=second), command, by)

    @rule(second=st.booleans(), who=st.sampled_from(FACILITATORS))
    def a_facilitator_comes(self, second, who):
        self.ask(self.evening(second=second), Arrive(who.name, connected=True), who)

    @rule(command=st.sampled_from([Discharge("seve"), ChangeAgreement(2), ChangeAgreement(3)]))
    def the_organiser_does_something(self, command):
        self.ask(self.session.first, command, OLU)

    @rule(seconds=st.sampled_from([0.1, 1.0, 20.0, 60.0, 130.0, 600.0]))
    def time_passes(self, seconds):
        for evening in (self.session.first, self.session.second):
            until = evening.now + seconds
            while (due := next_deadline(evening.room)) is not None and due[0] <= until:
                evening.now = max(evening.now, due[0])
                self.ask(evening, Tick(), THE_CLOCK)
            evening.now = until
        self.agree = False

    @rule()
    def they_are_told_of_each_other(self):
        first, second = self.session.first, self.session.second
        for _ in range(ROUNDS):
            for evening, news in (
                (second, news_for_second(first.room, second.room, second.now)),
                (first, news_for_first(first.room, second.room, first.now)),
            ):
                if news is not None:
                    self.ask(evening, news, THE_CLOCK)
        self.agree = True
        self.removed |= {*first.room.controls.removed, *second.room.controls.removed}

    def evening(self, *, second: bool) -> Evening:
        return self.session.second if second else self.session.first

    def ask(self, evening: Evening, command: Command, actor: Actor) -> None:
        decision = decide(evening.room, command, actor, evening.now)
        if not isinstance(decision, Refusal):
            for event in decision:
                if isinstance(event, Readmitted):
                    self.removed.discard(event.seat)
                evening.room = evolve(evening.room, event, evening.now)
                self.agree = False

    @invariant()
    def what_both_know_is_no_news(self):
        if self.agree:
            first, second = self.session.first, self.session.second
            assert news_for_second(first.room, second.room, second.now) is None
            assert news_for_first(first.room, second.room, first.now) is None

    @invariant()
    def who_is_removed_from_one_is_in_neither(self):
        if not self.agree:
            return
        for seat in self.removed:
            for room in (self.session.first.room, self.session.second.room):
                held = room.seat(seat)
                assert held is None or held.place is Place.GONE
                # Also where the room that decided it is over, and remembers nothing of it.
                assert room.state in OVER or room.is_removed(seat)

    @invariant()
    def the_second_never_ends_more_than_a_minute_after_the_first(self):
        first, second = self.session.first, self.session.second
        alone = first.room.controls.unattended or first.room.controls.reason == "unattended"
        if self.agree and not alone and second.room.state not in {*OVER, State.DOORS}:
            latest = max(first.room.controls.ends_at, second.now + NOTICE)
            assert second.room.controls.ends_at <= latest


# A broken law is worth the wait for its shortest story.
TestTheLawsOfTwoRooms = pytest.mark.timeout(600)(TwoRooms.TestCase)
