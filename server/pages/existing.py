"""What exists of a session in this process at this moment, in sentences, for the page of whoever sits in it.

Never more is said than was looked at just then, and nobody learns of more than they may know of anyway.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rooms.host import Host
from rooms.house import BEAT_SECONDS
from rooms.live.state import Recent, Seat
from rooms.live.words import OVER, Audience, Place, Role
from rooms.ring import LONGEST_SECONDS
from server.home import home
from server.pages import calm, words_of
from server.words import Words

SLACK = BEAT_SECONDS + 1  # what is too old goes with the next beat


async def exists(request: Request) -> Response:
    """A list of sentences."""
    ours, session = home(request), request.path_params["session"]
    visit = await ours.door.may_enter(request, session, ours.now())
    if visit is None or visit.actor is None:
        return await calm(request)
    words = words_of(request)
    host = ours.house.hosted(session)
    lines = [words.gettext("At %(time)s:") % {"time": words.clock(ours.now(), visit.session.zone)}]
    if host is None:
        lines.append(words.gettext("The server that answered you holds nothing of this room."))
    else:
        seat = host.room.seat(visit.actor.seat)
        over = host.room.state in OVER
        # Who waits does not learn how much is said inside.
        if over:
            lines += _after(words, host)
        elif seat is not None and seat.inside:
            lines += _during(words, host, seat, ours.clock())
        else:
            return await calm(request)
        lines += _kept(words, host)
        if host.room.controls.counts:
            lines.append(
                words.gettext(
                    "How many came is kept as a band for 12 months (under 5, 5 to 9, 10 or more); never who."
                )
            )
    lines += elsewhere(words, ours.house.others)
    return JSONResponse(lines)


def _during(words: Words, host: Host, seat: Seat, at: float) -> Iterator[str]:
    held = host.people.ring.held_for(seat)
    said = sum(1 for each in held if each.message is not None)
    if said:
        text = words.ngettext(
            "For phones that lost touch, this server holds %(num)s message in its memory, and what happened around it.",
            "For phones that lost touch, this server holds %(num)s messages in its memory, and what happened around them.",
            said,
        )
        yield text % {"num": said}
    else:
        yield words.gettext("This server holds no message in its memory just now.")
    if held:
        minutes = max(1, ceil((held[0].at + LONGEST_SECONDS + SLACK - at) / 60))
        text = words.ngettext(
            "The oldest of what happened is forgotten within a minute.",
            "The oldest of what happened is forgotten within %(num)s minutes.",
            minutes,
        )
        yield text % {"num": minutes}
    recent = host.room.recent
    facilitates = seat.audience is Audience.FACILITATOR
    notes = sum(map(len, recent.lines.values())) if facilitates else len(recent.lines.get(seat.id, ()))
    if notes:
        text = words.ngettext(
            "Of the private line that you can read it holds %(num)s note.",
            "Of the private lines that you can read it holds %(num)s notes.",
            notes,
        )
        yield text % {"num": notes}
    beside = _beside(recent, seat, facilitates=facilitates)
    if beside:
        text = words.ngettext(
            "Of lines that were proposed, asked, or wait to be looked at, you can read %(num)s.",
            "Of lines that were proposed, asked, or wait to be looked at, you can read %(num)s.",
            beside,
        )
        yield text % {"num": beside}
    names = sum(1 for each in host.room.controls.seats.values() if each.place is not Place.GONE)
    text = words.ngettext(
        "It holds %(num)s name: yours. Names go 15 minutes after somebody left, or after the end.",
        "It holds %(num)s names of people who are here or wait. Names go 15 minutes after somebody left, or after the end.",
        names,
    )
    yield text % {"num": names}


def _beside(recent: Recent, seat: Seat, *, facilitates: bool) -> int:
    looks = sum(1 for held in recent.looked_at.values() if facilitates or held.seat == seat.id)
    public = len(recent.proposals) + len(recent.today) + len(recent.question)
    return looks + public + (len(recent.backchannel) + len(recent.flags) if facilitates else 0)


def _after(words: Words, host: Host) -> Iterator[str]:
    room, oldest = host.room, host.people.ring.oldest
    # What is said privately after the end, if anything can be, is no word of the session.
    during = replace(room.recent, lines={}, backchannel=())
    if (oldest is not None and oldest <= room.controls.since) or during != Recent():
        yield words.gettext("This server has not forgotten everything yet. Please look again in a moment.")
    else:
        yield words.gettext("This server looked in its memory, and holds no word of this session any more.")
    if room.recent.lines or room.recent.backchannel:
        yield words.gettext(
            "It holds what was written privately after the end, until the time for that is over."
        )
    if any(seat.role is not Role.FACILITATOR for seat in room.controls.seats.values()):
        yield words.gettext("It holds the names that people used, until 15 minutes after the end.")
    elif room.controls.seats:
        yield words.gettext(
            "Of all names it holds those of the facilitators, until half an hour after the end."
        )


def _kept(words: Words, host: Host) -> Iterator[str]:
    copies = host.room.controls.tally.get("copy_kept", 0)
    if copies:
        text = words.ngettext(
            "A facilitator kept a copy of something to get help, once. It is on their device, not with us.",
            "Facilitators kept a copy of something to get help, %(num)s times. It is on their devices, not with us.",
            copies,
        )
        yield text % {"num": copies}
    else:
        yield words.gettext("No facilitator has kept a copy with the control that there is for it.")


def elsewhere(words: Words, others: int) -> Iterator[str]:
    if others:
        text = words.ngettext(
            "%(num)s other server of ours may have held the same, and forgets by the same rules. It was not asked.",
            "%(num)s other servers of ours may have held the same, and forget by the same rules. They were not asked.",
            others,
        )
        yield text % {"num": others}
    yield words.gettext(
        "The database holds the date, what we keep to and the names of facilitators: no message, and no name of a member."
    )
    yield words.gettext("Other people\u2019s screens, and pictures of them, nobody can see from here.")
