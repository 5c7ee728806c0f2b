"""Whose words it is, and what must stay true of that whatever else happens in the room."""

from dataclasses import replace

from rooms.live.state import MINUTE, LiveRoom, Round, Seat
from rooms.live.words import TALKING, Mode, SeatId

GRACE = 30.0
AWAY_WAIT = 20.0
MAY_FINISH = 2 * MINUTE


def not_your_turn(room: LiveRoom, seat: Seat) -> str | None:
    """Why the way the room talks now does not let this seat speak; None: it does."""
    controls = room.controls
    mode = controls.mode
    if mode is Mode.OPEN:
        return None
    if mode is Mode.ROUND:
        # The ten seconds of getting ready may be used: they take nothing from the turn.
        return None if controls.round is not None and controls.round.speaker == seat.id else "not_your_turn"
    if mode is Mode.HANDS:
        return None if controls.called == seat.id else "raise_a_hand"
    return "sitting" if mode is Mode.SIT else "parked"


def has_the_word(room: LiveRoom, seat: Seat) -> bool:
    """Whether the room waits for this seat's words now, called by name or in turn."""
    controls = room.controls
    return controls.called == seat.id or (controls.round is not None and controls.round.speaker == seat.id)


def heard(room: LiveRoom, seat: SeatId) -> LiveRoom:
    """The room after this seat said something: whether a turn was used must be known to every node."""
    now = room.controls.round
    if now is None or now.spoke or now.speaker != seat:
        return room
    return room.with_controls(round=replace(now, spoke=True))


def may_finish_until(room: LiveRoom) -> float | None:
    """When an open turn ends that the end of the session does not cut off; two minutes past that end at the latest."""
    now = room.controls.round
    if now is None or now.phase not in {"turn", "grace"} or stands_still(room) or room.controls.ending:
        return None
    latest = room.controls.ends_at + MAY_FINISH
    if now.left is not None:
        return latest
    return min(now.until + (GRACE if now.phase == "turn" else 0.0), latest)


def stands_still(room: LiveRoom) -> bool:
    """Nobody can talk, whatever the mode: timers keep what is left of them."""
    return room.state not in TALKING or room.controls.unattended


# Whatever happens elsewhere


def kept(before: LiveRoom, after: LiveRoom, at: float) -> LiveRoom:
    """After every event, of whatever theme: a hand and the word belong to somebody inside, and clocks run exactly while
    their time can be used. Each drop, pause, hold, leaving and return comes by here, so none of them knows of rounds.
    """
    controls = after.controls
    if controls is before.controls:
        return after
    changes: dict[str, object] = {}
    hands = tuple(hand for hand in controls.hands if _inside(after, hand.seat))
    if len(hands) != len(controls.hands):
        changes["hands"] = hands
    if controls.called and not _inside(after, controls.called):
        changes["called"] = ""
    if (
        controls.mode_until is not None
        and stands_still(before)
        and controls.since != before.controls.since
        and before.controls.mode_until == controls.mode_until
    ):
        changes["mode_until"] = controls.mode_until + at - before.controls.since
    if controls.round is not None:
        clocked = _clocked(after, controls.round, at)
        if clocked is not controls.round:
            changes["round"] = clocked
    return after.with_controls(**changes) if changes else after


def _inside(room: LiveRoom, seat_id: SeatId) -> bool:
    seat = room.seat(seat_id)
    return seat is not None and seat.inside


def _clocked(room: LiveRoom, now: Round, at: float) -> Round:
    """The round with its clock running, standing, or waiting for a speaker whose connection broke."""
    speaker = room.seat(now.speaker)
    away = None if speaker is None else speaker.away_since
    stands = now.halted or stands_still(room) or _nobody_leads(room)
    if now.left is None:
        # It broke before anybody noticed, and that time is theirs too; but never more than the phase has.
        stopped = at if away is None else max(away, now.until - now.length)
        left = max(now.until - stopped, 0.0)
        if stands:
            return replace(now, left=left)
        return now if away is None else replace(now, left=left, awaited=True, until=stopped + AWAY_WAIT)
    if stands:
        return replace(now, awaited=False) if now.awaited else now
    if away is None:
        return replace(now, left=None, awaited=False, until=at + now.left)
    return now if now.awaited else replace(now, awaited=True, until=at + AWAY_WAIT)


def _nobody_leads(room: LiveRoom) -> bool:
    lead = room.seat(room.controls.lead)
    return room.controls.alone_since is not None or (lead is not None and lead.away_since is not None)
