"""The facilitators' backchannel, the lobby's note, and how long private words are kept."""

import pytest

from rooms.live.asides import BackchannelWritten, LobbyNotePosted, WordsForgotten
from rooms.live.grave import EndForSafety
from rooms.live.looking import LookFirst
from rooms.live.state import Recent
from rooms.live.talk import Say
from rooms.live.temperature import AskTemperature
from rooms.live.words import Audience, State
from tests.live.cast_care import (
    SECRET,
    another_facilitator,
    backchannels,
    flags,
    last,
    line_of,
    nothing_typed_stands_in_controls,
    posts_in_lobby,
    proposes,
    sees,
    writes,
)
from tests.people import DOORS, MINUTE, START, an_evening


def note_in_lobby(evening):
    note = evening.room.recent.lobby_note
    return None if note is None else note.text


class TestBackchannel:
    def test_facilitators_read_it_and_nobody_else_even_knows_when(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        jo = another_facilitator(evening)
        backchannels(ana)
        written = last(evening)
        assert isinstance(written, BackchannelWritten)
        assert sees(jo, written) == written
        assert sees(ben, written) is None
        assert not written.numbered
        assert [note.text for note in evening.room.recent.backchannel] == [SECRET]
        nothing_typed_stands_in_controls(evening)

    def test_before_the_doors_too(self):
        evening = an_evening(at=DOORS - MINUTE)
        ana = evening.facilitator("Ana")
        ana.arrives()
        evening.is_now(State.SCHEDULED)
        backchannels(ana)
        assert evening.room.recent.backchannel

    def test_members_cannot_write_there(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        backchannels(ben)
        ben.is_refused("not_allowed")

    def test_a_hundred_notes_at_most_and_none_of_them_empty(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        backchannels(ana, " ")
        ana.is_refused("empty")
        for number in range(102):
            backchannels(ana, str(number))
        assert len(evening.room.recent.backchannel) == 100


class TestLobbyNote:
    def test_those_who_wait_read_it_and_those_who_come_later(self):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        posts_in_lobby(ana, "We begin at half past")
        note = last(evening)
        assert isinstance(note, LobbyNotePosted)
        assert sees(ben, note) == sees(ana, note) == note
        assert note_in_lobby(evening) == "We begin at half past"
        nothing_typed_stands_in_controls(evening, "half past")

    def test_those_inside_do_not(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        posts_in_lobby(ana, "Please wait a little")
        assert sees(ben, last(evening)) is None
        assert last(evening).shown_to(Audience.CORNERED) is None
        assert not last(evening).numbered

    def test_posted_again_it_is_another(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        posts_in_lobby(ana, "one")
        posts_in_lobby(ana, "two")
        posts_in_lobby(ana, "two")
        ana.is_refused("already")
        assert note_in_lobby(evening) == "two"

    def test_that_it_was_posted_is_told_to_everybody(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        posts_in_lobby(ana, "one")
        assert evening.room.controls.tally["lobby_note_posted"] == 1
        assert evening.room.controls.happened[-1].by == "Ana"

    @pytest.mark.parametrize(("text", "why"), [("", "empty"), ("x" * 301, "too_long")])
    def test_short_and_not_empty(self, text, why):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        posts_in_lobby(ana, text)
        ana.is_refused(why)

    def test_members_cannot(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        posts_in_lobby(ben, "hi")
        ben.is_refused("not_allowed")


class TestForgetting:
    def test_everything_is_gone_a_quarter_of_an_hour_later(self):
        evening = an_evening(late_minutes=60)
        ana, ben = evening.under_way("Ana", "Ben")
        writes(ben)
        backchannels(ana)
        posts_in_lobby(ana, "hi")
        flags(ben, text=SECRET)
        first = line_of(ben)[0].at
        evening.comes_to(first + 15 * MINUTE - 0.01)
        assert line_of(ben)
        came = evening.comes_to(first + 15 * MINUTE)
        assert came == [WordsForgotten(until=first + MINUTE)]
        assert not came[0].reach
        recent = evening.room.recent
        assert (dict(recent.lines), recent.backchannel, recent.lobby_note, recent.flags) == ({}, (), None, ())

    def test_what_is_newer_stays_until_its_own_time(self):
        evening = an_evening(late_minutes=60)
        ana, ben = evening.under_way("Ana", "Ben")
        posts_in_lobby(ana, "old")
        writes(ben, "old")
        evening.passes(minutes=2)
        posts_in_lobby(ana, "new")
        writes(ben, "new")
        backchannels(ana, "new")
        flags(ben)
        evening.passes(minutes=13)
        assert [note.text for note in line_of(ben)] == ["new"]
        assert note_in_lobby(evening) == "new"
        evening.passes(minutes=2)
        assert line_of(ben) == ()
        assert evening.room.recent.lobby_note is None

    @pytest.mark.parametrize("how", ["time", "a facilitator", "for safety", "nobody came back"])
    def test_when_the_room_is_over_no_word_is_left_in_memory(self, how):
        evening = an_evening(late_minutes=60)
        ana, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        evening.comes_to(evening.room.controls.ends_at - 5 * MINUTE)
        ana.asks(LookFirst(ben.id))
        ben.asks(Say("held"))
        writes(ben)
        backchannels(ana)
        posts_in_lobby(ana, "hi")
        flags(ben, text=SECRET)
        proposes(ana)
        ana.asks(AskTemperature("How are you?", ("well", "so-so")))
        assert all([evening.room.recent.looked_at, evening.room.recent.lines, evening.room.recent.question])
        if how == "a facilitator":
            ana.ends()
            ana.ends()
        elif how == "for safety":
            ana.asks(EndForSafety("too_much_for_one_evening"))
        elif how == "nobody came back":
            ana.leaves()
        evening.passes(minutes=16)
        evening.is_now(State.ENDED)
        assert evening.room.recent == Recent()

    def test_nor_when_it_was_not_held(self):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        evening.comes_to(START)
        writes(ben)
        posts_in_lobby(ana, "I must go again")
        ana.leaves()
        evening.passes(minutes=10)
        evening.is_now(State.NOT_HELD)
        assert evening.room.recent == Recent()

    def test_also_while_the_room_is_paused(self):
        evening = an_evening(late_minutes=60)
        ana, ben = evening.under_way("Ana", "Ben")
        writes(ben)
        ana.pauses()
        evening.passes(minutes=15)
        assert line_of(ben) == ()
