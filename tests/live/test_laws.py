"""The laws of the room: random casts ask for anything at any time, and what must always hold does.

A command is built from its own fields, so that a new one is tried from the day it is declared.
"""

from dataclasses import fields, replace
from importlib import import_module
from pkgutil import iter_modules
from typing import get_type_hints

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import rooms.live
from rooms import codec
from rooms.live import (
    COMMANDS,
    THE_CLOCK,
    Actor,
    Command,
    Event,
    LiveRoom,
    Refusal,
    Terms,
    Tick,
    decide,
    evolve,
)
from rooms.live import next_deadline as next_due
from rooms.live.door import Admit, Arrive, Lose, Remove
from rooms.live.lifecycle import Pause, Resume, Start
from rooms.live.moderation import QUIET_MINUTES, Quiet, Quieted, Unquiet, Unquieted
from rooms.live.readmitting import Readmit
from rooms.live.state import Recent
from rooms.live.talk import Said, held_back, message_id
from rooms.live.turnout import band
from rooms.live.words import OVER, UNDER_WAY, Audience, Door, Mode, Place, Role, SeatId, State
from tests.people import DOORS, MINUTE, START

# Whatever a person types carries the first mark, what they say the second too: neither is ever in a repr, nor is the
# second in the controls.
TYPED, UTTERED = "\N{UMBRELLA}", "\N{UMBRELLA WITH RAIN DROPS}"
NAMES = [f"{name} {TYPED}" for name in ("Ana", "Ben", "Chi", "Dov", "Eli", "Fay", "Gus", "Hal")]
THEMES = [import_module(f"rooms.live.{theme.name}") for theme in iter_modules(rooms.live.__path__)]
# Every card of every theme: what stands in a tuple of words is a code that some command takes.
CODES = sorted(
    {
        word
        for theme in THEMES
        for name, cards in vars(theme).items()
        if name.isupper() and isinstance(cards, tuple) and all(isinstance(card, str) for card in cards)
        for word in cards
    }
)

# Said again they mean something else: another message, ten more minutes, the end after the notice of it, the next hand.
MEANT_TWICE = {
    *("say", "extend", "end", "write_line", "write_backchannel", "post_lobby_note", "prompt", "propose_line"),
    *(
        "flag",
        "flag_about_facilitation",
        "react",
        "add_note",
        "call_next",
        "keep_copy",
        "offer_move",
        "clear_screens",
    ),
}


class Laws(RuleBasedStateMachine):
    room: LiveRoom
    copy: LiveRoom

    @initialize(
        roles=st.lists(st.sampled_from([Role.MEMBER, Role.MEMBER, Role.FACILITATOR]), min_size=1, max_size=7),
        seats=st.integers(2, 8),
        starts_itself=st.booleans(),
        knock_first=st.booleans(),
        begun=st.booleans(),
        counts=st.booleans(),
    )
    def doors(self, roles, seats, starts_itself, knock_first, begun, counts):
        terms = Terms(
            START,
            minutes=30,
            seats=seats,
            starts_itself=starts_itself,
            knock_first=knock_first,
            admits_work=True,
            counts=counts,
        )
        self.room = self.copy = LiveRoom.of(terms)
        self.now = self.over_at = DOORS
        self.seq = self.number = 0
        self.cast = [
            Actor(f"s{index}", role, NAMES[index]) for index, role in enumerate([Role.FACILITATOR, *roles])
        ]
        self.messages: list[str] = []
        self.quiet: dict[SeatId, float] = {}
        self.came: set[SeatId] = set()
        self.ask(Tick(), THE_CLOCK)
        if begun:
            for actor in self.cast:
                self.ask(Arrive(actor.name, connected=True), actor)
            self.ask(Start(), self.cast[0])
            self.ask(Admit(None), self.cast[0])

    # What people do

    @rule(data=st.data())
    def somebody_asks_for_something(self, data):
        kind = data.draw(st.sampled_from(list(COMMANDS.values())))
        entitled = [actor for actor in [*self.cast, THE_CLOCK] if actor.role in kind.by]
        anybody = st.sampled_from([*self.cast, THE_CLOCK])
        actor = data.draw(st.sampled_from(entitled) if entitled and data.draw(st.integers(0, 9)) else anybody)
        command = kind(**{field.name: data.draw(self.values(kind, field.name)) for field in fields(kind)})
        self.ask(command, actor)

    @rule(seconds=st.sampled_from([0.000001, 1.0, 11.0, 44.999, 45.0, 60.0, 120.0, 180.0, 600.0, 900.0]))
    def time_passes(self, seconds):
        self.now += seconds
        self.ask(Tick(), THE_CLOCK)

    @rule(who=st.integers(1, 7))
    def somebody_says_something(self, who):
        self.ask(COMMANDS["say"](f"{TYPED}{UTTERED}"), self.cast[who % len(self.cast)])  # type: ignore[call-arg]

    @rule(who=st.integers(1, 7), by=st.integers(0, 7))
    def somebody_is_quieted_and_tries_to_speak(self, who, by):
        person = self.cast[who % len(self.cast)]
        self.ask(Quiet(person.seat, 2, "unkind"), self.cast[by % len(self.cast)])
        self.somebody_says_something(who)

    @rule(seconds=st.sampled_from([0.0, 45.0, 645.0]))
    def everybody_who_facilitates_drops(self, seconds):
        for actor in self.cast:
            if actor.role is Role.FACILITATOR:
                self.ask(Lose(actor.seat, self.now), THE_CLOCK)
        self.time_passes(min(seconds, 45.0))
        self.time_passes(max(seconds - 45.0, 0.0))

    @rule()
    def a_node_takes_a_snapshot(self):
        self.copy = replace(
            self.room, controls=codec.decode_controls(codec.encode_controls(self.room.controls))
        )

    @rule(who=st.integers(1, 7), by=st.integers(0, 7))
    def a_restriction_that_is_lifted_gives_no_more_than_before(self, who, by):
        person, facilitator = self.cast[who % len(self.cast)], self.cast[by % len(self.cast)]
        seat = self.room.seat(person.seat)
        back = Arrive(person.name, listening=seat is not None and seat.listening, connected=True)
        # Whoever left may come back: that is no gift of a removal that was taken back.
        before = self.speakers(self.room) | self.speakers(self.after(self.room, (back, person)))
        rounds: list[tuple[tuple[Command, Actor], ...]] = [
            ((Lose(person.seat, self.now), THE_CLOCK), (back, person)),
            ((Remove(person.seat, "unkind"), facilitator), (back, person), (Admit(person.seat), facilitator)),
            (
                (Remove(person.seat, "unkind"), facilitator),
                (Readmit(person.seat), facilitator),
                (back, person),
            ),
        ]
        if not self.room.controls.unattended:  # which resuming takes back as well
            rounds.append(((Pause("a_minute"), facilitator), (Resume(), facilitator)))
        if seat is not None and seat.quiet_until is None:
            rounds.append(
                ((Quiet(person.seat, 5, "unkind"), facilitator), (Unquiet(person.seat), facilitator))
            )
        for steps in rounds:
            assert self.speakers(self.after(self.room, *steps)) <= before

    def after(self, room: LiveRoom, *steps: tuple[Command, Actor]) -> LiveRoom:
        """As the room would be after these, as far as they can be carried out."""
        for command, actor in steps:
            decision = decide(room, command, actor, self.now)
            if isinstance(decision, Refusal) or not decision:
                break
            for event in decision:
                room = evolve(room, event, self.now)
        return room

    # What must hold whenever something is asked for

    def ask(self, command: Command, actor: Actor) -> None:
        # As a host's time does: never twice the same.
        self.now = round(self.now + 0.000001, 6)
        before = codec.encode_controls(self.room.controls), self.room.recent
        decision = decide(self.room, command, actor, self.now)
        assert (codec.encode_controls(self.room.controls), self.room.recent) == before, (
            "decide changed the room"
        )
        assert TYPED not in f"{command!r} {actor!r} {decision!r}"
        if isinstance(decision, Refusal):
            return
        for event in decision:
            self.happens(event)
        if decision and command.type not in MEANT_TWICE:
            again = decide(self.room, command, actor, self.now)
            assert isinstance(again, Refusal) or not again, "repeated, it happened again"

    def happens(self, event: Event) -> None:
        self.may_happen(event)
        entry = codec.encode_event(event, self.now)
        decoded, at, _ = codec.decode_event(entry)
        assert decoded == event
        assert at == round(self.now, 6)
        self.room = evolve(self.room, event, self.now)
        self.copy = evolve(self.copy, decoded, self.now)
        if self.room.state not in OVER:
            self.over_at = self.now
        if self.room.state in UNDER_WAY:
            people = self.room.controls.seats.values()
            self.came |= {seat.id for seat in people if seat.inside and seat.role is Role.MEMBER}
        self.seq += 1
        shown = self.seq - self.room.controls.hidden
        assert shown == self.number + event.numbered, "a hole in the numbers, or one number twice"
        self.number = shown
        self.is_shown_to_whom_it_may(event)

    def may_happen(self, event: Event) -> None:
        match event:
            case Said(id=message, seat=seat_id):
                seat = self.room.controls.seats[seat_id]
                assert self.room.state in {State.LIVE, State.CLOSING}
                assert not self.room.controls.unattended
                assert seat.place is Place.INSIDE
                assert not seat.listening
                assert seat_id not in self.room.controls.removed
                assert self.quiet.get(seat_id, 0.0) <= self.now
                assert message not in self.messages
                self.messages.append(message)
            case Quieted(seat=str(seat_id), until=float(until)):
                self.quiet[seat_id] = until
            case Unquieted(seat=str(seat_id)):
                del self.quiet[seat_id]

    def is_shown_to_whom_it_may(self, event: Event) -> None:
        for audience in Audience:
            shown = event.shown_to(audience)
            assert shown is None or audience in event.reach
        member = event.shown_to(Audience.MEMBER)
        assert (member is not None) is event.numbered, "a number that members miss, or a frame without one"
        if isinstance(member, Quieted | Unquieted):
            assert member.seat is None

    # What must hold all the time

    @invariant()
    def a_snapshot_and_what_came_after_it_is_the_snapshot_after(self):
        assert self.copy == self.room
        assert codec.decode_controls(codec.encode_controls(self.room.controls)) == self.room.controls

    @invariant()
    def words_stand_nowhere(self):
        assert UTTERED.encode() not in codec.encode_controls(self.room.controls)
        assert TYPED not in repr(self.room)

    @invariant()
    def who_took_part_is_known_until_the_end_where_it_was_asked_for(self):
        controls = self.room.controls
        known = self.room.terms.counts and self.room.state not in OVER
        assert (controls.took_part is not None) is known
        assert sorted((controls.took_part or "").split()) == (sorted(self.came) if known else [])
        kept = self.room.terms.counts and self.room.state is State.ENDED
        assert controls.turnout == (band(len(self.came)) if kept else "")

    @invariant()
    def who_is_removed_is_gone(self):
        for seat in self.room.controls.seats.values():
            assert not self.room.is_removed(seat.id) or seat.place is Place.GONE

    @invariant()
    def no_live_room_is_left_alone(self):
        controls = self.room.controls
        present = any(self.room.on_duty(seat) and seat.away_since is None for seat in controls.seats.values())
        assert (controls.alone_since is None) is present

    def speakers(self, room: LiveRoom) -> set[SeatId]:
        return {seat.id for seat in room.controls.seats.values() if held_back(room, seat, self.now) is None}

    def values(self, kind: type[Command], name: str) -> st.SearchStrategy[object]:
        """What could stand in a field, sensible more often than not."""
        seats = [actor.seat for actor in self.cast]
        made_up = [message_id(seat, self.now) for seat in seats]
        likely: dict[str, list[object]] = {
            "seat": [*seats, *seats, "snobody"],
            "message": [*self.messages, *self.messages, *made_up, f"{seats[-1]}.{TYPED}"],
            "name": [*NAMES, "Host", ""],
            "text": [f"{TYPED}{UTTERED}", "", "x" * 1001],
            "minutes": [*QUIET_MINUTES, 0, 3],
            "seconds": [0, 10, 20, 60, 120, 300],
            "seats": [2, 6, 8],
            "mode": [*Mode],
            "door": [*Door],
            "times": [1, 2, 3],
            "place": [0, 1, 5],
            "id": [*(ask.id for ask in self.room.controls.cosigns), "remove.0"],
            "line": [*self.room.recent.proposals, *seats],
            "messages": [tuple(self.messages[-3:]), (), tuple(made_up[:1])],
            "answers": [("yes", "no"), ("fine", "so so", "not well"), (f"{TYPED}{UTTERED}", "b")],
            "code_hash": ["0" * 64, "f" * 64, "short"],
            "state": [*State],
            "people": [
                {},
                {seats[-1]: "here"},
                {seats[-1]: "wary"},
                {seats[-1]: "removed", seats[0]: "here"},
            ],
            "suspended": [{}, {seats[0]: NAMES[0]}],
            "discharged": [(), (seats[0],)],
            "ends_at": [self.now + 60, None],
            "since": [self.now, self.now - 12, self.now + 12],
        }
        by_type: dict[object, list[object]] = {
            str: [*CODES, *CODES, *seats, f"{TYPED}{UTTERED}"],
            bool: [False, True],
            int: [0, 1, 5],
            float: [0.0, self.now],
        }
        hint = get_type_hints(kind)[name]
        options = list(likely.get(name) or by_type[hint])
        return st.sampled_from([*options, None] if type(None) in getattr(hint, "__args__", ()) else options)

    def teardown(self):
        """However it was left, time alone ends every session."""
        if hasattr(self, "cast"):
            for _ in range(2000):
                if (due := next_due(self.room)) is None:
                    break
                self.now = max(self.now, due[0])
                self.ask(Tick(), THE_CLOCK)
            assert self.room.is_finished
            assert self.room.recent == Recent()
            assert self.over_at <= START + 4 * 60 * MINUTE


# A broken law is worth the wait for its shortest story.
TestTheLawsHoldWhateverPeopleDo = pytest.mark.timeout(600)(Laws.TestCase)
