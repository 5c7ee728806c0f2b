"""Who can help outside a room. UK-wide to begin with; text first, since people here came to write."""

from dataclasses import dataclass

from server.words import N_, Words


@dataclass(frozen=True, slots=True)
class Signpost:
    name: str
    contact: str
    hours: str


_UK = (
    (N_("Shout, by text message"), N_("Text SHOUT to 85258"), N_("Day and night, free")),
    (N_("Samaritans"), "116 123", N_("Day and night, free from any phone")),
    (N_("NHS mental health helpline"), N_("111, then option 2"), N_("Day and night")),
    (N_("In danger now"), "999", N_("Day and night")),
)


def signposts(words: Words) -> list[Signpost]:
    return [Signpost(*map(words.gettext, post)) for post in _UK]
