"""Who can help outside a room, whether there is a charter, and what facilitators are called: on every page, also on those
that come when the records are what is broken.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rooms.records import charters, labels, signposts
from rooms.records.database import Database
from rooms.records.signposts import Signpost
from rooms.records.words import Label
from server.whereabouts import whereabouts
from server.words import N_, Words

EVERY_SECONDS: Final = 60.0
LOOKED_AT_EVERY: Final = timedelta(days=180)

log = logging.getLogger(__name__)

# UK-wide, to begin with; text first, since people here came to write.
_UK: Final = (
    (N_("Shout, by text message"), N_("Text SHOUT to 85258"), N_("Day and night"), N_("Free")),
    (N_("Samaritans"), "116 123", N_("Day and night"), N_("Free from any phone")),
    (N_("NHS mental health helpline"), N_("111, then option 2"), N_("Day and night"), N_("Free")),
    (N_("In danger now"), "999", N_("Day and night"), N_("Free")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """``checked``: the day on which an organiser last looked at it, in words."""

    name: str
    contact: str
    hours: str
    cost: str
    checked: str = ""


class Board:
    """What stands on every page, as this process knows it: read when it comes up, every minute, and when it is changed here."""

    def __init__(self) -> None:
        self._posts: tuple[Signpost, ...] = ()
        self.has_charter = False
        self.label: Label = labels.DEFAULT

    async def read(self, database: Database) -> None:
        """Where the records cannot be read, those of before stay: a page without help would be worse than an old one."""
        try:
            async with database.reading() as conn:
                self._posts = await signposts.every(conn)
                charter = await charters.current(conn)
                self.label = await labels.current(conn)
            self.has_charter = charter is not None and bool(charter.lines)
        except Exception as error:  # noqa: BLE001  nobody waits for it
            log.error("what stands on every page could not be read: %s", whereabouts(error))  # noqa: TRY400  no traceback, on purpose

    async def go_on_reading(self, database: Database) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.read(database)

    def shown(self, words: Words) -> list[Shown]:
        if not self._posts:
            return to_begin_with(words)
        return [
            Shown(post.name, post.contact, post.hours, post.cost, words.day(post.checked_at))
            for post in self._posts
        ]


def to_begin_with(words: Words) -> list[Shown]:
    return [Shown(*map(words.gettext, post)) for post in _UK]


def needs_a_look(posts: Sequence[Signpost], at: datetime) -> bool:
    """Nobody has looked whether they still answer: not for half a year, or never."""
    return not posts or any(post.checked_at <= at - LOOKED_AT_EVERY for post in posts)
