"""Talking: what is said, who may, and the author's right to take it back."""

import pytest

from rooms.live.talk import LONGEST, MOST_TAKEN_BACK, Said, TakenBack, author, message_id
from tests.people import START, an_evening


class TestSaying:
    def test_everybody_inside_may(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ben.says("  hi  ")
        evening.brought(Said(id=ben.last_message, seat=ben.id, name="Ben", text="hi"))
        ana.says("hi")

    def test_under_the_name_that_was_chosen_at_the_door(self):
        evening = an_evening()
        evening.under_way("Ana")
        ben = evening.member("Ben")
        ben.arrives("Night owl")
        ben.says("hi")
        said = evening.happened[-1]
        assert isinstance(said, Said)
        assert said.name == "Night owl"

    def test_nothing_that_was_said_changes_the_room(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        before = evening.room
        ben.says("hi")
        assert evening.room is before

    @pytest.mark.parametrize(
        "nothing",
        ["", "   \n\t ", "\u200b\u200b", "\u202e\u2066", "\u3164\u3164", "\ufe0f", "\u2800", "\x00\x1b"],
        ids=ascii,
    )
    def test_no_words_are_no_message(self, nothing):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.says(nothing)
        ben.is_refused("empty")

    def test_a_thousand_characters_and_not_one_more(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.says("a" * LONGEST)
        ben.says(" " + "a" * LONGEST + "\n")
        ben.says("a" * (LONGEST + 1))
        ben.is_refused("too_long")

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("pay\u202etxt.exe", "paytxt.exe"),
            ("a\u2028b\u2029c", "abc"),
            ("bell\x07 and escape\x1b[31m", "bell and escape[31m"),
            ("hidden\U000e0068\U000e0069", "hidden"),
            ("two\nlines\tand a tab", "two\nlines\tand a tab"),
            ("👩‍👩‍👧 and ❤️", "👩‍👩‍👧 and ❤️"),
            ("می‌خواهم", "می‌خواهم"),
        ],
        ids=ascii,
    )
    def test_what_hides_or_reorders_is_dropped_and_what_people_write_stays(self, typed, shown):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.says(typed)
        said = evening.happened[-1]
        assert isinstance(said, Said)
        assert said.text == shown

    def test_the_id_of_a_message_proves_its_author(self):
        one, other = message_id("sben", START), message_id("sben", START + 0.000001)
        assert one != other
        assert author(one) == author(other) == "sben"


class TestHeldBack:
    def test_who_waits(self):
        evening = an_evening(knock_first=True)
        _, ben = evening.under_way("Ana", "Ben")
        ben.cannot_speak("waiting")

    def test_who_came_to_listen(self):
        evening = an_evening()
        evening.under_way("Ana")
        chi = evening.member("Chi")
        chi.arrives(listening=True)
        chi.cannot_speak("listening")

    def test_everybody_before_the_start(self):
        evening = an_evening()
        ana = evening.facilitator("Ana")
        ana.arrives()
        ana.cannot_speak("not_now")

    def test_who_never_arrived(self):
        evening = an_evening()
        evening.under_way("Ana")
        evening.member("Nobody").cannot_speak("not_here")

    def test_a_quiet_ends_for_the_room_when_it_ends_on_the_clock_though_no_node_has_looked_yet(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 2)
        evening.now += 119.999
        ben.cannot_speak("quieted")
        evening.now += 0.001
        ben.can_speak()

    def test_a_facilitators_cookie_on_a_members_seat_speaks_for_neither(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        mallory = evening.facilitator("Ben")
        mallory.pauses()
        mallory.is_refused("not_allowed")
        mallory.says("hi")
        mallory.is_refused("not_allowed")
        ben.can_speak()


class TestTakingBack:
    def test_ones_own_once(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        message = ben.says("too much")
        ben.takes_back(message)
        evening.brought(TakenBack(message=message))
        ben.takes_back(message)
        ben.is_refused("already")

    def test_a_quieted_person_may_for_it_only_ever_says_less(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("too much")
        ana.quiets(ben)
        ana.pauses()
        ben.takes_back(message)
        assert message in evening.room.recent.taken_back

    def test_no_more_than_anybody_says_that_should_not_have_been_said(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        for number in range(MOST_TAKEN_BACK):
            ben.takes_back(f"{ben.id}.{number:x}")
        ben.takes_back(f"{ben.id}.ffffff")
        ben.is_refused("too_fast")
        chi.takes_back(chi.says("too much"))

    def test_nobody_elses(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("mine")
        ana.takes_back(message)
        ana.is_refused("not_yours")

    @pytest.mark.parametrize("tail", ["", ".", ".what I really think", ".é", '."}', ".g1", "." + "1" * 40])
    def test_an_id_that_no_message_can_have_carries_nothing_into_the_room(self, tail):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ben.takes_back(ben.id + tail)
        ben.is_refused("not_yours")
        ana.takes_down(ben.id + tail)
        ana.is_refused("no_such_message")
