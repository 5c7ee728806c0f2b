"""What the page of one person may know of the room's state: built for an audience, so that hidden means not sent."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TypeAlias

from rooms.live.agreement import CHECK_SECONDS, check_until
from rooms.live.floor import AWAY_WAIT, GRACE, not_your_turn
from rooms.live.lines import claimed_by
from rooms.live.lobby import in_line
from rooms.live.permissions import Standing
from rooms.live.state import Check, Controls, Flag, Happening, LiveRoom, Note, Round, Seat
from rooms.live.talk import silenced
from rooms.live.temperature import TEMPERATURE_SECONDS
from rooms.live.words import COMMANDS, OVER, Audience, Place, Role, SeatId, State

Value: TypeAlias = "str | float | int | bool | list[Value] | dict[str, Value] | None"
Shown = dict[str, Value]

# Rights that differ within an audience (somebody quieted, the lead) are refused in words when they are used.
_STANDINGS = {
    Audience.MEMBER: Standing.MEMBER,
    Audience.WAITING: Standing.WAITING,
    Audience.CORNERED: Standing.MEMBER,
    Audience.FACILITATOR: Standing.LEAD,
}
# The door's own commands: a page never sends them.
_AT_THE_DOOR = frozenset({"arrive", "use_move"})
LATELY = 5
_SEATED = frozenset(Standing) - {Standing.CLOCK, Standing.ORGANISER, Standing.ON_CALL, Standing.OPERATOR}


def room_shown(room: LiveRoom, audience: Audience) -> Shown:
    """The state of the room itself, the same for everybody in an audience."""
    controls = room.controls
    shown: Shown = {
        "state": controls.state,
        "since": controls.since,
        "by": controls.by,
        "reason": controls.reason,
        "door": controls.door,
        "mode": controls.mode,
        "open": controls.state in {State.LIVE, State.CLOSING} and not controls.unattended,
        "unattended": controls.unattended,
        "waiting": sum(1 for seat in controls.seats.values() if seat.waiting),
        "starts_at": controls.starts_at,
        "closing_at": controls.closing_at,
        "ends_at": controls.ends_at,
        "extended": controls.extended,
        "ending": controls.ending,
        "lines_until": controls.lines_until,
        "twin": _twin_shown(room, audience),
        "may": [] if room.is_finished else list(_may(controls.state, audience)),
    }
    if audience in {Audience.MEMBER, Audience.FACILITATOR}:
        shown |= _inside_shown(room)
    if audience is Audience.FACILITATOR:
        shown |= _facilitators_shown(room)
    if controls.state in OVER:
        shown["tally"] = dict(controls.tally)
    return shown


def _twin_shown(room: LiveRoom, audience: Audience) -> Value:
    """That somebody is asked whether they would open one concerns facilitators alone; who is there, nobody here."""
    twin = room.controls.twin
    if twin is None or (twin.phase == "asked" and audience is not Audience.FACILITATOR):
        return None
    shown: Shown = {"phase": twin.phase, "name": twin.name, "welcomes": twin.welcomes}
    return {**shown, "seat": twin.seat} if audience is Audience.FACILITATOR else shown


def _inside_shown(room: LiveRoom) -> Shown:
    controls = room.controls
    return {
        "lead": controls.lead,
        "mode_until": controls.mode_until,
        "slow": controls.slow,
        "hands": [{"seat": hand.seat, "reason": hand.reason} for hand in controls.hands],
        "called": controls.called,
        "round": None if controls.round is None else _round_shown(room, controls.round),
        "look": controls.look,
        "names_frozen": controls.names_frozen,
        "check": None if controls.check is None else _check_shown(room, controls.check),
        "pair_since": controls.pair_since,
        "agreement": controls.agreement,
        "agreement_until": controls.agreement_until,
        # The end of the list in ``words``: it changes with every line that is added.
        "lately": [_happening(each) for each in controls.happened[-LATELY:]],
    }


def _check_shown(room: LiveRoom, check: Check) -> Shown:
    """``until``: None while nobody can talk, for then its time does not run."""
    talking = room.state in {State.LIVE, State.CLOSING}
    until = check_until(room, check, TEMPERATURE_SECONDS if check.kind == "temperature" else CHECK_SECONDS)
    return {"kind": check.kind, "id": check.id, "until": until if talking else None}


def _round_shown(room: LiveRoom, now: Round) -> Shown:
    """Whose turn it is, to everybody. How long it still is, and whether its clock waits for somebody who dropped, is
    the speaker's own: it would tell the others of extra time that nobody needs to know of. Unless they choose so.
    """
    return {
        "card": now.card,
        "phase": "turn" if now.phase == "grace" else now.phase,
        "order": list(now.order),
        "index": now.index,
        "done": list(now.done),
        "passed": list(now.passed),
        "stopped": now.halted,
        "seconds": now.seconds,
        "until": _until_shown(room, now),
    }


def _until_shown(room: LiveRoom, now: Round) -> float | None:
    if now.phase in {"preview", "ready"}:
        return now.until if now.left is None else None
    seat = room.seat(now.speaker)
    if seat is None or not seat.timer_shown:
        return None
    until: float | None = now.until
    if now.left is not None:
        # That they lost touch is not what they chose to show: the time stands as it stood.
        until = now.until - AWAY_WAIT + now.left if now.awaited else None
    return until if until is None or now.phase == "turn" else until - GRACE


def _facilitators_shown(room: LiveRoom) -> Shown:
    controls = room.controls
    return {
        "capacity": room.capacity,
        "in_line": len(in_line(room)),
        "shield": controls.shield,
        "look_newcomers": controls.look_newcomers_since is not None,
        "offered_lead": controls.offered_lead,
        "suspended": list(controls.suspended),
        "cosigns": [
            {
                "id": ask.id,
                "what": ask.what,
                "seat": ask.seat,
                "reason": ask.reason,
                "by": ask.asked_by,
                "until": ask.until,
            }
            for ask in controls.cosigns
        ],
        "claims": {seat: by.id for seat in controls.claims if (by := claimed_by(room, seat)) is not None},
        # How many, never who: a late yes is nobody's business.
        "to_agree": sum(1 for seat in controls.seats.values() if seat.inside and seat.to_agree),
        "pause_asked": len(controls.pause_asked),
        "pause_due": controls.pause_due,
        "alone_since": controls.alone_since,
        "alerted": list(controls.alerted),
        "doors_at": room.terms.doors_at,
        "worries": controls.worries if _is_on_duty(room, controls.worries) else "",
    }


def _is_on_duty(room: LiveRoom, seat_id: SeatId) -> bool:
    seat = room.seat(seat_id)
    return seat is not None and room.on_duty(seat)


@cache
def _may(state: State, audience: Audience) -> tuple[str, ...]:
    standing = _STANDINGS[audience]
    return tuple(
        name
        for name, command in COMMANDS.items()
        if standing in command.by and state in command.during and from_a_page(name)
    )


def from_a_page(name: str) -> bool:
    """Whether the page of somebody with a seat may ask for it at all; the rest is the door's, the clock's, the desk's."""
    return name not in _AT_THE_DOOR and bool(COMMANDS[name].by & _SEATED)


def person_shown(room: LiveRoom, seat: Seat, audience: Audience) -> Shown | None:
    """One line of the list of people; None: this audience does not know of them."""
    if audience in {Audience.WAITING, Audience.CORNERED}:
        return None
    if audience is Audience.MEMBER and seat.place is not Place.INSIDE:
        return None
    shown: Shown = {
        "name": seat.name,
        "role": seat.role,
        "listening": seat.listening,
        "place": seat.place,
        "off_duty": seat.off_duty,
        "corner": seat.corner_since is not None and (seat.corner_shown or audience is Audience.FACILITATOR),
        "tag": seat.tag,
        "work": seat.work,
    }
    if Audience.FACILITATOR in {audience, seat.audience}:
        # That somebody lost touch is nobody's business, but whose absence may hold the room is everybody's.
        shown["away"] = seat.away_since
    if audience is Audience.FACILITATOR:
        if seat.role is Role.FACILITATOR:
            shown["arriving"] = seat.arriving
        shown |= {
            "quiet_until": seat.quiet_until,
            "look_until": seat.look_until,
            "arrived_at": seat.arrived_at,
            "leave_be": seat.leave_be,
            "declined": seat.declined,
            "removed": seat.id in room.controls.removed,
            "knocked_after": seat.knocked_after,
        }
    return shown


def people_shown(room: LiveRoom, audience: Audience) -> dict[SeatId, Shown]:
    shown = ((seat.id, person_shown(room, seat, audience)) for seat in room.controls.seats.values())
    return {seat: person for seat, person in shown if person is not None}


def you_shown(room: LiveRoom, seat: Seat, at: float) -> Shown:
    """What a person knows of their own seat."""
    turn = room.controls.round
    theirs = turn is not None and turn.index < len(turn.order) and turn.order[turn.index] == seat.id
    offer = next((offer.until for offer in room.controls.offers if offer.seat == seat.id), None)
    return {
        "seat": seat.id,
        "name": seat.name,
        "role": seat.role,
        "listening": seat.listening,
        "place": seat.place,
        "quiet_until": seat.quiet_until,
        "quiet_reason": seat.quiet_reason,
        "look_until": seat.look_until,
        "corner_since": seat.corner_since,
        "corner_shown": seat.corner_shown,
        "leave_be": seat.leave_be,
        "extra": seat.extra,
        "timer_shown": seat.timer_shown,
        "tag": seat.tag,
        "renamed_at": seat.renamed_at,
        "off_duty": seat.off_duty,
        "suspended": seat.id in room.controls.suspended,
        "debrief_until": _debrief_until(room, seat),
        "turn_phase": turn.phase if turn is not None and theirs else "",
        "turn_until": turn.until if turn is not None and theirs and turn.left is None else None,
        "turn_left": turn.left if turn is not None and theirs else None,
        "turn_longer": turn is not None and theirs and turn.longer,
        "offered_until": offer,
        "in_line": _place_in_line(room, seat),
        "held_back": silenced(seat, at) or not_your_turn(room, seat),
        "to_agree": seat.to_agree,
        "line": room.controls.lines.get(seat.id),
        "answered": room.controls.check is not None and seat.id in room.controls.check.answered,
        "asked_pause": seat.id in room.controls.pause_asked,
        "carried_on": seat.id in room.controls.carry_on,
    }


def _place_in_line(room: LiveRoom, seat: Seat) -> int | None:
    if seat.place is not Place.QUEUED:
        return None
    return [each.id for each in in_line(room)].index(seat.id) + 1


def words_shown(room: LiveRoom, seat: Seat) -> Shown:
    """The words that are kept for this person while they come and go: never on disk, and only what is theirs to read."""
    recent = room.recent
    shown: Shown = {}
    facilitates = seat.audience is Audience.FACILITATOR
    if facilitates:
        shown["lines"] = {line: [_note(note) for note in notes] for line, notes in recent.lines.items()}
        shown["backchannel"] = [_note(note) for note in recent.backchannel]
        shown["looked_at"] = [
            {"message": held.id, "seat": held.seat, "name": held.name, "text": held.text, "note": held.note}
            for held in recent.looked_at.values()
        ]
        shown["flags"] = [_flag(flag) for flag in recent.flags]
    else:
        shown["lines"] = {seat.id: [_note(note) for note in recent.lines.get(seat.id, ())]}
        shown["looked_at"] = [
            {"message": held.id, "seat": held.seat, "name": held.name, "text": held.text, "note": held.note}
            for held in recent.looked_at.values()
            if held.seat == seat.id
        ]
    if recent.lobby_note is not None and (facilitates or not seat.inside):
        shown["lobby_note"] = _note(recent.lobby_note)
    if seat.audience in {Audience.MEMBER, Audience.FACILITATOR}:
        shown["today"] = list(recent.today)
        shown["proposals"] = {key: note.text for key, note in recent.proposals.items()}
        shown["question"] = list(recent.question)
        shown["happened"] = [_happening(each) for each in room.controls.happened]
    return shown


def _note(note: Note) -> Shown:
    return {"id": note.id, "seat": note.seat, "name": note.name, "text": note.text, "at": note.at}


def _flag(flag: Flag) -> Shown:
    return {
        "verb": flag.verb,
        "message": flag.message,
        "seat": flag.seat,
        "times": flag.times,
        "words": list(flag.words),
        "at": flag.at,
    }


def _happening(happening: Happening) -> Shown:
    return {"at": happening.at, "what": happening.what, "by": happening.by}


def differences(old: Shown, new: Shown) -> Shown:
    """The keys of something shown that are not what they were."""
    return {key: value for key, value in new.items() if old.get(key) != value}


def people_changes(before: LiveRoom, after: LiveRoom, audience: Audience) -> dict[SeatId, Shown | None]:
    """Whose line changed: the new one, or None for somebody this audience does not see any more."""
    changes: dict[SeatId, Shown | None] = {}
    was_removed, is_removed = before.controls.removed, after.controls.removed
    for old, new in changed_seats(before.controls.seats, after.controls.seats):
        was = None if old is None else person_shown(before, old, audience)
        now = None if new is None else person_shown(after, new, audience)
        if was != now:
            changes[(new or old).id] = now  # type: ignore[union-attr]  # one of the two is there
    if audience is Audience.FACILITATOR and was_removed is not is_removed:
        # A removal that is taken back changes nothing on the seat.
        back = (
            after.controls.seats[seat]
            for seat in was_removed.keys() - is_removed
            if seat in after.controls.seats
        )
        changes |= {seat.id: person_shown(after, seat, audience) for seat in back}
    return changes


def touched(before: LiveRoom, after: LiveRoom) -> set[SeatId]:
    """Whose own state may read otherwise than before."""
    was, now = before.controls, after.controls
    seats = {(new or old).id for old, new in changed_seats(was.seats, now.seats)}  # type: ignore[union-attr]  # one is there
    if was.round is not now.round:
        seats |= {
            turn.order[turn.index] for turn in (was.round, now.round) if turn and turn.index < len(turn.order)
        }
    if was.offers is not now.offers:
        seats |= {offer.seat for offer in (*was.offers, *now.offers)}
    if was.debrief_until != now.debrief_until:
        seats |= {seat.id for seat in after.facilitators}
    if was.suspended is not now.suspended:
        seats |= {*was.suspended, *now.suspended}
    seats |= {seat for _, seat in _asked(was) ^ _asked(now)}
    seats |= {seat for seat, _ in was.lines.items() ^ now.lines.items()}
    if (was.mode, was.called, _speaker(was)) != (now.mode, now.called, _speaker(now)):
        # Whose words it is has changed, and with that whether anybody's would be refused.
        seats |= {*now.seats}
    if was.seats is not now.seats:
        seats |= {seat.id for seat in in_line(after)}
    return seats


def _debrief_until(room: LiveRoom, seat: Seat) -> float | None:
    until = room.controls.debrief_until
    return None if until is None or seat not in room.facilitators else until


def _asked(controls: Controls) -> set[tuple[str, SeatId]]:
    """Who has answered what everybody, or both of the last two, were asked; and who has asked for a pause."""
    answered = () if controls.check is None else controls.check.answered
    return {
        *(("check", seat) for seat in answered),
        *(("pause", seat) for seat in controls.pause_asked),
        *(("pair", seat) for seat in controls.carry_on),
    }


def _speaker(controls: Controls) -> SeatId:
    return "" if controls.round is None else controls.round.speaker


def changed_seats(
    before: Mapping[SeatId, Seat], after: Mapping[SeatId, Seat]
) -> Iterator[tuple[Seat | None, Seat | None]]:
    """Seats that are not the very same value as before: old and new, None where there was or is none."""
    if before is after:
        return
    for seat in after.values():
        old = before.get(seat.id)
        if old is not seat:
            yield old, seat
    for seat in before.values():
        if seat.id not in after:
            yield seat, None
