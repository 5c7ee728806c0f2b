"""The pure room: what may happen in a live session, and what it changes. Standard library only.

Its rules:

1.  ``decide`` says what a command makes happen, or refuses; it changes nothing and asks nobody: no I/O, no clock, no
    randomness. Time is an argument.
2.  ``evolve`` folds an event into the room and never refuses. State changes by ``replace``.
3.  Who may ask for what, and when, is declared beside the command; ``decide`` checks it here, once for all.
4.  Nothing grants speech but ``talk.held_back``, asked anew for every message.
5.  What is authoritative stands in ``controls``; a change of it bumps the room's version, so that nothing said can
    pass it. What a person wrote never stands there.
6.  An event that members may not see takes no number, and is counted in ``controls.hidden`` instead.
"""

from rooms.live import (
    afterwards,
    agreement,
    asides,
    asking,
    calling_off,
    care,
    company,
    conducting,
    corner,
    cosign,
    deadlines,
    discharging,
    door,
    floor,
    grave,
    green_room,
    hands,
    leading,
    lifecycle,
    lines,
    lobby,
    looking,
    moderation,
    modes,
    moves,
    next_door,
    protection,
    readmitting,
    rounds,
    seat,
    talk,
    temperature,
    turnout,
    turns,
    twin,
)
from rooms.live.deadlines import Tick, next_deadline
from rooms.live.permissions import WHY_NOT, Standing
from rooms.live.state import Controls, Happening, LiveRoom, Recent, Seat, Terms
from rooms.live.words import (
    COMMANDS,
    EVENTS,
    OVER,
    THE_CLOCK,
    Actor,
    Command,
    Decision,
    Event,
    Place,
    Refusal,
    Role,
    State,
)

__all__ = [
    "COMMANDS",
    "EVENTS",
    "THE_CLOCK",
    "Actor",
    "Command",
    "Controls",
    "Decision",
    "Event",
    "LiveRoom",
    "Recent",
    "Refusal",
    "Seat",
    "State",
    "Terms",
    "Tick",
    "afterwards",
    "agreement",
    "asides",
    "asking",
    "calling_off",
    "care",
    "company",
    "conducting",
    "corner",
    "cosign",
    "deadlines",
    "decide",
    "discharging",
    "door",
    "evolve",
    "floor",
    "grave",
    "green_room",
    "hands",
    "leading",
    "lifecycle",
    "lines",
    "lobby",
    "looking",
    "moderation",
    "modes",
    "moves",
    "next_deadline",
    "next_door",
    "protection",
    "readmitting",
    "rounds",
    "seat",
    "talk",
    "temperature",
    "turnout",
    "turns",
    "twin",
]


def decide(room: LiveRoom, command: Command, actor: Actor, at: float) -> Decision:
    """What this command makes happen now, or why it does not. Common guards first, then the command's own."""
    by = command.by
    if command.type not in _EVER[actor.role]:
        return Refusal("not_allowed")
    state = room.controls.state
    if state not in command.during or room.is_finished:
        return Refusal("already" if state is command.leads_to else _NOT_DURING.get(state, "not_now"))
    if command.seated:
        own = room.controls.seats.get(actor.seat)
        if own is None or own.place is Place.GONE:
            return Refusal("removed" if room.is_removed(actor.seat) else "not_here")
        if own.role is not actor.role:
            return Refusal("not_allowed")
        standing = room.standing(own, at)
        if standing not in by:
            leads = standing is Standing.FACILITATOR and Standing.LEAD in by
            return Refusal("only_the_lead" if leads else WHY_NOT.get(standing, "not_allowed"))
    return command.decide(room, actor, at)


_NOT_DURING = {State.PAUSED: "paused", State.HELD: "held", **dict.fromkeys(OVER, "over")}


# Which standings a role of the door can come to: what none of them may do is refused before anything is looked at.
STANDINGS = {
    Role.MEMBER: frozenset({Standing.WAITING, Standing.LISTENING, Standing.MEMBER, Standing.QUIETED}),
    Role.FACILITATOR: frozenset(Standing)
    - {Standing.CLOCK, Standing.ORGANISER, Standing.ON_CALL, Standing.OPERATOR},
    Role.ORGANISER: frozenset({Standing.ORGANISER}),
    Role.CLOCK: frozenset({Standing.CLOCK}),
}


_EVER = {
    role: frozenset(name for name, command in COMMANDS.items() if command.by & standings)
    for role, standings in STANDINGS.items()
}


def evolve(room: LiveRoom, event: Event, at: float) -> LiveRoom:
    """The room after the event."""
    after = floor.kept(room, event.evolve(room, at), at)
    if after.controls is not room.controls:
        after = turnout.counted(after)
    if event.numbered and not event.told:
        return after
    controls = after.controls
    if not event.told:
        return after.with_controls(hidden=controls.hidden + 1)
    return after.with_controls(
        hidden=controls.hidden + (not event.numbered),
        tally={**controls.tally, event.type: controls.tally.get(event.type, 0) + 1},
        happened=(
            *controls.happened[-MOST_TOLD + 1 :],
            Happening(round(at, 3), event.type, getattr(event, "by", "") or getattr(event, "name", "")),
        ),
    )


MOST_TOLD = 40
