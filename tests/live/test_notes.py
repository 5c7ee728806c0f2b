"""Content notes, tags, gentle words, and taking down what is undone again."""

import pytest

from rooms.live.looking import LookFirst
from rooms.live.moderation import CATEGORIES, Restore, Restored, TakeDown, TakenDown
from rooms.live.talk import LONGEST_NOTE, REACTIONS, TAGS, AddNote, Noted, React, Reacted, Said, Say
from rooms.live.words import INSIDE
from tests.live.cast_control import last, seen_by
from tests.people import Evening, Person, an_evening


class TestSayingWithANote:
    def test_the_text_is_folded_under_it(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(Say("words", note="  about \u202ehospital "))
        said = last(evening)
        assert isinstance(said, Said)
        assert said.note == "about hospital"
        assert "hospital" not in repr(said)

    def test_sixty_characters_and_not_one_more(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(Say("words", note="n" * LONGEST_NOTE))
        ben.asks(Say("words", note="n" * (LONGEST_NOTE + 1)))
        ben.is_refused("too_long")

    @pytest.mark.parametrize("tag", TAGS)
    def test_how_one_would_like_to_be_answered(self, tag):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(Say("words", tag=tag))
        said = last(evening)
        assert isinstance(said, Said)
        assert said.tag == tag

    def test_never_a_tag_of_ones_own(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(Say("words", tag="be quick"))
        ben.is_refused("invalid")


class TestAddingANote:
    def test_to_ones_own_message_and_away_again(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        message = ben.says("words")
        ben.asks(AddNote(message, " hospital "))
        evening.brought(Noted(message=message, note="hospital", by="Ben"))
        assert seen_by(last(evening)) == INSIDE
        ben.asks(AddNote(message, "  "))
        evening.brought(Noted(message=message, note="", by="Ben"))

    def test_facilitators_to_anybodys_also_in_a_pause_and_the_author_is_the_one_concerned(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        message = ben.says("words")
        chi.asks(AddNote(message, "hospital"))
        chi.is_refused("not_yours")
        ana.pauses()
        ana.asks(AddNote(message, "hospital"))
        assert last(evening).concerns == ben.id

    def test_facilitators_also_to_what_somebody_said_whom_the_room_has_forgotten(self):
        evening, ana, chi, message = said_by_somebody_forgotten()
        chi.asks(AddNote(message, "hospital"))
        chi.is_refused("not_yours")
        ana.asks(AddNote(message, "hospital"))
        evening.brought(Noted(message=message, note="hospital", by="Ana"))

    def test_not_too_long_and_not_to_what_nobody_said(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ben.asks(AddNote(ben.says("words"), "n" * (LONGEST_NOTE + 1)))
        ben.is_refused("too_long")
        ana.asks(AddNote("nobody said this.1a", "hospital"))
        ana.is_refused("no_such_message")

    def test_it_is_no_way_to_speak_while_quieted_or_in_a_pause_but_unfolding_is_free(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("words")
        ana.quiets(ben)
        ben.asks(AddNote(message, "and another thing"))
        ben.is_refused("quieted")
        ben.asks(AddNote(message, ""))
        ana.unquiets(ben)
        ana.pauses()
        ben.asks(AddNote(message, "and another thing"))
        ben.is_refused("paused")

    def test_nor_past_a_facilitator_who_looks_first(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("words")
        ana.asks(LookFirst(ben.id))
        ben.asks(AddNote(message, "and another thing"))
        ben.is_refused("not_now")


def said_by_somebody_forgotten() -> tuple[Evening, Person, Person, str]:
    """Ben has left, a quarter of an hour ago, and what he said is still on everybody's screen."""
    evening = an_evening()
    ana, ben, chi, _ = evening.under_way("Ana", "Ben", "Chi", "Dov")
    message = ben.says("words")
    ben.leaves()
    evening.passes(minutes=15)
    assert evening.room.seat(ben.id) is None
    return evening, ana, chi, message


class TestGentleWords:
    @pytest.mark.parametrize("kind", REACTIONS)
    def test_four_of_them_to_anybodys_message_and_nothing_is_counted(self, kind):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ana.says("words")
        before = evening.room
        ben.asks(React(message, kind))
        evening.brought(Reacted(message=message, seat=ben.id, kind=kind))
        assert evening.room is before
        assert seen_by(last(evening)) == INSIDE

    def test_never_one_of_ones_own_nor_to_what_is_gone_or_was_never_said(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ana.says("words")
        ben.asks(React(message, "angry"))
        ben.is_refused("invalid")
        ben.asks(React("you all annoy me.1a", "with_you"))
        ben.is_refused("no_such_message")
        ana.takes_down(message)
        ben.asks(React(message, "with_you"))
        ben.is_refused("no_such_message")

    def test_to_what_somebody_said_whom_the_room_has_forgotten(self):
        evening, _, chi, message = said_by_somebody_forgotten()
        chi.asks(React(message, "with_you"))
        evening.brought(Reacted(message=message, seat=chi.id, kind="with_you"))

    def test_somebody_quieted_may_also_in_a_pause(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ana.says("words")
        ana.quiets(ben)
        ana.pauses()
        ben.asks(React(message, "listening"))

    def test_they_rest_while_nobody_looks_after_the_room(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ana.says("words")
        ana.leaves()
        evening.passes(45)
        ben.asks(React(message, "listening"))
        ben.is_refused("held")
        evening.passes(minutes=10)
        ben.asks(React(message, "listening"))
        ben.is_refused("held")


class TestRestoring:
    def test_what_was_taken_down_in_error_comes_back_within_a_minute(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("words")
        ana.takes_down(message, "other")
        evening.passes(60)
        ana.asks(Restore(message))
        evening.brought(Restored(message=message, by="Ana"))
        assert evening.room.controls.down == evening.room.controls.down_at == {}
        assert seen_by(last(evening)) == INSIDE
        ana.asks(Restore(message))
        ana.is_refused("already")

    def test_after_a_minute_it_is_too_late(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("words")
        ana.takes_down(message, "other")
        evening.passes(60.001)
        ana.asks(Restore(message))
        ana.is_refused("too_late")

    @pytest.mark.parametrize("category", CATEGORIES)
    def test_private_details_stay_down(self, category):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("words")
        ana.takes_down(message, category)
        ana.asks(Restore(message))
        if category == "private_details":
            ana.is_refused("too_late")

    def test_others_stay_down(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        one, two = ben.says("one"), ben.says("two")
        ana.takes_down(one, "other")
        ana.takes_down(two, "other")
        ana.asks(Restore(one))
        assert evening.room.controls.down == {two: "other"}


def test_case_12_a_third_party_named_is_taken_down_as_private_details_and_its_author_may_go_on():
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    message = ben.says("nurse Joyce of ward 4")
    ana.asks(TakeDown(message, "private_details"))
    assert last(evening).shown_to_concerned() == TakenDown(message, "private_details", "Ana", yours=True)
    # No sanction.
    ben.can_speak()
