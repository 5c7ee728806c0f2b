"""Moving a seat to another device: a code that works once and for a minute."""

from dataclasses import asdict
from hashlib import sha256

import pytest

from rooms.live import THE_CLOCK
from rooms.live.moves import MoveExpired, MoveOffered, OfferMove, SeatMoved, UseMove
from tests.live.cast_care import last, sees
from tests.people import an_evening

CODE, OTHER = (sha256(code).hexdigest() for code in (b"one", b"two"))


def use(evening, code=CODE):
    return evening.ask(UseMove(code), THE_CLOCK)


def refused(evening, code=CODE):
    answer = use(evening, code)
    evening.looked_at()
    return answer.why


class TestMoving:
    def test_who_shows_the_code_gets_the_seat(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(OfferMove(CODE))
        evening.passes(59)
        use(evening)
        evening.brought(SeatMoved(seat=ben.id))
        assert sees(ben, SeatMoved(ben.id)) == SeatMoved(ben.id)
        assert not SeatMoved(ben.id).reach

    def test_what_stands_on_the_seat_moves_too(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben)
        before = ben.seat
        ben.asks(OfferMove(CODE))
        use(evening)
        assert ben.seat == before

    def test_a_code_works_once(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(OfferMove(CODE))
        use(evening)
        assert refused(evening) == "no_such_code"

    def test_a_code_works_for_a_minute(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(OfferMove(CODE))
        evening.waits(60, then=MoveExpired(seat=ben.id))
        assert refused(evening) == "no_such_code"
        assert evening.room.controls.moves == {}
        assert not MoveExpired(ben.id).reach

    def test_also_when_nobody_looked_at_the_clock(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(OfferMove(CODE))
        evening.now += 60
        assert refused(evening) == "no_such_code"

    def test_a_newer_code_makes_the_older_void(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        chi.asks(OfferMove(sha256(b"chi").hexdigest()))
        ben.asks(OfferMove(CODE))
        ben.asks(OfferMove(OTHER))
        assert refused(evening) == "no_such_code"
        use(evening, OTHER)
        evening.brought(SeatMoved(seat=ben.id))
        assert len(evening.room.controls.moves) == 1

    def test_nobody_moves_who_has_left_or_was_removed(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ben.asks(OfferMove(CODE))
        ben.leaves()
        assert refused(evening) == "no_such_code"
        chi.asks(OfferMove(OTHER))
        ana.removes(chi)
        assert refused(evening, OTHER) == "no_such_code"
        evening.room = evening.room.with_controls(seats={})
        assert refused(evening, OTHER) == "no_such_code"

    def test_a_code_that_never_was_is_answered_like_an_old_one(self):
        evening = an_evening()
        evening.under_way("Ana", "Ben")
        assert refused(evening, "0" * 64) == "no_such_code"


class TestOffering:
    def test_only_the_owner_is_told_and_not_even_they_are_told_the_hash(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ben.asks(OfferMove(CODE))
        offered = last(evening)
        assert offered == MoveOffered(seat=ben.id, code_hash=CODE, until=evening.now + 60)
        assert sees(ben, offered) == MoveOffered(seat=ben.id, code_hash="", until=evening.now + 60)
        assert sees(ana, offered) is sees(chi, offered) is None

    def test_somebody_who_waits_may_too(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives()
        ben.asks(OfferMove(CODE))
        use(evening)

    def test_what_a_person_types_is_no_hash(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(OfferMove("my secret"))
        ben.is_refused("invalid")
        ben.asks(OfferMove(CODE))
        ben.asks(OfferMove(CODE))
        ben.is_refused("already")
        assert "my secret" not in str(asdict(evening.room.controls))

    def test_only_the_server_uses_a_code(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ben.asks(OfferMove(CODE))
        for person in (ana, ben):
            person.asks(UseMove(CODE))
            person.is_refused("not_allowed")


@pytest.mark.parametrize("event", [SeatMoved("s?"), MoveExpired("s?")], ids=repr)
def test_what_is_heard_too_late_breaks_nothing(event):
    evening = an_evening()
    evening.fold(event)
    assert evening.room.controls.moves == {}
