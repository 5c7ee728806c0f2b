"""What exists of a session in our processes at this moment, in sentences, for the page of whoever sits in it.

Never more is said than was looked at just then, and nobody learns of more than they may know of anyway.
"""

from collections.abc import Iterator
from math import ceil

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rooms.house import BEAT_SECONDS
from rooms.receipts import Everywhere, Holds
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
    found = await ours.house.everywhere(session, visit.actor.seat)
    hosts = [each for each in (found.here, *found.others) if each.hosts]
    # Who waits does not learn how much is said inside.
    if hosts and not (hosts[0].over or hosts[0].inside):
        return await calm(request)
    words = words_of(request)
    at = words.gettext("At %(time)s:") % {"time": words.clock(ours.now(), visit.session.zone)}
    return JSONResponse([at, *sentences(words, found, ours.clock())])


def sentences(words: Words, found: Everywhere, at: float) -> Iterator[str]:
    """What was found at every server that was asked, and of how many nothing is known."""
    others = list(found.others)
    told: Holds | None = found.here
    if not found.here.hosts:
        # The one that answers may be another than where somebody sits.
        told = next((each for each in others if each.hosts), None)
        if told is None:
            yield words.gettext("The server that answered you holds nothing of this room.")
        else:
            others.remove(told)
            yield words.gettext(
                "The server that answered you holds nothing of this room, and asked another one of ours, which says:"
            )
    if told is not None:
        yield from _after(words, told) if told.over else _during(words, told, at)
        yield from _kept(words, told)
        if told.counted:
            yield words.gettext(
                "How many came is kept as a band for 12 months (under 5, 5 to 9, 10 or more); never who."
            )
    over = told is not None and told.over
    yield from (_others_after if over else _others)(words, others)
    yield from _silent(words, found.silent)
    everybody = [found.here, *found.others]
    if over and not found.silent and len(everybody) > 1 and all(map(_is_empty, everybody)):
        text = words.ngettext(
            "So %(num)s server of ours was asked, which is all of them, and holds no word of this session.",
            "So all %(num)s servers of ours were asked, and none of them holds a word of this session.",
            len(everybody),
        )
        yield text % {"num": len(everybody)}
    yield words.gettext(
        "The database holds the date, what we keep to and the names of facilitators: no message, and no name of a member."
    )
    yield words.gettext("Other people\u2019s screens, and pictures of them, nobody can see from here.")


def _during(words: Words, held: Holds, at: float) -> Iterator[str]:
    if held.messages:
        text = words.ngettext(
            "For phones that lost touch, this server holds %(num)s message in its memory, and what happened around it.",
            "For phones that lost touch, this server holds %(num)s messages in its memory, and what happened around them.",
            held.messages,
        )
        yield text % {"num": held.messages}
    else:
        yield words.gettext("This server holds no message in its memory just now.")
    if held.oldest is not None:
        minutes = max(1, ceil((held.oldest + LONGEST_SECONDS + SLACK - at) / 60))
        text = words.ngettext(
            "The oldest of what happened is forgotten within a minute.",
            "The oldest of what happened is forgotten within %(num)s minutes.",
            minutes,
        )
        yield text % {"num": minutes}
    if held.notes:
        text = words.ngettext(
            "Of the private line that you can read it holds %(num)s note.",
            "Of the private lines that you can read it holds %(num)s notes.",
            held.notes,
        )
        yield text % {"num": held.notes}
    if held.beside:
        text = words.ngettext(
            "Of lines that were proposed, asked, or wait to be looked at, you can read %(num)s.",
            "Of lines that were proposed, asked, or wait to be looked at, you can read %(num)s.",
            held.beside,
        )
        yield text % {"num": held.beside}
    text = words.ngettext(
        "It holds %(num)s name: yours. Names go 15 minutes after somebody left, or after the end.",
        "It holds %(num)s names of people who are here or wait. Names go 15 minutes after somebody left, or after the end.",
        held.names,
    )
    yield text % {"num": held.names}


def _after(words: Words, held: Holds) -> Iterator[str]:
    if held.words:
        yield words.gettext("This server has not forgotten everything yet. Please look again in a moment.")
    else:
        yield words.gettext("This server looked in its memory, and holds no word of this session any more.")
    if held.private:
        yield words.gettext(
            "It holds what was written privately after the end, until the time for that is over."
        )
    if held.members:
        yield words.gettext("It holds the names that people used, until 15 minutes after the end.")
    elif held.facilitators:
        yield words.gettext(
            "Of all names it holds those of the facilitators, until half an hour after the end."
        )


def _kept(words: Words, held: Holds) -> Iterator[str]:
    if held.copies:
        text = words.ngettext(
            "A facilitator kept a copy of something to get help, once. It is on their device, not with us.",
            "Facilitators kept a copy of something to get help, %(num)s times. It is on their devices, not with us.",
            held.copies,
        )
        yield text % {"num": held.copies}
    else:
        yield words.gettext("No facilitator has kept a copy with the control that there is for it.")


def _others(words: Words, others: list[Holds]) -> Iterator[str]:
    """Of a session that is on: a room stands on two servers, so that one of them can fail."""
    theirs = [each for each in others if each.hosts]
    if theirs:
        text = words.ngettext(
            "%(num)s other server of ours was asked, and holds some of the same, for when this one fails. It forgets by the same rules.",
            "%(num)s other servers of ours were asked, and hold some of the same, for when this one fails. They forget by the same rules.",
            len(theirs),
        )
        yield text % {"num": len(theirs)}
    if len(theirs) < len(others):
        text = words.ngettext(
            "%(num)s other server of ours was asked, and holds nothing of this room.",
            "%(num)s other servers of ours were asked, and hold nothing of this room.",
            len(others) - len(theirs),
        )
        yield text % {"num": len(others) - len(theirs)}


def _others_after(words: Words, others: list[Holds]) -> Iterator[str]:
    left = sum(1 for each in others if not _is_empty(each))
    if left:
        text = words.ngettext(
            "%(num)s other server of ours was asked, and has not forgotten everything yet. Please look again in a moment.",
            "%(num)s other servers of ours were asked, and have not forgotten everything yet. Please look again in a moment.",
            left,
        )
        yield text % {"num": left}
    if left < len(others):
        text = words.ngettext(
            "%(num)s other server of ours was asked, looked in its memory, and holds no word of this session.",
            "%(num)s other servers of ours were asked, looked in their memory, and hold no word of this session.",
            len(others) - left,
        )
        yield text % {"num": len(others) - left}


def _is_empty(held: Holds) -> bool:
    """Of a session that is over. One that has not heard of the end yet has not forgotten anything."""
    return not held.hosts or (held.over and not held.words)


def _silent(words: Words, silent: int) -> Iterator[str]:
    if silent:
        text = words.ngettext(
            "%(num)s other server of ours was asked and did not answer in time. It may hold the same, and forgets by the same rules.",
            "%(num)s other servers of ours were asked and did not answer in time. They may hold the same, and forget by the same rules.",
            silent,
        )
        yield text % {"num": silent}
