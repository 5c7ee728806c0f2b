"""The agreement, alive: lines for today that everybody can live with, and a text that changes while people are here."""

from collections.abc import Iterator
from dataclasses import field, replace

from rooms.live.looking import looked_at_first
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, Check, LiveRoom, Note
from rooms.live.talk import held_back, message_id, paced, too_soon
from rooms.live.text import clean
from rooms.live.words import (
    EVERYONE,
    NOBODY,
    OPEN,
    PEOPLE,
    UNDER_WAY,
    Actor,
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

LONGEST_LINE = 300
MOST_OPEN = 10
MOST_TODAY = 20
CHECK_SECONDS = MINUTE
AGREED_WITHIN = 5 * MINUTE
OTHERS_FIRST = 5.0
_TALKING = frozenset({State.LIVE, State.CLOSING})


def check_until(room: LiveRoom, check: Check, lasts: float) -> float:
    """When a check is over: while nobody can talk its time does not run, and afterwards it has all of it again."""
    return max(check.until, room.controls.since + lasts)


# Lines for today


@command("propose_line", by=RIGHTS["propose"], during=UNDER_WAY)
class ProposeLine(Command):
    """Anything to add for today? It is words to everybody: what keeps somebody from talking keeps them from this.

    But for listening: who listens has a say in what is agreed.
    """

    text: str = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.controls.seats[actor.seat]
        why = held_back(room, replace(seat, listening=False), at)
        if why is not None:
            return Refusal(why)
        if looked_at_first(room, seat, at):
            return Refusal("looked_at_first")
        if len(room.recent.proposals) >= MOST_OPEN:
            return Refusal("many_proposals")
        text = clean(self.text, LONGEST_LINE)
        if isinstance(text, Refusal):
            return text
        if (wait := too_soon(room, seat, at)) is not None:
            return wait
        return (LineProposed(message_id(seat.id, at), seat=seat.id, name=seat.name, text=text),)


@event("line_proposed")
class LineProposed(Event):
    id: str
    seat: SeatId
    name: str = field(repr=False)
    text: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        note = Note(self.id, self.seat, self.name, self.text, at)
        return paced(room.with_recent(proposals={**room.recent.proposals, self.id: note}), self.seat, at)


@command("drop_line", by=RIGHTS["object"], during=UNDER_WAY)
class DropLine(Command):
    """Take a proposal off the list: one's own, or as a facilitator anybody's."""

    line: MessageId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        proposed = room.recent.proposals.get(self.line)
        if proposed is None:
            return Refusal("no_such_line")
        if proposed.seat != actor.seat and not room.on_duty(room.controls.seats[actor.seat]):
            return Refusal("not_yours")
        return (LineDropped(line=self.line),)


@event("line_dropped")
class LineDropped(Event):
    """Off the list; a check of it is over."""

    line: MessageId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _off_the_list(_not_checked(room, self.line), self.line)


@command("check_line", by=RIGHTS["publish"], during=_TALKING)
class CheckLine(Command):
    """Can everybody live with it? If nobody says no for a minute, it stands for today."""

    line: MessageId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.check is not None:
            return Refusal("already" if room.controls.check.id == self.line else "check_runs")
        if self.line not in room.recent.proposals:
            return Refusal("no_such_line")
        return (Checking(line=self.line, until=at + CHECK_SECONDS, by=actor.name),)


@event("checking")
class Checking(Event):
    line: MessageId
    until: float
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(check=Check(kind="agreement", id=self.line, until=self.until))


@command("object", by=RIGHTS["object"], during=UNDER_WAY)
class Object(Command):
    """I can't live with this. One is enough, and nobody learns who: the talk about the line is open again."""

    line: MessageId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        check = room.controls.check
        if check is None or check.id != self.line:
            return Refusal("already" if self.line in room.recent.proposals else "no_such_line")
        if check.kind != "agreement":
            return Refusal("invalid")
        return (LineObjected(line=self.line),)


@event("line_objected")
class LineObjected(Event):
    """Somebody cannot live with it. The event does not know who."""

    line: MessageId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _not_checked(room, self.line)


@event("line_agreed")
class LineAgreed(Event):
    """It stands for today, and not a moment longer than the session."""

    line: MessageId
    text: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        agreed = _off_the_list(_not_checked(room, self.line), self.line)
        return agreed.with_recent(today=(*room.recent.today, self.text)[-MOST_TODAY:])


def _not_checked(room: LiveRoom, line: MessageId) -> LiveRoom:
    check = room.controls.check
    return room.with_controls(check=None) if check is not None and check.id == line else room


def _off_the_list(room: LiveRoom, line: MessageId) -> LiveRoom:
    proposals = room.recent.proposals
    return room.with_recent(proposals={each: note for each, note in proposals.items() if each != line})


@deadlines
def _of_the_check(room: LiveRoom) -> Iterator[Due]:
    check = room.controls.check
    if check is None or check.kind != "agreement" or room.state not in _TALKING:
        return
    until = check_until(room, check, CHECK_SECONDS)
    proposed = room.recent.proposals.get(check.id)
    if proposed is not None:
        yield until, LineAgreed(line=check.id, text=proposed.text)
    else:
        # A node that came later does not know the words. It lets those that do go first; if none is left, nobody
        # can say any more what would be agreed.
        yield until + OTHERS_FIRST, LineDropped(line=check.id)


# A text that changes while people are here


@command("change_agreement", by=RIGHTS["change_agreement"], during=OPEN, seated=False)
class ChangeAgreement(Command):
    """The organiser published another version: everybody here is shown the difference and asked again."""

    version: int

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.version <= room.controls.agreement:
            return Refusal("already")
        return (AgreementChanged(version=self.version, until=at + AGREED_WITHIN),)


@event("agreement_changed", reach=EVERYONE)
class AgreementChanged(Event):
    version: int
    until: float

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        # Whoever has not said yes to the one before still has to say yes before they talk again.
        seats = {
            seat.id: replace(seat, to_agree=seat.to_agree or "asked") for seat in room.controls.seats.values()
        }
        return room.with_controls(seats=seats, agreement=self.version, agreement_until=self.until)


@command("keep_to_agreement", by=PEOPLE, during=OPEN)
class KeepToAgreement(Command):
    """I'll keep to this: the version one has read, and no newer one."""

    version: int

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if not room.controls.seats[actor.seat].to_agree:
            return Refusal("already")
        if self.version != room.controls.agreement:
            return Refusal("agreement")
        return (AgreementKept(seat=actor.seat),)


@event("agreement_kept", reach=NOBODY)
class AgreementKept(Event):
    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, to_agree=""))


@event("agreement_due", reach=NOBODY)
class AgreementDue(Event):
    """Who has not said yes listens until they do. Nobody is told who; facilitators see how many."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        late = {
            seat.id: replace(seat, to_agree="first")
            for seat in room.controls.seats.values()
            if seat.to_agree and seat.role is Role.MEMBER
        }
        return room.with_controls(agreement_until=None, seats={**room.controls.seats, **late})


@deadlines
def _of_the_agreement(room: LiveRoom) -> Iterator[Due]:
    if room.controls.agreement_until is not None:
        yield room.controls.agreement_until, AgreementDue()
