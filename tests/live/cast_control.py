"""What the stories of facilitators' controls have in common."""

from rooms.live import Actor, Event
from rooms.live.words import Audience, Role
from tests.live.cast_care import another_facilitator
from tests.people import Evening, Person

ORGANISER = Actor(seat="", role=Role.ORGANISER)

__all__ = ["ORGANISER", "another_facilitator", "last", "seen_by", "two_facilitators", "types"]


def two_facilitators(evening: Evening, *names: str) -> list[Person]:
    """Ana, who leads, Jo beside her, and the members."""
    ana, *others = evening.under_way("Ana", *names)
    return [ana, another_facilitator(evening), *others]


def last(evening: Evening) -> Event:
    return evening.happened[-1]


def types(answer: object) -> list[str]:
    assert isinstance(answer, tuple)
    return [each.type for each in answer]


def seen_by(event: Event) -> set[Audience]:
    """Who is sent the event, beside the one it concerns."""
    return {audience for audience in Audience if event.shown_to(audience) is not None}
