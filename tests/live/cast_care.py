"""Verbs for what looks after people, and what each of them gets to see of an event."""

from collections.abc import Iterable

from rooms.live import Event, Refusal
from rooms.live.agreement import CheckLine, Object, ProposeLine
from rooms.live.lines import WriteLine
from rooms.live.corner import GoToCorner, LeaveCorner
from rooms.live.moderation import REASONS  # noqa: F401 - for stories that send somebody outside
from tests.people import Evening, Person, an_evening
