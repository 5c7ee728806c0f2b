"""What facilitators do about words and people, and what the others learn of it."""

import pytest

from rooms.live.moderation import CATEGORIES, QUIET_MINUTES, REASONS, Quieted, TakenDown, Unquieted
from rooms.live.words import Audience
from tests.people import MINUTE, START, an_evening


class TestQuieting:
    @pytest.mark.parametrize("minutes", QUIET_MINUTES)
    @pytest.mark.parametrize("reason", REASONS)
    def test_one_person_for_a_while_with_a_reason(self, minutes, reason):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.quiets(ben, minutes, reason)
        evening.brought(Quieted(seat=ben.id, until=evening.now + minutes * MINUTE, reason=reason, by="Ana"))
        assert ben.seat.quiet_reason == reason
        ben.cannot_speak("quieted")
        chi.can_speak()

    @pytest.mark.parametrize(("minutes", "reason"), [(3, "unkind"), (0, "unkind"), (5, "he is rude")])
    def test_only_for_times_and_reasons_that_there_are(self, minutes, reason):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, minutes, reason)
        ana.is_refused("invalid")

    def test_the_others_learn_that_and_by_whom_never_whom(self):
        quieted = Quieted(seat="sben", until=START, reason="unkind", by="Ana")
        assert quieted.shown_to(Audience.MEMBER) == Quieted(None, None, None, "Ana")
        assert quieted.shown_to(Audience.FACILITATOR) == quieted
        assert quieted.shown_to(Audience.WAITING) is None
        assert quieted.shown_to_concerned() == quieted
        assert quieted.concerns == "sben"

    def test_longer_is_possible_and_shorter_is_done_already(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 5)
        until = ben.seat.quiet_until
        ana.quiets(ben, 2)
        ana.is_refused("already")
        ana.quiets(ben, 5)
        ana.is_refused("already")
        assert ben.seat.quiet_until == until
        ana.quiets(ben, 10)
        assert ben.seat.quiet_until == evening.now + 10 * MINUTE

    def test_the_same_again_a_while_later_begins_anew(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 5)
        evening.passes(9)
        ana.quiets(ben, 5)
        ana.is_refused("already")
        evening.passes(2)
        ana.quiets(ben, 5)
        assert ben.seat.quiet_until == evening.now + 5 * MINUTE

    def test_not_each_other_and_nobody_unknown(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        jo = evening.facilitator("Jo")
        jo.arrives()
        ana.quiets(jo)
        ana.is_refused("not_allowed")
        ana.quiets(evening.member("Nobody"))
        ana.is_refused("not_here")

    def test_somebody_who_waits_comes_in_quiet(self):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        ana.quiets(ben, 10)
        ana.starts()
        ben.cannot_speak("quieted")

    def test_a_dropped_connection_clears_nothing(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 10)
        ben.drops()
        ben.comes_back()
        ben.cannot_speak("quieted")


class TestUnquieting:
    def test_early_and_it_gives_back_what_was_taken(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        before = ben.seat
        ana.quiets(ben, 10)
        ana.unquiets(ben)
        evening.brought(Unquieted(seat=ben.id, by="Ana"))
        assert ben.seat == before
        ben.can_speak()

    def test_nothing_more_than_that(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        chi = evening.member("Chi")
        chi.arrives(listening=True)
        ana.quiets(chi)
        ana.unquiets(chi)
        chi.cannot_speak("listening")

    def test_nobody_who_is_not_quiet_or_not_known(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.unquiets(ben)
        ana.is_refused("already")
        ana.unquiets(evening.member("Nobody"))
        ana.is_refused("not_here")

    def test_the_others_learn_that_it_is_over(self):
        over = Unquieted(seat="sben", by="")
        assert over.shown_to(Audience.MEMBER) == Unquieted(None, "")
        assert over.shown_to(Audience.FACILITATOR) == over
        assert over.shown_to(Audience.WAITING) is None
        assert over.concerns == "sben"


class TestTakingDown:
    @pytest.mark.parametrize("category", CATEGORIES)
    def test_for_a_reason_that_everyone_can_read(self, category):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("her number is 01234")
        ana.takes_down(message, category)
        evening.brought(TakenDown(message=message, category=category, by="Ana"))
        assert evening.room.controls.down == {message: category}

    def test_the_author_is_told_that_it_is_theirs(self):
        down = TakenDown(message="sben.1a", category="other", by="Ana")
        assert down.concerns == "sben"
        assert down.shown_to_concerned() == TakenDown("sben.1a", "other", "Ana", yours=True)
        assert down.shown_to(Audience.MEMBER) == down

    def test_once_and_not_what_was_taken_back(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        one, two = ben.says("one"), ben.says("two")
        ana.takes_down(one)
        ana.takes_down(one)
        ana.is_refused("already")
        ben.takes_back(one)
        ben.is_refused("already")
        ben.takes_back(two)
        ana.takes_down(two)
        ana.is_refused("already")

    def test_not_for_a_reason_of_ones_own_nor_what_nobody_said(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("hi")
        ana.takes_down(message, "boring")
        ana.is_refused("invalid")
        ana.takes_down("nobody said this.1a")
        ana.is_refused("no_such_message")

    def test_what_somebody_said_who_has_left_since(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("hi")
        ben.leaves()
        ana.takes_down(message)
        assert message in evening.room.controls.down

    def test_what_somebody_said_whom_the_room_has_forgotten(self):
        evening = an_evening()
        ana, ben, *_ = evening.under_way("Ana", "Ben", "Chi", "Dov")
        message = ben.says("hi")
        ben.leaves()
        evening.passes(minutes=15)
        assert evening.room.seat(ben.id) is None
        ana.takes_down(message)
        evening.brought(TakenDown(message=message, category="private_details", by="Ana"))


@pytest.mark.parametrize("event", [Quieted("s?", START, "unkind", "Ana"), Unquieted("s?", ""), Quieted(None, None, None, "")], ids=repr)  # fmt: skip
def test_what_is_heard_too_late_breaks_nothing(event):
    evening = an_evening()
    before = evening.room
    evening.fold(event)
    assert evening.room.controls.seats == before.controls.seats
