"""The people at a live room in this process: who is shown what, in which words, and who sees nothing of it at all."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Protocol

from rooms import codec, fanout, slips
from rooms.engines import Position
from rooms.fanout import Circle, Line
from rooms.live import Actor, Controls, Event, LiveRoom, Seat, view
from rooms.live.talk import Said
from rooms.live.words import INSIDE, OVER, Audience, Place, SeatId
from rooms.ring import LONGEST_SECONDS, Kept, Ring

# Walking an enumeration makes a generator every time, and this is walked for every word that is said.
_AUDIENCES = tuple(Audience)


@dataclass(frozen=True, slots=True)
class Welcome:
    """The whole state of a room as one person may know it, and what they missed.

    room, people: JSON, which is the same for everybody of an audience.
    words: what is kept for them in memory: their private line, the lobby's note, what was proposed.
    at: where they are now; None while they wait or rest in the corner, for they follow no order. For a newcomer it is
        where they came in, and ``missed`` is everything since.
    resumed: ``missed`` is everything since the position they named.
    """

    you: view.Shown
    room: bytes = field(repr=False)
    people: bytes = field(repr=False)
    words: view.Shown = field(repr=False)
    at: Position | None
    now: float
    resumed: bool
    missed: tuple[bytes, ...] = field(default=(), repr=False)


class Guest(Protocol):
    """One connection of a person."""

    @property
    def actor(self) -> Actor: ...

    @property
    def line(self) -> Line: ...

    def welcome(self, welcome: Welcome) -> None: ...


class Gathering:
    """One circle of lines for each audience, and a ring of what they were shown."""

    def __init__(self, circle: Callable[[], Circle], *, keeps_catch_up: bool) -> None:
        self.ring = Ring(seconds=LONGEST_SECONDS if keeps_catch_up else 0.0)
        self._circles: dict[Audience, Circle] = {audience: circle() for audience in Audience}
        self._inside = tuple(self._circles[audience] for audience in INSIDE)
        # Two, because a dict of one's own would be the largest thing that is kept here of a person who says nothing.
        self._guests: dict[SeatId, tuple[Guest, ...]] = {}
        self._told_as: dict[Guest, Audience] = {}
        self.comings = 0  # and goings, of connections
        self._is_apart = False
        # How a room is shown: for those who come together, and to tell what changes next. Let go of with each beat.
        # By its controls, which are all that is shown of it there: no room may be kept, for what was said is in it.
        self._shown: dict[Audience, tuple[Controls, view.Shown]] = {}
        self._snapshots: dict[Audience, tuple[Controls, tuple[bytes, bytes] | None]] = {}

    # Coming and going

    @property
    def seats(self) -> AbstractSet[SeatId]:
        """Whose connections are here, for as long as one looks: it changes as they come and go."""
        return self._guests.keys()

    def join(
        self,
        guest: Guest,
        room: LiveRoom,
        at: Position,
        after: Position | None,
        now: float,
        *,
        newcomer: bool = False,
    ) -> None:
        """Bring in a connection of a seated person; ``after`` is the last position it has shown.

        newcomer: it shows nothing yet, and begins where they came in.
        Whoever was given a seat may have lost it, or the session may be over, by the time their page is here.
        """
        seat = room.seat(guest.actor.seat)
        if seat is None or seat.place is Place.GONE or room.is_finished:
            guest.line.close(_why_not(room, guest.actor.seat))
            return
        follows = seat.audience in INSIDE
        begins = self.ring.coming_in_of(seat) if newcomer and follows else None
        after = begins or after
        missed = None if after is None or not follows else self.ring.replay(after, seat)
        welcome = self._welcome(room, seat, at, now, missed)
        guest.welcome(replace(welcome, at=begins, resumed=False) if begins and welcome.resumed else welcome)
        self._guests[seat.id] = (*self._guests.get(seat.id, ()), guest)
        self._told_as[guest] = seat.audience
        self._circles[seat.audience].add(guest.line)
        self.comings += 1

    def part(self, guest: Guest) -> bool:
        """A connection is gone. True when it was the person's last one here."""
        audience = self._told_as.pop(guest, None)
        if audience is None:
            return False
        self._circles[audience].remove(guest.line)
        self.comings += 1
        seat = guest.actor.seat
        others = tuple([other for other in self._guests[seat] if other is not guest])
        if others:
            self._guests[seat] = others
        else:
            del self._guests[seat]
        return not others

    def see_off(self, code: int, seat: SeatId | None = None) -> None:
        """Close every connection here, or those of one person."""
        for guests in [self._guests.get(seat, ())] if seat is not None else list(self._guests.values()):
            for guest in guests:
                self.part(guest)
                guest.line.close(code)

    # What they are shown

    def show(self, event: Event, at: float, body: bytes, seq: int, room: LiveRoom) -> None:
        """One event, encoded once for each audience that sees it otherwise. ``seq`` as people count."""
        if isinstance(event, Said) and room.terms.slip_key:
            body = codec.with_mark(
                body, slips.mark(room.terms.slip_key, event.id, event.name, event.text, event.note)
            )
        numbered = codec.numbered_frame(event.type, seq, at, body) if event.numbered else None
        concerns = event.concerns
        own = self._show_concerned(event, at, seq, room) if concerns is not None else None
        frames: bytes | dict[Audience, bytes]
        if event.alike and numbered is not None:
            frames = numbered
            for circle in self._inside:
                circle.send(numbered)
        else:
            frames = _frames(event, at, seq, numbered)
            for audience, frame in frames.items():
                self._circles[audience].send(frame)
        message = event.id if isinstance(event, Said) else None
        self.ring.append(Kept(seq, at, event.numbered, frames, concerns, own, message), event)

    def _show_concerned(self, event: Event, at: float, seq: int, room: LiveRoom) -> bytes:
        # First, and under the same number or id as the others' copy, which their page then takes for a repetition.
        seat = room.controls.seats.get(event.concerns or "")
        follows = seat is not None and seat.audience in INSIDE
        frame = _frame(event.shown_to_concerned(), at, seq if event.numbered and follows else None)
        for guest in self._guests.get(event.concerns or "", ()):
            guest.line.send(frame)
        return frame

    def show_changes(self, before: LiveRoom, room: LiveRoom, at: Position, now: float) -> None:
        """What changed in the state of the room, to each audience what it may know; then to each person their own."""
        for audience, circle in self._circles.items():
            if circle and (changes := self._changes(before, room, audience)):
                circle.send(codec.encode({"type": "controls", **changes}))
        for touched in view.touched(before, room):
            seat, known = room.seat(touched), before.seat(touched)
            if seat is not None and (known is None or known.inside_since != seat.inside_since):
                self.ring.came_in(seat, at.seq)
            if seat is None:
                self.see_off(_why_not(room, touched), touched)
            elif touched in self._guests:
                self._show_own(seat, room, at, now)
        self._part_at_the_end(before, room, at)

    def _part_at_the_end(self, before: LiveRoom, room: LiveRoom, at: Position) -> None:
        ended = room.state in OVER and before.controls.since != room.controls.since
        shut = before.controls.lines_until is not None and room.controls.lines_until is None
        if ended or shut or room.is_finished:
            self.ring.wipe(at)
            self._forget_looks()
        if room.is_finished:
            self.see_off(fanout.OVER)

    def _changes(self, before: LiveRoom, room: LiveRoom, audience: Audience) -> dict[str, object]:
        changes: dict[str, object] = {}
        old = self._room_shown(before, audience)
        if changed := view.differences(old, self._room_shown(room, audience)):
            changes["room"] = changed
        if audience in INSIDE and (people := view.people_changes(before, room, audience)):
            changes["people"] = people
        return changes

    def _forget_looks(self) -> None:
        """Each keeps the names that were in a room."""
        self._shown.clear()
        self._snapshots.clear()

    def _show_own(self, seat: Seat, room: LiveRoom, at: Position, now: float) -> None:
        if seat.place is Place.GONE:
            self.see_off(_why_not(room, seat.id), seat.id)
            return
        own = codec.encode({"type": "controls", "you": view.you_shown(room, seat, now)})
        for guest in self._guests[seat.id]:
            if self._told_as[guest] is seat.audience:
                guest.line.send(own)
            else:
                self._tell_anew(guest, room, seat, at, now)

    def _tell_anew(self, guest: Guest, room: LiveRoom, seat: Seat, at: Position, now: float) -> None:
        """The whole state, as whom they are now; nothing of what they were told as somebody else comes behind it."""
        self._circles[self._told_as[guest]].remove(guest.line)
        guest.welcome(self._welcome(room, seat, at, now, None))
        self._told_as[guest] = seat.audience
        self._circles[seat.audience].add(guest.line)

    def start_again(self, room: LiveRoom, at: Position, now: float, *, asked: bool) -> list[Guest]:
        """Something was missed. Everybody is told the state as it is, and that they may have missed something.

        asked: other nodes may have it, and were asked. Who was inside is taken out until they have answered, and returned.
        """
        taken_out: list[Guest] = []
        for seat_id in list(self._guests):
            seat = room.seat(seat_id)
            if seat is None or seat.place is Place.GONE:
                self.see_off(fanout.OVER if room.state in OVER else fanout.OUT_OF_STEP, seat_id)
                continue
            for guest in self._guests[seat_id]:
                if asked and self._told_as[guest] in INSIDE and seat.audience in INSIDE:
                    self.part(guest)
                    taken_out.append(guest)
                else:
                    self._tell_anew(guest, room, seat, at, now)
        if room.is_finished:
            self.see_off(fanout.OVER)
        return taken_out

    def show_apart(self, apart: bool) -> None:
        """Whether this node has lost touch with the others. Nothing can be done then, and people should know it."""
        if apart != self._is_apart:
            self._is_apart = apart
            self._forget_looks()
            frame = codec.encode({"type": "controls", "room": {"apart": apart}})
            for circle in self._circles.values():
                circle.send(frame)

    def beat(self, at: Position, now: float) -> None:
        """Where the room is, so that the loss of a last message shows too."""
        self.ring.expire(now)
        self._forget_looks()
        inside = codec.encode({"type": "beat", "at": at, "now": now})
        for audience, circle in self._circles.items():
            circle.send(
                codec.encode({"type": "beat", "at": None, "now": now}) if audience not in INSIDE else inside
            )

    def _welcome(
        self, room: LiveRoom, seat: Seat, at: Position, now: float, missed: list[bytes] | None
    ) -> Welcome:
        room_shown, people_shown = self._snapshot(room, seat.audience)
        return Welcome(
            you=view.you_shown(room, seat, now),
            room=room_shown,
            people=people_shown,
            words=view.words_shown(room, seat),
            at=at if seat.audience in INSIDE else None,
            now=now,
            resumed=missed is not None,
            missed=tuple(missed or ()),
        )

    def _snapshot(self, room: LiveRoom, audience: Audience) -> tuple[bytes, bytes]:
        of, snapshot = self._snapshots.get(audience, (None, None))
        if of is room.controls and snapshot is not None:
            return snapshot
        shown = {**self._room_shown(room, audience), "apart": self._is_apart}
        made = codec.encode(shown), codec.encode(view.people_shown(room, audience))
        # Who comes alone needs it once: it is kept from the second on, while a crowd comes in at one door.
        self._snapshots[audience] = (room.controls, made if of is room.controls else None)
        return made

    def _room_shown(self, room: LiveRoom, audience: Audience) -> view.Shown:
        held = self._shown.get(audience)
        if held is None or held[0] is not room.controls:
            held = self._shown[audience] = (room.controls, view.room_shown(room, audience))
        return held[1]


def _why_not(room: LiveRoom, seat: SeatId) -> int:
    if room.state in OVER:
        return fanout.OVER
    return fanout.REMOVED if room.is_removed(seat) else fanout.NOT_AVAILABLE


def _frames(event: Event, at: float, seq: int, numbered: bytes | None) -> dict[Audience, bytes]:
    frames: dict[Audience, bytes] = {}
    for audience in _AUDIENCES:
        shown = event.shown_to(audience)
        if shown is None:
            continue
        if shown is event and numbered is not None and audience in INSIDE:
            frames[audience] = numbered
        else:
            frames[audience] = _frame(shown, at, seq if event.numbered and audience in INSIDE else None)
    return frames


def _frame(shown: Event, at: float, seq: int | None) -> bytes:
    body = codec.encode_shown(shown)
    if seq is None:
        return codec.unnumbered_frame(shown.type, at, body)
    return codec.numbered_frame(shown.type, seq, at, body)
