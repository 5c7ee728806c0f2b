"""One's own seat: another name, listening or not."""

from rooms.live.seat import Listen, ListeningChanged, Rename, Renamed
from rooms.live.words import ONLY_FACILITATORS
from tests.live.cast_control import last, seen_by
from tests.people import an_evening


class TestANewName:
    def test_at_once_and_the_others_see_their_list_change(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(Rename("  Night   owl "))
        evening.brought(Renamed(seat=ben.id, name="Night owl"))
        assert seen_by(last(evening)) == ONLY_FACILITATORS
        assert "Night" not in repr(last(evening))
        ben.can_speak()

    def test_once_in_ten_minutes(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(Rename("Night owl"))
        evening.passes(599.999)
        ben.asks(Rename("Owl"))
        ben.is_refused("renamed_lately")
        evening.passes(0.001)
        ben.asks(Rename("Owl"))

    def test_not_like_somebody_elses_and_not_the_same_again(self):
        evening = an_evening(reserved=("Jo",))
        _, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        for name in ("Chi", "Ana", "Jo"):
            ben.asks(Rename(name))
            assert ben.is_refused("name_taken").offers
        ben.asks(Rename("Ben"))
        ben.is_refused("already")

    def test_facilitators_keep_the_name_of_their_account(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        ana.asks(Rename("Night owl"))
        ana.is_refused("not_allowed")

    def test_what_stands_on_the_seat_stays(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben)
        ben.asks(Rename("Night owl"))
        ben.cannot_speak("quieted")


class TestListening:
    def test_from_now_on_and_back(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(Listen(True))
        evening.brought(ListeningChanged(seat=ben.id, on=True))
        assert seen_by(last(evening)) == ONLY_FACILITATORS
        ben.asks(Listen(True))
        ben.is_refused("already")
        ben.cannot_speak("listening")
        ben.asks(Listen(False))
        ben.can_speak()

    def test_it_is_no_way_around_a_quiet_but_going_silent_is_free(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben)
        ben.asks(Listen(True))
        ben.asks(Listen(False))
        ben.is_refused("quieted")


def test_what_is_heard_too_late_breaks_nothing():
    evening = an_evening()
    before = evening.room
    evening.fold(Renamed("s?", "Nobody"), ListeningChanged("s?", True))
    assert evening.room.controls.seats == before.controls.seats
