"""What an organiser sets for the door of a room, and what the pages say of it; every session falls back to it."""

from collections.abc import Mapping, MutableMapping
from typing import Final, get_args

from rooms.records import limits
from rooms.records.words import Door, Talk
from server.pages.schedule import whole
from server.words import N_, Words

DOORS: Final[Mapping[Door, str]] = {
    "open": N_("Open. From a quarter of an hour after the start people knock"),
    "all_along": N_("Open all along: people come and go"),
    "knock": N_("People knock, and a facilitator lets them in"),
}
TALKS: Final[Mapping[Talk, str]] = {
    "open": N_("Whoever likes to writes"),
    "hands": N_("People raise a hand, and one writes at a time"),
}
DOOR_WRONG = N_("Please choose how the door stands.")
TALK_WRONG = N_("Please choose how people talk at first.")
AGE_WRONG = N_("Please give an age, like 18, or 0 for every age.")


def choices_of_door(words: Words) -> dict[str, list[tuple[str, str]]]:
    return {
        "doors": [(key, words.gettext(said)) for key, said in DOORS.items()],
        "talks": [(key, words.gettext(said)) for key, said in TALKS.items()],
    }


def least_age_of(door: str, talk: str, least_age: str, errors: MutableMapping[str, str]) -> int | None:
    """The age as a number; what is wrong with it, or with the two beside it, is put down in ``errors``."""
    if door not in get_args(Door):
        errors["door"] = DOOR_WRONG
    if talk not in get_args(Talk):
        errors["talk"] = TALK_WRONG
    return whole(least_age, limits.LEAST_AGE, "least_age", AGE_WRONG, errors)
