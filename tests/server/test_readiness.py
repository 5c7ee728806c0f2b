"""How ready a date is, in words: by who is put down for it, or by who could be there."""

from datetime import timedelta

import pytest

from rooms.records.accounts import Account
from rooms.records.sessions import Session
from server.pages.desk import readiness
from server.words import choose
from tests.server.house import START

WORDS = choose("en")
ANA, JO = (Account(name, name, name, False, None) for name in ("Ana", "Jo"))
HOUR = timedelta(hours=1)


def session(starts_in: timedelta) -> Session:
    starts = START + starts_in
    wall = starts.replace(tzinfo=None)
    return Session("s", "r", starts, starts + HOUR, wall, "UTC", 60, 10, starts_itself=False)


@pytest.mark.parametrize(
    ("parts", "facilitators", "starts_in", "said"),
    [
        ({"lead": ANA, "second": JO}, 0, HOUR, "Ready"),
        ({"lead": ANA}, 5, HOUR, "Needs a second facilitator"),
        ({"on_call": ANA}, 0, 25 * HOUR, "Needs a facilitator"),
        ({}, 0, 24 * HOUR, "Nobody facilitates it, and it is soon"),
        ({"on_call": ANA}, 0, HOUR, "Nobody facilitates it, and it is soon"),
        ({}, 1, HOUR, "Needs a second facilitator"),
        ({}, 2, HOUR, "Ready"),
    ],
)
def test_it_is_said_who_is_missing(parts, facilitators, starts_in, said):
    assert readiness(WORDS, session(starts_in), parts, facilitators, START) == said


def test_a_room_without_a_date_may_still_need_somebody():
    assert readiness(WORDS, None, {}, 0, START) == "Needs a facilitator"
