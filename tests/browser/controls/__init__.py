"""Stories in which every control of a live room is pressed; tests/browser/test_every_control.py tells them."""

from collections.abc import Awaitable, Callable

from tests.browser.company import Company
from tests.browser.controls import care, door, talk, turns
from tests.browser.effects import Effects
from tests.browser.house import House

Story = Callable[[House, Company, Effects], Awaitable[None]]

STORIES: tuple[Story, ...] = (
    door.among_facilitators,
    door.at_the_door,
    talk.words,
    talk.looked_at_first,
    turns.raised_hands,
    turns.a_round,
    care.looked_after,
    talk.agreed_on,
    care.grave,
    door.to_the_end,
    door.a_full_room,
)
