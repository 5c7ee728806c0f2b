"""How many took part: each once, nobody where nobody asked for it, and in the end a band and nothing else."""

import pytest

from rooms.live import State
from rooms.live.calling_off import CallOff
from rooms.live.lifecycle import DoorsOpened
from rooms.live.turnout import band
from rooms.live.words import Actor, Role
from tests.people import DOORS, START, Evening, Person, an_evening

NAMES = ("Ben", "Chi", "Dov", "Eli", "Fay", "Gus", "Hal", "Ida", "Jon", "Kim", "Lou")


def under_way(*names: str) -> tuple[Evening, list[Person]]:
    evening = an_evening(counts=True, seats=20)
    return evening, evening.under_way("Ana", *names)


def ended(evening: Evening, ana: Person) -> str:
    ana.ends()
    ana.ends()
    evening.is_now(State.ENDED)
    assert evening.room.controls.took_part is None
    return evening.room.controls.turnout


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "under_5"), (4, "under_5"), (5, "5_to_9"), (9, "5_to_9"), (10, "10_or_more"), (500, "10_or_more")],
)
def test_the_bands(number, said):
    assert band(number) == said


@pytest.mark.parametrize(("many", "said"), [(4, "under_5"), (5, "5_to_9"), (9, "5_to_9"), (10, "10_or_more")])
def test_everybody_who_was_inside_counts_once_and_who_facilitates_does_not(many, said):
    evening, (ana, *_) = under_way(*NAMES[:many])
    evening.facilitator("Jo").arrives()
    assert ended(evening, ana) == said


def test_who_waited_until_it_began_came_and_who_was_never_let_in_did_not():
    evening = an_evening(counts=True, knock_first=True, seats=20)
    ana = evening.facilitator("Ana")
    ana.arrives()
    people = [evening.member(name) for name in NAMES[:6]]
    for each in people:
        each.arrives()
    ana.admits(people[0])
    assert evening.room.controls.took_part == ""
    evening.comes_to(START)
    ana.starts()
    assert evening.room.controls.took_part == people[0].id
    for each in people[1:4]:
        ana.admits(each)
    ana.declines(people[4])
    assert ended(evening, ana) == "under_5"


def test_who_only_reads_took_part_like_everybody():
    evening, (ana, *_) = under_way(*NAMES[:4])
    evening.member("Fay").arrives(listening=True)
    assert ended(evening, ana) == "5_to_9"


def test_who_left_is_counted_and_who_comes_back_long_after_is_not_counted_twice():
    evening, (ana, ben, *_) = under_way(*NAMES[:4])
    ben.leaves()
    evening.passes(minutes=16)
    assert ben.id not in evening.room.controls.seats
    ben.arrives()
    ana.admits(ben)
    assert ended(evening, ana) == "under_5"
    evening, (ana, ben, *_) = under_way(*NAMES[:5])
    ben.leaves()
    evening.passes(minutes=16)
    assert ended(evening, ana) == "5_to_9"


def test_after_the_tenth_nobody_is_put_down():
    evening, (_, *people) = under_way(*NAMES)
    assert len(people) == 11
    assert evening.room.controls.took_part == " ".join(each.id for each in people[:10])


def test_no_more_of_a_seat_is_remembered_than_tells_it_from_the_others():
    evening, _ = under_way("Christabel", "Dorothea", "Dorothy")
    assert evening.room.controls.took_part == "schr sdor"


def test_where_nobody_asked_for_it_nothing_is_remembered():
    evening = an_evening()
    (ana, *_) = evening.under_way("Ana", *NAMES[:6])
    assert not evening.room.controls.counts
    assert evening.room.controls.took_part is None
    assert ended(evening, ana) == ""
    assert not evening.room.controls.counts


def test_it_is_settled_when_the_doors_open_whatever_another_node_was_told_of_it():
    asked, unasked = an_evening(at=DOORS - 1, counts=True), an_evening(at=DOORS - 1)
    asked.comes_to(DOORS)
    asked.brought(DoorsOpened(counts=True))
    unasked.now = DOORS
    unasked.fold(*asked.happened)
    for evening in (asked, unasked):
        (ana, *_) = evening.under_way("Ana", "Ben")
        assert evening.room.controls.took_part == "sben"
        assert ended(evening, ana) == "under_5"
        assert evening.room.controls.counts


def test_of_a_session_that_was_not_held_or_was_called_off_there_is_none():
    evening = an_evening(counts=True)
    evening.member("Ben").arrives()
    evening.comes_to(START + 3600)
    evening.is_now(State.NOT_HELD)
    assert evening.room.controls.turnout == ""
    evening = an_evening(counts=True)
    evening.member("Ben").arrives()
    evening.ask(CallOff("cancelled"), Actor("", Role.ORGANISER, "Olu"))
    evening.is_now(State.CANCELLED)
    assert evening.room.controls.turnout == ""


def test_seats_that_are_taken_just_now():
    evening, (ana, ben, *_) = under_way(*NAMES[:5])
    assert evening.room.members == 5
    ben.leaves()
    assert evening.room.members == 4
    assert ana.is_inside()
