"""Every page in every state it can be in, with the context its route gives it: the contract of server/pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace as Thing

from rooms.records.counts import Count
from server import powers
from server.live_now import OnNow
from server.pages import labels, signposts
from server.pages.called import Call, Needed
from server.pages.counts import turnout
from server.pages.dates import Step
from server.pages.door_form import choices_of_door
from server.pages.hours import Month, Row
from server.pages.schedule import Question, Schedule, repeats
from server.pages.whats_on import Wanted
from server.words import Words

DOOR_SET = {"door": "open", "talk": "open", "least_age": "18", "admits_work": True}
ELSEWHERE = "https://weather.example/"


SIGNPOSTS = (
    Thing(name="Emergency", contact="999", hours="Day and night", cost="", checked=""),
    Thing(
        name="Samaritans",
        contact="116 123",
        hours="Day and night",
        cost="Free from any phone",
        checked="3 December 2026",
    ),
    Thing(name="Shout", contact="Text SHOUT to 85258", hours="Day and night", cost="", checked=""),
)


@dataclass(frozen=True, slots=True)
class Sample:
    template: str
    state: str
    context: Mapping[str, object] = field(repr=False)
    staff: object = None
    signposts: tuple[object, ...] = SIGNPOSTS


ANA = Thing(name="Ana", is_organiser=True)
JO = Thing(name="Jo", is_organiser=False)

SUPPORT = Thing(
    label="Peer support",
    is_text="People who have been through something alike listen to each other, and share as much as they choose.",
    is_not_text="It is not treatment, a crisis line or advice from experts. Nobody here decides what you need.",
)
EVENING = Thing(
    id="r1",
    name="Evening light",
    purpose="peer_support",
    one_line="A quiet hour for people who find the nights long.",
    for_whom="anyone who hears voices, or has done",
    also_welcome="friends and family who want to listen",
    seats=8,
    least_age=18,
    admits_work=True,
    keeps_counts=True,
)
BARE = Thing(
    id="r2",
    name="Sunday drop-in with a name as long as a form will let an organiser write it",
    purpose="drop_in",
    one_line="",
    for_whom="",
    also_welcome="",
    seats=1,
    least_age=0,
    admits_work=False,
    keeps_counts=False,
)
AGREEMENT = Thing(
    version=3,
    lines=[
        "What is said here stays here.",
        "We say how it is for us. We do not tell others what to do.",
        "You can pass, be quiet, or leave. Nobody will ask why.",
        "No pictures of the screen, and no note-taking software.",
    ],
)
POWERS = [said for said, _ in powers.POWERS]
SESSION = Thing(
    when="Tuesday 24 November, 7:30 pm UK time",
    iso="2099-11-24T19:30:00+00:00",
    minutes=60,
    ends="8:30 pm UK time",
)
NEXT = Thing(
    when="Tuesday 1 December, 7:30 pm UK time",
    iso="2099-12-01T19:30:00+00:00",
    minutes=60,
    url="/s/2",
    open=False,
)
OPEN_NOW = Thing(**{**NEXT.__dict__, "open": True})
SAID_NO = "The facilitators could not let you in this time."
DOUBT = Question(
    "settled-2027-03-28T01:30:00",
    "Sunday 28 March 2027, 1:30 am: the clocks go forward in that night, and there is no such time.",
    (("earlier", "Sunday 28 March 2027, 12:30 am"), ("skip", "Leave this date out")),
    "skip",
)
NEEDED = Needed(
    calls=(
        Call(
            "Evening light: no facilitator has come yet. It was to begin at 7.",
            1,
            "r1",
            "s1",
            "/live/s1",
            True,
        ),
    ),
    missed=(
        Call("Evening light: no facilitator could be there. It was to begin at 7.", 1, "r1", "s0", "", True),
    ),
    complaints=(Call("Evening light: somebody was not okay with how it was run.", 2, "r1", "s1", "", True),),
    on_call=("Evening light: Tuesday 24 November, 7:30 pm UK time",),
)
POSTERS = "The link and the code were replaced on 3 December 2026. Please replace the posters."
NO_SUCH_CODE = {"code": "That code does not work. It may be too old, or used already."}
NAME_TAKEN = {"name": "Someone here has that name, or one very like it. Please choose another."}


def samples(words: Words) -> Iterator[Sample]:
    yield from _whats_on()
    yield from _room()
    yield from _door()
    yield from _alone()
    yield from _accounts()
    yield from _desk(words)


LOCAL = Thing(when=SESSION.when, uk="", iso=SESSION.iso, offset=0)
ABROAD = Thing(
    when="Wednesday 25 November, 6:30 am Sydney Time", uk=SESSION.when, iso=SESSION.iso, offset=660
)


def _whats_on() -> Iterator[Sample]:
    listed = Thing(
        room=EVENING, time=LOCAL, state_words="in 2 days", url="/rooms/r1", words=("voices", "young people")
    )
    bare = Thing(room=BARE, time=ABROAD, state_words="", url="/rooms/r2", words=())
    whole: dict[str, object] = {
        "wanted": Wanted(),
        "more": True,
        "anything": True,
        "words": ["voices", "young people"],
        "parts": [("evening", "Evenings")],
        "kinds": [("social", "Social")],
        "feed": "https://tealight.example/calendar/k3vq8w2mz6.ics",
    }
    looked = {**whole, "wanted": Wanted("voices", "evening", "social"), "listings": []}
    bare_page = {**whole, "anything": False, "words": [], "kinds": [], "feed": None}
    yield Sample("whats_on/index.html", "nothing like that", looked)
    yield Sample(
        "whats_on/index.html", "nothing planned", {**bare_page, "listings": []}, staff=JO, signposts=()
    )
    yield Sample("whats_on/index.html", "two rooms", {**whole, "listings": [listed, bare]})


def _room() -> Iterator[Sample]:
    off = Thing(
        time=LOCAL, cancelled=True, reason="It is a holiday.", alternative="Rest well.", calendar_url=""
    )
    on = Thing(time=ABROAD, cancelled=False, reason="", alternative="", calendar_url="/room/r1/s1.ics")
    known = {
        "purpose": SUPPORT,
        "facilitators": ["Ana", "Jo"],
        "agreement": AGREEMENT,
        "what_changed": Thing(added=("Be kind.",), gone=("Be nice.",)),
        "time": ABROAD,
        "coming": [off, on],
        "feed": "https://tealight.example/calendar/k3vq8w2mz6.ics",
    }
    yield Sample("room/page.html", "before", {"room": EVENING, "next": NEXT, **known})
    yield Sample("room/page.html", "door open", {"room": EVENING, "next": OPEN_NOW, **known})
    unknown = {
        **known,
        "facilitators": [],
        "agreement": None,
        "what_changed": None,
        "time": None,
        "coming": [],
    }
    yield Sample("room/page.html", "no date", {"room": BARE, "next": None, **unknown})


def _door() -> Iterator[Sample]:
    known = {
        "room": EVENING,
        "purpose": SUPPORT,
        "facilitators": ["Ana", "Jo"],
        "agreement": AGREEMENT,
        "session": SESSION,
        "powers": POWERS,
        "action": "/s/1/door",
        "move": "/s/1/door/move",
    }
    friendly = ["Quiet Heron", "Amber Moss", "Kind Lantern"]
    yield Sample(
        "door/door.html",
        "first sight",
        {**known, "form": Thing(name="", errors={}, code="", work="", suggestions=friendly)},
    )
    yield Sample(
        "door/door.html",
        "name taken",
        {**known, "form": Thing(name="Ben", errors=NAME_TAKEN, code="", work="", suggestions=friendly)},
    )
    yield Sample(
        "door/door.html",
        "no agreement",
        {
            **known,
            "agreement": None,
            "powers": [],
            "form": Thing(name="", errors={}, code="", work="", suggestions=[]),
        },
    )
    yield Sample(
        "door/door.html",
        "wrong code",
        {
            **known,
            "form": Thing(name="", errors=NO_SUCH_CODE, code="bcd fgh", work="student", suggestions=[]),
        },
    )
    for says, facilitates, minutes in (("in two days", False, 15), ("to who facilitates", True, 30)):
        not_yet = {"room": EVENING, "session": SESSION, "facilitates": facilitates, "minutes_before": minutes}
        yield Sample("door/not_yet.html", says, not_yet)
    off: dict[str, object] = {
        "moved": False,
        "reason": "It is a holiday.",
        "alternative": "Come to the drop-in.",
    }
    yield Sample("door/cancelled.html", "with a reason", {"room": EVENING, "next": NEXT, **off})
    moved: dict[str, object] = {"moved": True, "reason": "", "alternative": ""}
    yield Sample("door/cancelled.html", "moved", {"room": BARE, "next": NEXT, **moved})
    for page in ("over", "not_held"):
        yield Sample(f"door/{page}.html", "next date known", {"room": EVENING, "next": NEXT})
        yield Sample(f"door/{page}.html", "no next date", {"room": BARE, "next": None}, signposts=())
    waits = {"form": Thing(name="Dee", how="listen", work=""), "action": "/door/s1", "next": None}
    for in_line in (0, 1, 3):
        there_is = {"has_line": True, "in_line": in_line, **waits}
        yield Sample("door/full.html", f"{in_line} in line", {"room": EVENING, **there_is})
    yield Sample("door/full.html", "closing", {"room": BARE, "has_line": False, "in_line": 0, **waits})
    yield Sample("door/stays.html", "in line", {"room": EVENING, "said": SAID_NO, "back": "/live/s1"})
    yield Sample("door/not_in.html", "not let in", {"room": EVENING, "said": SAID_NO, "next": None})


def _alone() -> Iterator[Sample]:
    for page in ("calm", "error", "busy", "refused", "help"):
        yield Sample(f"{page}.html", "for anybody", {})
    fields = [
        ("name", "Evening light"),
        ("agreement", "Be kind.\nWhat is said here stays here."),
        ("do", "make"),
    ]
    yield Sample("unsaved.html", "a form", {"fields": fields, "theirs": ["Evening light", fields[1][1]]})
    yield Sample("unsaved.html", "nothing to read", {"fields": [("do", "break")], "theirs": []})


def _accounts() -> Iterator[Sample]:
    clean = Thing(name="", sign_in_name="", errors={})
    wrong = Thing(
        name="J", sign_in_name="jo", errors={"sign_in_name": "That name and password do not fit together."}
    )
    several = Thing(
        name="",
        sign_in_name="jo",
        errors={"name": "Please use at least 2 letters.", "password": "Please choose one."},
    )
    yield Sample("account/sign_in.html", "first sight", {"form": clean, "next": "", "asked": "{}"})
    yield Sample("account/sign_in.html", "did not fit", {"form": wrong, "next": "/desk", "asked": ""})
    yield Sample("account/link.html", "once", {"action": "/sign-in/link"})
    yield Sample("account/invitation.html", "first sight", {"room": EVENING, "form": clean})
    yield Sample("account/invitation.html", "two things", {"room": EVENING, "form": several})


def _desk(words: Words) -> Iterator[Sample]:
    live = Thing(
        room=EVENING,
        next_when=SESSION.when,
        chip="ready",
        url="/desk/r1",
        live_words="Live now: 6 seats, paused",
    )
    idle = Thing(room=BARE, next_when=None, chip="needs a second facilitator", url="/desk/r2", live_words="")
    one: dict[str, object] = {
        "on_now": (),
        "needed": Needed(),
        "look_at_signposts": False,
        "drafts": [],
        "number": 1,
        "pages": 1,
        "feed": None,
    }
    feed = "https://tealight.example/calendar/k3vq8w2mz6.ics"
    begun = {
        "on_now": (OnNow("r1", "Evening light", "paused", "On now, paused, 5 to 9 seats taken"),),
        "needed": NEEDED,
        "look_at_signposts": True,
        "drafts": [Thing(id="d1", name="Some day")],
        "number": 2,
        "pages": 3,
        "feed": feed,
    }
    yield Sample("desk/index.html", "two rooms", {"rooms": [live, idle], **one}, staff=ANA)
    yield Sample("desk/index.html", "many rooms and a draft", {"rooms": [live, idle], **begun}, staff=ANA)
    yield Sample("desk/index.html", "nothing yet", {"rooms": [], **one}, staff=ANA)
    month = Month(
        "November 2026",
        (
            Row("Tuesday 24 November 2026, 7:30 pm", SESSION.iso, "Evening light", "led it", "1 h 0 min"),
            Row(
                "Tuesday 17 November 2026, 7:30 pm", SESSION.iso, "Evening light", "was on call", "1 h 10 min"
            ),
        ),
        "1 h 0 min",
        "1 h 10 min",
    )
    yield Sample("desk/hours.html", "nothing yet", {"months": []}, staff=JO)
    yield Sample("desk/hours.html", "a month", {"months": [month]}, staff=JO)
    yield Sample("desk/index.html", "waiting to be asked", {"rooms": [], **one}, staff=JO)

    blank: dict[str, object] = {
        "name": "",
        "purpose": "",
        "one_line": "",
        "for_whom": "",
        "also_welcome": "",
        "words": "",
        "when": Schedule(),
        "lead": "",
        "second": "",
        "on_call": "",
        "seats": "8",
        "listed": True,
        **DOOR_SET,
        "keeps_catch_up": True,
        "starter_of": "peer_support",
        "agreement": "\n".join(AGREEMENT.lines),
        "once": "k3vq8w2mz6r7t2xb",
    }
    places: dict[str, object] = {
        "zones": ["Europe/Dublin", "Europe/London", "UTC"],
        "purposes": words.purposes(),
        "repeats": repeats(words),
        "people": [("me", "I do it myself"), ("a1", "Jo")],
        "dates": [],
        "questions": [],
        "starters": {"social": "Be kind."},
        "draft": None,
        **choices_of_door(words),
    }
    wrong = {
        "purpose": "Please choose what kind of space it is.",
        "name": "Please give the room a name of 3 to 60 letters.",
        "date": "That day has passed.",
        "zone": "We do not know that place.",
        "agreement": "Please write at least one line.",
    }
    yield Sample(
        "desk/new_room.html", "first sight", {"form": Thing(**blank, errors={}), **places}, staff=ANA
    )
    yield Sample(
        "desk/new_room.html",
        "needs another look",
        {
            "form": Thing(**blank, errors=wrong),
            **places,
            "questions": [DOUBT],
            "draft": Thing(id="d1", name="Draft"),
        },
        staff=ANA,
    )
    chosen = {**blank, "purpose": "social", "lead": "me", "second": "a1"}
    dates = [f"Tuesday {day} December 2026, 7:30 pm" for day in (1, 8, 15, 22)]
    yield Sample(
        "desk/new_room.html",
        "dates shown",
        {"form": Thing(**chosen, errors={}), **places, "dates": dates},
        staff=ANA,
    )

    desk = {"people": "Ana, Jo", "on_call": "Kay", "chip": "Ready", "change_url": "/desk/rooms/r1/dates/1"}
    yield from _dates(words, places)
    yield from _share(words)
    doors_open = Thing(
        **{**SESSION.__dict__, "state_words": "The door is open.", "url": "/live/1", "open": True, **desk}
    )
    later = Thing(**{**NEXT.__dict__, "state_words": "in 9 days", "url": "/live/2", **desk, "people": ""})
    not_mine = Thing(**{**later.__dict__, "url": "", "change_url": "", "chip": ""})
    shared: dict[str, object] = {
        "needed": NEEDED,
        "room": EVENING,
        "join_link": "https://tealight.example/join/k3vq8w2mz6",
        "feed": feed,
        "nudges": [],
        "posters": "",
        "later": [],
        "turnout": turnout(words, ()),
    }
    came = (
        Count(datetime(2099, 11, 3, 19, 30), "10_or_more"),  # noqa: DTZ001  a wall clock shows no zone
        Count(datetime(2099, 11, 24, 19, 30), "under_5"),  # noqa: DTZ001
    )
    yield Sample(
        "desk/room.html",
        "just invited somebody",
        {
            **shared,
            "sessions": [doors_open, later],
            "later": [not_mine, later],
            "nudges": ["It ends after 11 at night."],
            "posters": POSTERS,
            "facilitators": ["Ana"],
            "facilitates": True,
            "organises": True,
            "invitation_link": "https://tealight.example/invitation/p9d4x7",
            "turnout": turnout(words, came),
        },
        staff=ANA,
    )
    nobody = {"facilitators": [], "facilitates": False, "invitation_link": None}
    yield Sample(
        "desk/room.html",
        "nobody facilitates",
        {
            **shared,
            "room": BARE,
            "turnout": turnout(words, came),
            "sessions": [not_mine],
            "organises": True,
            **nobody,
        },
        staff=ANA,
    )
    yield Sample(
        "desk/room.html", "no dates", {**shared, "sessions": [], "organises": False, **nobody}, staff=JO
    )


def _editing(words: Words) -> Iterator[Sample]:
    known: dict[str, object] = {**EVENING.__dict__, "words": "voices", "listed": True, "version": "3"}
    known |= {"seats": "8", "keeps_catch_up": True, "keeps_counts": False, **DOOR_SET}
    edited: dict[str, object] = {
        "room": EVENING,
        "form": Thing(**known, errors={}),
        "changed_meanwhile": "",
        "others": [],
        **choices_of_door(words),
    }
    faulty = Thing(**known, errors={"name": "Please give the room a name.", "words": "Please keep to six."})
    said = "Somebody changed this while you were writing."
    yield Sample("desk/edit.html", "as it is", edited, staff=ANA)
    yield Sample("desk/edit.html", "faults", {**edited, "form": faulty}, staff=ANA)
    meanwhile = {"changed_meanwhile": said, "others": ["Friday"]}
    yield Sample("desk/edit.html", "changed meanwhile", {**edited, **meanwhile}, staff=ANA)
    lines = {"agreement": "Be kind.", "version": "3"}
    written: dict[str, object] = {
        "room": EVENING,
        "form": Thing(**lines, errors={}),
        "current": AGREEMENT,
        "agreement": None,
        "what_changed": None,
        "changed_meanwhile": "",
    }
    empty = Thing(**lines, errors={"agreement": "Please write at least one line."})
    yield Sample("desk/agreement.html", "a fault", {**written, "form": empty}, staff=ANA)
    yield Sample(
        "desk/agreement.html", "changed meanwhile", {**written, "changed_meanwhile": said}, staff=ANA
    )
    looked = {"agreement": AGREEMENT, "what_changed": Thing(added=("Be kind.",), gone=("Be nice.",))}
    yield Sample("desk/agreement.html", "as people will read it", {**written, **looked}, staff=ANA)


def _share(words: Words) -> Iterator[Sample]:
    row = signposts.Row("Samaritans", "116 123", "Day and night", "Free")
    days = ["3 December 2026", "", ""]
    posts: dict[str, object] = {"is_ours": True, "needs_a_look": True, "changed_meanwhile": "", "days": days}
    listed = signposts.Form((signposts.Row("Shout", "Text SHOUT to 85258"), row, signposts.Row()), "0123")
    yield Sample("desk/signposts.html", "to begin with", {**posts, "form": listed}, staff=ANA)
    mistaken = signposts.Form((row,), "0123", {"name-1": "Please give it a name."})
    meanwhile = {"is_ours": False, "changed_meanwhile": "Somebody changed this."}
    yield Sample("desk/signposts.html", "a fault", {**posts, **meanwhile, "form": mistaken}, staff=ANA)
    options = [
        labels.Choice(label, name, f"We are waiting for a {name}.", "en")
        for label, name in labels.LABELS.items()
    ]
    to_choose: dict[str, object] = {
        "form": labels.Form("host", "host"),
        "choices": options,
        "now": "Host",
        "unchanged": ["Cymraeg"],
        "changed_meanwhile": "",
    }
    yield Sample("desk/labels.html", "first sight", to_choose, staff=ANA)
    none = {"form": labels.Form("", "host", {"label": "Please choose one of these."})}
    yield Sample("desk/labels.html", "nothing chosen", to_choose | none, staff=ANA)
    other = {"form": labels.Form("chair", "host"), "changed_meanwhile": "Somebody changed this."}
    yield Sample("desk/labels.html", "changed meanwhile", to_choose | other, staff=ANA)
    stood_for: dict[str, object] = {
        "charter": AGREEMENT,
        "what_changed": None,
        "day": "3 December 2026",
        "before": [],
    }
    another = {
        "what_changed": Thing(added=("Be kind.",), gone=("Be nice.",)),
        "before": ["1 May 2026", "2 June 2026"],
    }
    yield Sample("charter.html", "the first", stood_for)
    yield Sample("charter.html", "another", stood_for | another)
    lines = Thing(lines="We have been there.", version="1", errors={})
    begun: dict[str, object] = {"form": lines, "charter": None, "changed_meanwhile": "", "current": AGREEMENT}
    yield Sample("desk/charter.html", "first sight", begun, staff=ANA)
    yield Sample("desk/charter.html", "as people will read it", begun | stood_for | another, staff=ANA)
    wrong_lines = Thing(lines="x", version="1", errors={"lines": "Please keep to 30 lines."})
    clash = begun | {"form": wrong_lines, "changed_meanwhile": "Somebody changed this."}
    yield Sample("desk/charter.html", "a fault and a change meanwhile", clash, staff=ANA)
    yield Sample("room/gone.html", "deleted", {"when": "1 December 2026"})
    wrong = {"room": EVENING, "name": "Evening", "errors": {"name": "That is not its name."}}
    yield Sample("desk/delete.html", "first sight", {"room": EVENING, "name": "", "errors": {}}, staff=ANA)
    yield Sample("desk/delete.html", "another name", wrong, staff=ANA)
    base = "https://tealight.example/join/"
    room = Thing(**{**EVENING.__dict__, "is_closed": False})
    shared: dict[str, object] = {
        "room": room,
        "organises": True,
        "posters": POSTERS,
        "join_link": f"{base}k3vq8w2mz6",
        "code": "k3v q8w",
        "code_page": "https://tealight.example/code",
        "personal": [(1, f"{base}p1", False), (2, f"{base}p2", True)],
        "is_full": False,
    }
    closed = Thing(**{**EVENING.__dict__, "is_closed": True})
    yield Sample("desk/share.html", "closed", {**shared, "room": closed, "is_full": True}, staff=ANA)
    yield Sample(
        "desk/share.html",
        "who facilitates",
        {**shared, "organises": False, "personal": [], "posters": ""},
        staff=JO,
    )
    yield Sample("desk/share.html", "everything", shared, staff=ANA)
    ana, jo = (
        Thing(id="a1", name="Ana", mine=False, is_me=True),
        Thing(id="a2", name="Jo", mine=True, is_me=False),
    )
    yield from _editing(words)
    helping: dict[str, object] = {"room": room, "people": [ana, jo], "link": None}
    yield Sample("desk/people.html", "nobody", {**helping, "people": []}, staff=ANA)
    yield Sample("desk/people.html", "two, and a link", {**helping, "link": ("Jo", f"{base}l1")}, staff=ANA)
    faulty = Thing(
        errors={"now": "That is not your password now.", "new": "Please use at least 10 letters."},
        no_keys=True,
    )
    secret = "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"
    app: dict[str, object] = {
        "has_app": False,
        "secret": "",
        "paper": [],
        "paper_left": 0,
        "passkeys_are_possible": True,
        "by_mail": True,
        "mail": "ana@example.org",
        "has_passkeys": False,
    }
    yield Sample("account/code.html", "first sight", {"half": "h", "next": "/desk", "errors": {}})
    yield Sample("account/code.html", "wrong", {"half": "h", "next": "/desk", "errors": {"code": "Not now."}})
    own: dict[str, object] = {**app, "sign_in_name": "ana", "has_password": True, "form": faulty}
    yield Sample(
        "account/own.html",
        "no password",
        {**own, "has_password": False, "form": Thing(errors={}, no_keys=False)},
        staff=ANA,
    )
    yield Sample(
        "account/own.html",
        "an app",
        {**own, "has_app": True, "paper_left": 3, "has_passkeys": True},
        staff=ANA,
    )
    yield Sample("account/own.html", "paper", {**own, "paper": ["bcdfg-hjkmn", "23456-789bc"]}, staff=ANA)
    yield Sample("account/own.html", "two faults", {**own, "secret": secret}, staff=ANA)
    held: dict[str, object] = {
        "keys": [Thing(id="k1", name="my phone"), Thing(id="k2", name="the office")],
        "form": Thing(name="", errors={}),
        "is_full": False,
        "has_password": True,
        "asked": "",
    }
    yield Sample("account/passkeys.html", "none yet", {**held, "keys": [], "has_password": False}, staff=ANA)
    yield Sample("account/passkeys.html", "ten", {**held, "is_full": True}, staff=ANA)
    phone = Thing(name="my phone", errors={})
    yield Sample("account/passkeys.html", "to be added", {**held, "asked": "{}", "form": phone}, staff=ANA)
    unkept = Thing(
        name="", errors={"name": "Please fill this in.", "now": "No.", "passkey": "It was not added."}
    )
    yield Sample("account/passkeys.html", "three faults", {**held, "form": unkept}, staff=ANA)
    wall: dict[str, object] = {
        "room": room,
        "code": "k3v q8w",
        "code_page": "tealight.example/code",
        "next_when": SESSION.when,
        "repeat": "Every week",
        "qr": "/static/icon.svg",
    }
    bare = {**wall, "next_when": "", "repeat": "", "is_open": False}
    yield Sample("desk/poster.html", "discreet", bare, staff=ANA)
    yield Sample("desk/poster.html", "open", {**wall, "is_open": True}, staff=ANA)
    yield Sample("room/code.html", "first sight", {"code": "", "errors": {}})
    yield Sample(
        "room/code.html", "wrong", {"code": "aeiou", "errors": {"code": "No room has that code now."}}
    )


def _dates(words: Words, places: Mapping[str, object]) -> Iterator[Sample]:
    blank: dict[str, object] = {
        "date": "2026-12-01",
        "start": "19:30",
        "minutes": "60",
        "scope": "this",
        "reason": "",
        "alternative": "",
        "people": {"lead": "a1"},
        "settled": {},
    }
    date: dict[str, object] = {
        "room": EVENING,
        "session": SESSION,
        "state_words": "in 9 days",
        "cancelled": False,
        "recoverable": False,
        "reason": "",
        "alternative": "",
        "is_on": False,
        "over": False,
        "inside": [],
        "repeat": "Every week",
        "form": Thing(**blank, errors={}),
        "scopes": [("this", "This date only"), ("later", "This date and those after it")],
        "reasons": [("holiday", "It is a holiday.")],
        "people": places["people"],
        "step": None,
        "questions": [],
        "changed_meanwhile": "",
    }
    was, will = (
        "Tuesday 1 December 2026, 7:30 pm, for 60 minutes",
        "Wednesday 2 December 2026, 8 pm, for 60 minutes",
    )
    step = Step("move", "0123", moved=((was, will),) * 3, dropped=(was,), added=(will,), kept=2)
    asked = {"form": Thing(**{**blank, "settled": {"2027-03-28T01:30:00": "skip"}}, errors={}), "step": step}
    wrong = {"date": "Please give a date.", "reason": "Please choose a reason.", "scope": "It has begun."}
    on_now = {"is_on": True, "state_words": "On now", "inside": [("s1", "Jo")]}
    off = {"cancelled": True, "reason": "It is a holiday.", "alternative": "Come to the drop-in."}
    for state, changed in (
        ("has passed", {"over": True}),
        ("on now", on_now),
        (
            "nobody else could lead",
            {**on_now, "inside": [], "form": Thing(**blank, errors={"lead": "They are gone."})},
        ),
        ("moved", {**off, "reason": "It has another date now."}),
        ("called off", {**off, "recoverable": True}),
        ("one date alone", {"repeat": ""}),
        ("what changes", {**asked, "changed_meanwhile": "The dates have changed since you looked."}),
        ("several faults", {"form": Thing(**blank, errors=wrong), "questions": [DOUBT]}),
        ("as it is", {}),
    ):
        yield Sample("desk/date.html", state, {**date, **changed}, staff=ANA)
    season: dict[str, object] = {**places, "room": EVENING}
    clean = {"form": Thing(when=Schedule(), once="k3vq8w2mz6r7t2xb", errors={})}
    yield Sample("desk/more_dates.html", "first sight", {**season, **clean}, staff=ANA)
    faulty = {
        "form": Thing(when=Schedule(), once="k3vq8w2mz6r7t2xb", errors={"date": "Please give a date."}),
        "questions": [DOUBT],
    }
    yield Sample("desk/more_dates.html", "a fault", {**season, **faulty}, staff=ANA)
    yield Sample("desk/more_dates.html", "dates", {**season, **clean, "dates": [was, will]}, staff=ANA)
    days = {"first": "2026-12-20", "last": "2027-01-03", "alternative": ""}
    away: dict[str, object] = {"room": EVENING, "step": None, "changed_meanwhile": "", "away": []}
    early = Thing(**days, errors={"last": "That is before the first day."})
    yield Sample("desk/break.html", "a fault", {**away, "form": early}, staff=ANA)
    called_off = Step("off", "0123", dropped=(was, will))
    yield Sample(
        "desk/break.html",
        "what changes",
        {**away, "form": Thing(**days, errors={}), "step": called_off, "away": [was]},
        staff=ANA,
    )


def context(sample: Sample, words: Words) -> dict[str, object]:
    """As a route gives it: what every page gets, then the page's own."""
    return {
        **words.page(),
        "staff": sample.staff,
        "leave_to": ELSEWHERE,
        "here": "/",
        "has_charter": True,
        "signposts": sample.signposts,
        "static": lambda path: f"/static/{path}",
        **sample.context,
    }
