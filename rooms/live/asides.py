"""Words beside the room: the facilitators' backchannel, the lobby's note, and how long private words are kept."""

from collections.abc import Iterator
from dataclasses import field

from rooms.live.lines import MOST_KEPT
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, LiveRoom, Note
from rooms.live.talk import LONGEST, message_id
from rooms.live.text import clean
from rooms.live.words import (
    AFTERWARDS,
    BEFORE_THE_END,
    NOBODY,
    ONLY_FACILITATORS,
    OPEN,
    Actor,
    Audience,
    Command,
    Decision,
    Due,
    Event,
    Refusal,
    SeatId,
    afterwards,
    command,
    deadlines,
    event,
)

KEPT = 15 * MINUTE
LONGEST_LOBBY_NOTE = 300
_TOGETHER = MINUTE


@command("write_backchannel", by=RIGHTS["care"], during=BEFORE_THE_END | AFTERWARDS)
class WriteBackchannel(Command):
    """A word among facilitators. Members know that there is such a thing, and nothing of what is in it."""

    text: str = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        text = clean(self.text, LONGEST)
        if isinstance(text, Refusal):
            return text
        return (BackchannelWritten(message_id(actor.seat, at), seat=actor.seat, name=actor.name, text=text),)


@event("backchannel_written", reach=ONLY_FACILITATORS)
class BackchannelWritten(Event):
    id: str
    seat: SeatId
    name: str = field(repr=False)
    text: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        notes = (*room.recent.backchannel, Note(self.id, self.seat, self.name, self.text, at))
        return room.with_recent(backchannel=notes[-MOST_KEPT:])


@command("post_lobby_note", by=RIGHTS["guide"], during=OPEN)
class PostLobbyNote(Command):
    """A word to everybody who waits, also to those who come later; posted again, it replaces the one before."""

    text: str = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        text = clean(self.text, LONGEST_LOBBY_NOTE)
        if isinstance(text, Refusal):
            return text
        before = room.recent.lobby_note
        if before is not None and before.text == text:
            return Refusal("already")
        return (LobbyNotePosted(message_id(actor.seat, at), seat=actor.seat, by=actor.name, text=text),)


@event("lobby_note_posted", reach=ONLY_FACILITATORS | {Audience.WAITING}, told=True)
class LobbyNotePosted(Event):
    id: str
    seat: SeatId
    by: str = field(repr=False)
    text: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_recent(lobby_note=Note(self.id, self.seat, self.by, self.text, at))


# How long


@event("words_forgotten", reach=NOBODY)
class WordsForgotten(Event):
    """Everything written privately until then leaves the memory of every node."""

    until: float

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        recent = room.recent
        lines = {line: self._kept(notes) for line, notes in recent.lines.items()}
        note = recent.lobby_note
        return room.with_recent(
            lines={line: notes for line, notes in lines.items() if notes},
            backchannel=self._kept(recent.backchannel),
            lobby_note=note if note is not None and note.at > self.until else None,
            flags=tuple(flag for flag in recent.flags if flag.at > self.until),
        )

    def _kept(self, notes: tuple[Note, ...]) -> tuple[Note, ...]:
        return tuple(note for note in notes if note.at > self.until)


@deadlines
@afterwards
def _forgetting(room: LiveRoom) -> Iterator[Due]:
    recent = room.recent
    written = [notes[0].at for notes in recent.lines.values()]
    written += [note.at for note in (*recent.backchannel[:1], recent.lobby_note) if note is not None]
    written += [flag.at for flag in recent.flags]
    if written:
        # What was written within a minute goes together: one change of the room, not one for every note.
        yield min(written) + KEPT, WordsForgotten(until=min(written) + _TOGETHER)
