"""A new control is complete only with its button, its notice and its test. What is missing is said, and where it goes."""

import re
from pathlib import Path

import pytest

from rooms.live import COMMANDS, EVENTS
from rooms.live.view import from_a_page
from rooms.live.words import NOBODY

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "templates" / "live"
TESTS = ROOT / "tests" / "live"

# Asked for by something else than a button in the room.
ELSEWHERE = {
    "offer_move": "its code is made by the server",
    "assign_lead": "the organiser's desk; the lead hands over",
}
FROM_A_PAGE = [name for name in COMMANDS if from_a_page(name) and name not in ELSEWHERE]

# Drawn, not told: a line of the transcript, a word under one, the order of hands.
SHOWN_AS_STATE = {"said", "reacted", "hand_lowered"}
TOLD = [name for name, event in EVENTS.items() if event.reach != NOBODY and name not in SHOWN_AS_STATE]


# Written, not pressed: static/js/composer.js asks for it.
WRITTEN = {"say"}


def done_by_the_page() -> set[str]:
    """By an element of its own, or by the macro that makes a button for one answer."""
    pages = "".join(path.read_text("utf-8") for path in PAGE.glob("**/*.html"))
    scripts = (ROOT / "static" / "js" / "composer.js").read_text("utf-8")
    return set(re.findall(r'(?:data-do="|one\(")(\w+)"', pages)) | {
        name for name in WRITTEN if f"type: '{name}'" in scripts
    }


def told_by_the_page() -> set[str]:
    """By a template of its own, or by the macro that makes one."""
    return set(re.findall(r'(?:data-event="|notice\(")(\w+)"', (PAGE / "_notices.html").read_text("utf-8")))


@pytest.mark.parametrize("name", FROM_A_PAGE)
def test_every_command_has_a_button(name):
    assert name in done_by_the_page(), (
        f'no button asks for "{name}": put an element with data-do="{name}" into templates/live/_controls.html'
    )


@pytest.mark.parametrize("name", TOLD)
def test_every_event_has_a_notice(name):
    assert name in told_by_the_page(), (
        f'nobody is told of "{name}": put a template with data-event="{name}" into templates/live/_notices.html, '
        f"or, if it only shows as state, name it in SHOWN_AS_STATE in {Path(__file__).name}"
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_test(name):
    # A story may ask through a verb of its cast.
    stories = "".join(
        path.read_text("utf-8") for path in TESTS.glob("*_*.py") if path.name != Path(__file__).name
    )
    verb = COMMANDS[name].__name__
    assert f"{verb}(" in stories or f"import {verb}" in stories, (
        f'nothing tries "{name}": add its row to TABLE in tests/live/test_permissions.py and a story to tests/live'
    )


def test_what_shows_as_state_is_an_event():
    assert set(EVENTS) >= SHOWN_AS_STATE, "take what is gone out of SHOWN_AS_STATE"


def test_the_page_asks_for_nothing_and_tells_of_nothing_that_there_is_not():
    assert done_by_the_page() <= set(FROM_A_PAGE), (
        "a button in templates/live asks for a command that is gone"
    )
    # `missed` is the page's own: it was out of touch.
    assert told_by_the_page() - {"missed"} <= set(EVENTS), (
        "a notice in templates/live tells of an event that is gone"
    )
