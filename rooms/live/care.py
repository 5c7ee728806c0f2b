"""Care for people in a hard moment: flags, a call for help to somebody outside, and the one declared exception, a copy."""

from collections.abc import Iterator
from dataclasses import field, replace

from rooms.live.leading import leads
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, Flag, LiveRoom
from rooms.live.talk import author
from rooms.live.text import clean_if_any
from rooms.live.words import (
    BEFORE_THE_END,
    NOBODY,
    ONLY_FACILITATORS,
    UNDER_WAY,
    Actor,
    Audience,
    Command,
    Decision,
    Due,
    Event,
    MessageId,
    Refusal,
    Role,
    SeatId,
    State,
    command,
    deadlines,
    event,
)

VERBS = ("worried", "not_okay")
LONGEST_FLAG = 300
MOST_FLAGS = 200
MOST_WORDS = 20
MOST_COPIED = 10
TOLD_AGAIN = 60.0
NOBODY_CAME_AFTER = 3 * MINUTE
CALLED_AGAIN_AFTER = 5 * MINUTE


# Flags


@command("flag", by=RIGHTS["flag"], during=UNDER_WAY)
class FlagIt(Command):
    """I'm worried about someone, or: this is not okay. To facilitators only, and never too many."""

    verb: str
    message: MessageId | None = None
    seat: SeatId | None = None
    text: str = field(default="", repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.verb not in VERBS or (self.message is not None and self.seat is not None):
            return Refusal("invalid")
        about = self.seat or ""
        if self.message is not None:
            about = author(self.message)
            if not about:
                return Refusal("no_such_message")
        if self.seat is not None and room.seat(self.seat) is None:
            return Refusal("not_here")
        text = clean_if_any(self.text, LONGEST_FLAG)
        if isinstance(text, Refusal):
            return text
        # Facilitators learn who flags, to be able to answer; but not who flags one of them, who reads along.
        whom = room.seat(about)
        flagger, name = (actor.seat, room.controls.seats[actor.seat].name)
        if whom is not None and whom.role is Role.FACILITATOR:
            flagger, name = "", ""
        flag = Flagged(
            verb=self.verb, message=self.message or "", seat=self.seat or "", text=text, by=flagger, name=name
        )
        return (flag,)


@event("flagged", reach=ONLY_FACILITATORS)
class Flagged(Event):
    """``message``, ``seat``: what or whom it is about, or neither. The page shows many about one thing as one."""

    verb: str
    message: MessageId
    seat: SeatId
    text: str = field(repr=False)
    by: SeatId
    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        words = (self.text,) if self.text else ()
        flags = list(room.recent.flags)
        for index, flag in enumerate(flags):
            if (flag.verb, flag.message, flag.seat) == (self.verb, self.message, self.seat):
                flags[index] = replace(flag, times=flag.times + 1, words=(*flag.words, *words)[-MOST_WORDS:])
                break
        else:
            flags.append(Flag(self.verb, self.message, self.seat, 1, words, at))
        return room.with_recent(flags=tuple(flags[-MOST_FLAGS:]))


@command("flag_about_facilitation", by=RIGHTS["flag"], during=UNDER_WAY)
class FlagAboutFacilitation(Command):
    """I'm not okay with how this is run: to the organiser and the on-call person, past the room's facilitators."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return (FacilitationFlagged(),)


@event("facilitation_flagged", reach=NOBODY)
class FacilitationFlagged(Event):
    """That it happened, and nothing else: not even the room knows who it was. The server takes it from here."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room


# The on-call person


@command("call_on_call", by=RIGHTS["care"], during=BEFORE_THE_END)
class CallOnCall(Command):
    """Ask the on-call person to come. The room learns nothing of it."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        asked = room.controls.alerted.get("asked")
        if asked is not None and at < asked + CALLED_AGAIN_AFTER:
            return Refusal("already")
        return (OnCallAlerted(why="asked"),)


@event("on_call_alerted", reach=ONLY_FACILITATORS | {Audience.WAITING})
class OnCallAlerted(Event):
    """``why``: asked · nobody_came · held. Who waits in front of a room to which nobody came is told so."""

    why: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(alerted={**room.controls.alerted, self.why: at})

    def shown_to(self, audience: Audience) -> Event | None:
        if audience is Audience.WAITING and self.why != "nobody_came":
            return None
        return Event.shown_to(self, audience)


@deadlines
def _calls(room: LiveRoom) -> Iterator[Due]:
    controls = room.controls
    if (
        room.state is State.DOORS
        and controls.alone_since is not None
        and "nobody_came" not in controls.alerted
    ):
        yield (
            max(controls.starts_at, controls.alone_since) + NOBODY_CAME_AFTER,
            OnCallAlerted(why="nobody_came"),
        )
    if room.state is State.HELD and controls.alerted.get("held", 0.0) < controls.since:
        yield controls.since, OnCallAlerted(why="held")


# A copy to get help


@command("keep_copy", by=RIGHTS["care"], during=UNDER_WAY)
class KeepCopy(Command):
    """Keep a few messages, on the facilitator's own device, because somebody is in danger.

    danger: telling the authors could make it worse; the lead decides that.
    """

    messages: tuple[MessageId, ...]
    danger: bool = False

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        messages = tuple(dict.fromkeys(self.messages))
        if not 1 <= len(messages) <= MOST_COPIED:
            return Refusal("invalid")
        for message in messages:
            if not author(message) or message in room.recent.taken_back:
                return Refusal("no_such_message")
        lead = leads(room)
        if self.danger and lead is not None and lead.id != actor.seat:
            return Refusal("only_the_lead", (lead.name,))
        told = {} if self.danger else dict.fromkeys(map(author, messages))
        theirs = (
            CopyTold(seat=seat, messages=tuple(each for each in messages if author(each) == seat))
            for seat in told
        )
        return (CopyKept(by=actor.name), *theirs)


# A report slip


@command("make_slip", by=RIGHTS["flag"], during=UNDER_WAY)
class MakeSlip(Command):
    """Write a few messages down on one's own device, so that the organiser can be shown that they were said.

    danger: telling the authors could make it worse.
    """

    messages: tuple[MessageId, ...]
    danger: bool = False

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        messages = tuple(dict.fromkeys(self.messages))
        if not 1 <= len(messages) <= MOST_COPIED:
            return Refusal("invalid")
        if not all(map(author, messages)):
            return Refusal("no_such_message")
        if self.danger:
            return ()
        told_at = room.recent.slips_told_at
        # Once in a while for each of them, or being told could be made a way to press somebody. And nobody whom the room
        # does not know: authors can be made up, as many as one likes.
        told = [
            each
            for each in dict.fromkeys(map(author, messages))
            if each != actor.seat
            and room.seat(each) is not None
            and told_at.get(each, 0.0) <= at - TOLD_AGAIN
        ]
        return tuple(SlipTold(seat=each) for each in told)


@event("slip_told", reach=NOBODY)
class SlipTold(Event):
    """To one author: a report was made. Not by whom, nor of which words: that could name who reads them so."""

    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        lately = {seat: told for seat, told in room.recent.slips_told_at.items() if told > at - TOLD_AGAIN}
        return room.with_recent(slips_told_at={**lately, self.seat: at})

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("copy_kept", told=True)
class CopyKept(Event):
    """A facilitator kept a copy of something to get help: everybody learns that, and nobody of what or why."""

    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room


@event("copy_told", reach=NOBODY)
class CopyTold(Event):
    """To one author: your words were among them."""

    seat: SeatId
    messages: tuple[MessageId, ...]

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room

    @property
    def concerns(self) -> SeatId | None:
        return self.seat
