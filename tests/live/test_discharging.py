"""Taken off the room while it is on: at once, in the open, and for good."""

from rooms.live import Actor, Refusal
from rooms.live.discharging import Discharge, Discharged
from rooms.live.door import Left
from rooms.live.leading import ComeOnDuty, PowersSuspended, Suspend
from rooms.live.words import Place, Role
from tests.people import an_evening

OLU = Actor("", Role.ORGANISER, "Olu")


def test_who_is_taken_off_the_room_is_out_and_everybody_knows_that_the_power_is_gone():
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    jo = evening.facilitator("Jo")
    jo.arrives()
    assert evening.room.controls.lead == ana.id
    happened = evening.ask(Discharge(ana.id), OLU)
    assert happened == (PowersSuspended(ana.id, "Ana"), Left(ana.id), Discharged(ana.id))
    assert ana.seat.place is Place.GONE
    assert evening.room.controls.lead == jo.id
    ana.quiets(ben)
    ana.is_refused("not_here")
    ana.arrives()
    ana.is_refused("not_allowed")
    ana.asks(ComeOnDuty())
    ana.is_refused("not_here")
    ben.can_speak()


def test_whose_powers_were_taken_before_is_not_told_of_again():
    evening = an_evening()
    ana, _ = evening.under_way("Ana", "Ben")
    evening.ask(Suspend(ana.id), OLU)
    assert evening.ask(Discharge(ana.id), OLU) == (Left(ana.id), Discharged(ana.id))
    assert [each.what for each in evening.room.controls.happened].count("powers_suspended") == 1


def test_who_is_on_the_way_in_does_not_come_in():
    evening = an_evening()
    ana = evening.facilitator("Ana")
    assert evening.ask(Discharge(ana.id), OLU) == (Discharged(ana.id),)
    ana.arrives()
    ana.is_refused("not_allowed")
    assert evening.ask(Discharge(ana.id), OLU) == Refusal("already")
    evening.looked_at()


def test_who_left_before_is_only_kept_out():
    evening = an_evening()
    ana, _ = evening.under_way("Ana", "Ben")
    ana.leaves()
    assert evening.ask(Discharge(ana.id), OLU) == (Discharged(ana.id),)


def test_it_is_no_way_to_put_a_member_out_who_is_there():
    evening = an_evening()
    _, ben = evening.under_way("Ana", "Ben")
    evening.ask(Discharge(ben.id), OLU)
    ben.can_speak()


def test_only_the_organiser_asks_for_it():
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    for who in (ana, ben):
        who.asks(Discharge(ana.id))
        who.is_refused("not_allowed")
