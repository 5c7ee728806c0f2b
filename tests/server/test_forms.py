"""Every form comes back as it was filled in, with the fault in words beside its field."""

from datetime import UTC, datetime

import pytest

from rooms.records import accounts, agreements, rooms, sessions
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.visitor import Visitor

MARKUP = '"><script>alert(1)</script>'
WHOLE_ROOM = {
    "purpose": "peer_support",
    "name": "Wednesday",
    "one_line": "An hour.",
    "for_whom": "anyone",
    "also_welcome": "",
    "date": "2026-12-02",
    "start": "19:30",
    "minutes": "60",
    "zone": "Europe/London",
    "repeat": "once",
    "times": "",
    "until": "",
    "breaks": "",
    "words": "",
    "lead": "",
    "seats": "8",
    "door": "open",
    "talk": "open",
    "least_age": "18",
    "listed": "1",
    "agreement": "Be kind.\n\n What is said here stays here. ",
}


def is_marked_wrong(page: Page, field: str) -> bool:
    """Beside the field, tied to it for screen readers, and named once more at the top of the page."""
    inputs = [given for _, given in page.tags if given.get("name") == field]
    return (
        any(f"error-{field}" in (given.get("aria-describedby") or "") for given in inputs)
        and f"#field-{field}" in page.attributes("href")
        and f"field-{field}" in page.attributes("id")
        and "Please look again" in "".join(page.texts[:20])
    )


# The door


WRONG_NAMES = [
    ("", "Some of those letters cannot be seen by others."),
    (" \t\n", "Some of those letters cannot be seen by others."),
    ("\u200b\u2060", "Some of those letters cannot be seen by others."),
    ("\0", "Some of those letters cannot be seen by others."),
    ("!!", "Some of those letters cannot be seen by others."),
    ("B", "Please use at least 2 letters."),
    ("x" * 25, "Please use 24 letters or fewer."),
    ("x" * 3000, "Please use 24 letters or fewer."),
    ("ﷺ" * 400, "Please use 24 letters or fewer."),
    ("Ben" + "\u0301" * 60, "Please use 24 letters or fewer."),
    ("Facilitator", "That name could be mistaken for the person who runs the room."),
    (
        "\N{CYRILLIC CAPITAL LETTER TE}ealight Staff",
        "That name could be mistaken for the person who runs the room.",
    ),
    ("Kim", "Someone here has that name, or one very like it."),
    ("k\u200bIM", "Someone here has that name, or one very like it."),
]


async def test_the_door_names_what_is_wrong_with_a_name(evening: Evening):
    await evening.visits("Kim")
    ben = await evening.comes_to_the_door()
    for name, fault in WRONG_NAMES:
        answer = await ben.posts(evening.door_path, name=name, how="come_in")
        page = Page(answer)
        assert answer.status_code == 422, name
        assert page.faults["name"].startswith(fault), name
        assert is_marked_wrong(page, "name")
        assert "set-cookie" not in answer.headers
        offered = [
            given["value"] or ""
            for _, given in page.tags
            if given.get("name") == "pick" and given.get("value")
        ]
        assert len(offered) == 3, name
    taken = await ben.posts(evening.door_path, name="B", pick=offered[0], how="come_in")
    assert taken.headers["location"] == evening.live_path


async def test_a_name_comes_back_as_it_was_written(evening: Evening):
    ben = await evening.comes_to_the_door()
    for name in (MARKUP + "x" * 30, "  two  spaces " + "x" * 30, "&amp; &lt;" + "x" * 30, "'" + "ä" * 30):
        answer = await ben.posts(evening.door_path, name=name, how="come_in")
        assert Page(answer).filled("name") == name
        assert "<script>alert" not in answer.text


async def test_a_file_for_a_name_is_no_name(evening: Evening):
    ben = await evening.comes_to_the_door()
    headers = {"origin": evening.house.origin}
    answer = await ben.http.post(evening.door_path, files={"name": ("Ben", b"Ben")}, headers=headers)
    assert answer.status_code == 422
    assert Page(answer).filled("name") == ""
    for body, kind in (
        (b"{}", "application/json"),
        (b"name=Ben", "text/plain"),
        (b"--x", "multipart/form-data; boundary=x"),
    ):
        answer = await ben.http.post(
            evening.door_path, content=body, headers={**headers, "content-type": kind}
        )
        assert answer.status_code in {400, 422}, kind


# An invitation


WRONG_ACCOUNTS: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"name": "", "sign_in_name": "", "password": ""}, {"name": "Please fill", "sign_in_name": "Please fill", "password": "Please use at least 10"}),
    ({"name": " "}, {"name": "Please fill"}),
    ({"name": "x" * 61}, {"name": "That is too long"}),
    ({"name": "G\0us"}, {"name": "Some of those letters cannot be seen"}),
    ({"sign_in_name": "x" * 255}, {"sign_in_name": "That is too long"}),
    ({"sign_in_name": "ﷺ" * 200}, {"sign_in_name": "That is too long"}),
    ({"sign_in_name": "ß" * 254}, {"sign_in_name": "That is too long"}),
    ({"sign_in_name": "a\x1bb"}, {"sign_in_name": "Some of those letters cannot be seen"}),
    ({"password": "123456789"}, {"password": "Please use at least 10"}),
    ({"password": "x" * 201}, {"password": "Please use 200 letters or fewer"}),
]  # fmt: skip


async def test_an_invitation_names_what_is_wrong(evening: Evening):
    link, browser = await evening.house.invitation(evening.room), evening.house.browser()
    for changed, faults in WRONG_ACCOUNTS:
        given = {
            "name": "Gus " + MARKUP,
            "sign_in_name": "gus" + MARKUP,
            "password": "a long password",
            **changed,
        }
        answer = await browser.posts(link, **given)
        page = Page(answer)
        assert (answer.status_code, page.faults.keys()) == (422, faults.keys()), changed
        for name, fault in faults.items():
            assert page.faults[name].startswith(fault), changed
            assert is_marked_wrong(page, name), changed
        assert page.filled("name") == given["name"].strip()
        assert page.filled("sign_in_name") == given["sign_in_name"]
        assert page.filled("password") == ""
        assert "<script>alert" not in answer.text
    assert (await browser.gets(link)).status_code == 200, "it is still good for another try"


# A new room


@pytest.fixture
async def olu(house: House) -> Browser:
    return await house.signed_in("Olu", organiser=True)


async def test_a_whole_form_makes_a_room_with_a_session_and_an_agreement(house: House, olu: Browser):
    empty = Page(await olu.gets("/desk/new"))
    assert "What is said here stays here." in empty.filled("agreement")
    assert (empty.filled("zone"), empty.filled("minutes"), empty.filled("seats")) == (
        "Europe/London",
        "60",
        "8",
    )
    made = await olu.posts("/desk/new", **WHOLE_ROOM)
    async with house.database.reading() as conn:
        room = await rooms.find(conn, made.headers["location"].removeprefix("/desk/rooms/"))
        assert room is not None
        account = await accounts.by_sign_in_name(conn, "Olu")
        session = await sessions.next_of(conn, room.id, house.clock.now)
        agreement = await agreements.current(conn, room.id)
    assert account is not None
    assert (room.organiser_id, room.name, room.listed, room.seats) == (account.id, "Wednesday", True, 8)
    assert session is not None
    assert (session.starts_at, session.minutes) == (datetime(2026, 12, 2, 19, 30, tzinfo=UTC), 60)
    assert agreement is not None
    assert agreement.lines == ("Be kind.", "What is said here stays here.")
    assert "Wednesday" in (await olu.gets(made.headers["location"])).text


WRONG_ROOMS: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"purpose": ""}, {"purpose": "Please choose what kind"}),
    ({"purpose": "treatment"}, {"purpose": "Please choose what kind"}),
    ({"name": "ab"}, {"name": "Please give the room a name"}),
    ({"name": "x" * 61}, {"name": "Please give the room a name"}),
    ({"name": "Tues\0day"}, {"name": "Please give the room a name"}),
    ({"one_line": "x" * 141}, {"one_line": "Please keep it to 140"}),
    ({"one_line": "two\nlines"}, {"one_line": "Please keep it to 140"}),
    ({"for_whom": "x" * 301, "also_welcome": "x" * 301}, {"for_whom": "Please keep it to 300", "also_welcome": "Please keep"}),
    ({"date": ""}, {"date": "Please give a date"}),
    ({"date": "2026-02-30"}, {"date": "Please give a date"}),
    ({"date": "2.12.2026"}, {"date": "Please give a date"}),
    ({"date": "0001-01-01"}, {"start": "That is in the past"}),
    ({"date": "9999-12-31"}, {"date": "Please give a date"}),
    ({"date": "9" * 5000}, {"date": "Please give a date"}),
    ({"start": ""}, {"start": "Please give a time"}),
    ({"start": "24:00"}, {"start": "Please give a time"}),
    ({"start": "half past seven"}, {"start": "Please give a time"}),
    ({"date": "2026-11-25"}, {"start": "That is in the past"}),
    ({"date": "2026-11-26", "start": "19:24"}, {"start": "That is in the past"}),
    ({"repeat": "daily"}, {"repeat": "Please choose how often"}),
    ({"repeat": "weekly"}, {"times": "Please say how many times"}),
    ({"repeat": "weekly", "times": "0"}, {"times": "Please give a number of dates"}),
    ({"repeat": "weekly", "times": "53"}, {"times": "Please give a number of dates"}),
    ({"repeat": "weekly", "times": "many"}, {"times": "Please give a number of dates"}),
    ({"repeat": "weekly", "times": "3", "until": "2027-01-01"}, {"until": "Please say one of the two"}),
    ({"repeat": "weekly", "until": "next year"}, {"until": "Please give the last day"}),
    ({"repeat": "weekly", "until": "2026-12-01"}, {"until": "That is before the first date"}),
    ({"repeat": "weekly", "until": "2028-12-01"}, {"until": "That would be more than 52 dates"}),
    ({"repeat": "weekly", "times": "4", "breaks": "Christmas"}, {"breaks": "Please give dates"}),
    ({"repeat": "weekly", "until": "2026-12-05", "breaks": "2026-12-04"}, {"breaks": "No date is left"}),
    ({"repeat": "weekly", "times": "4", "breaks": "2026-12-09 " * 53}, {"breaks": "Please give dates"}),
    ({"repeat": "monthly", "date": "2026-12-30", "times": "4"}, {"repeat": "Not every month has"}),
    ({"repeat": "monthly_last", "times": "4"}, {"repeat": "That weekday comes once more"}),
    ({"lead": "somebody"}, {"lead": "Please choose somebody from the list"}),
    ({"lead": "me", "second": "me"}, {"second": "The same person cannot be both"}),
    ({"words": "a"}, {"words": "Please keep to six words"}),
    ({"words": "x" * 31}, {"words": "Please keep to six words"}),
    ({"words": "a1,a2,a3,a4,a5,a6,a7"}, {"words": "Please keep to six words"}),
    ({"date": "2027-03-28", "start": "01:30"}, {"start": "The clocks go forward"}),
    ({"date": "2027-10-31", "start": "01:30"}, {"start": "The clocks go back"}),
    ({"minutes": "29"}, {"minutes": "Please give a length"}),
    ({"minutes": "121"}, {"minutes": "Please give a length"}),
    ({"minutes": "sixty"}, {"minutes": "Please give a length"}),
    ({"minutes": "6" * 5000}, {"minutes": "Please give a length"}),
    ({"seats": "1"}, {"seats": "Please give a number of seats"}),
    ({"seats": "501"}, {"seats": "Please give a number of seats"}),
    ({"seats": "x"}, {"seats": "Please give a number of seats"}),
    ({"seats": ""}, {"seats": "Please give a number of seats"}),
    ({"seats": "-8"}, {"seats": "Please give a number of seats"}),
    ({"seats": "8.0"}, {"seats": "Please give a number of seats"}),
    ({"seats": "٨"}, {"seats": "Please give a number of seats"}),
    ({"seats": "8" * 5000}, {"seats": "Please give a number of seats"}),
    ({"zone": ""}, {"zone": "Please choose one of the places"}),
    ({"zone": "../../etc/passwd"}, {"zone": "Please choose one of the places"}),
    ({"zone": "Europe"}, {"zone": "Please choose one of the places"}),
    ({"agreement": "x" * 301}, {"agreement": "Please keep to 30 lines"}),
    ({"agreement": "x\n" * 31}, {"agreement": "Please keep to 30 lines"}),
    ({"agreement": "a\x1b[2J"}, {"agreement": "Please keep to 30 lines"}),
    ({"name": "", "date": "", "seats": ""}, {"name": "Please", "date": "Please", "seats": "Please"}),
]  # fmt: skip


async def test_a_new_room_names_what_is_wrong(olu: Browser):
    for changed, faults in WRONG_ROOMS:
        given = {**WHOLE_ROOM, "for_whom": MARKUP, **changed}
        answer = await olu.posts("/desk/new", **given)
        page = Page(answer)
        assert (answer.status_code, page.faults.keys()) == (422, faults.keys()), changed
        for name, fault in faults.items():
            assert page.faults[name].startswith(fault), changed
            assert is_marked_wrong(page, name), changed
        assert "<script>alert" not in answer.text
        for name, value in given.items():
            choice = name in {"purpose", "zone", "repeat", "lead"} and name in changed
            if not choice and "\0" not in value:
                assert page.filled(name) == value, (changed, name)


async def test_hours_at_the_edge_of_a_change_of_clocks_are_hours_like_others(house: House, olu: Browser):
    for date, start, at in (
        ("2027-03-28", "00:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        ("2027-03-28", "02:00", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        ("2027-10-31", "02:00", datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
        ("2026-11-26", "19:26", datetime(2026, 11, 26, 19, 26, tzinfo=UTC)),
    ):
        made = await olu.posts("/desk/new", **{**WHOLE_ROOM, "date": date, "start": start})
        assert made.status_code == 303, Page(made).faults
        async with house.database.reading() as conn:
            session = await sessions.next_of(conn, made.headers["location"].removeprefix("/desk/rooms/"), at)
        assert session is not None
        assert session.starts_at == at


async def test_a_room_without_an_agreement_says_so_in_the_room_too(evening: Evening):
    bare = await evening.house.evening(agreement=False)
    ben = await bare.visits("Ben")
    for path in (f"/room/{bare.room.id}", bare.live_path):
        assert "has not written its agreement yet" in (await ben.browser.gets(path)).text, path


async def test_what_a_facilitator_is_called_nobody_else_can_be(evening: Evening):
    ana = await evening.facilitates("Ana")
    browser = await evening.comes_to_the_door()
    assert Page(await browser.posts(evening.door_path, name="Ana", how="come_in")).faults["name"]
    await ana.closes_the_tab()
    other = Visitor(browser, evening.live_path, "Ana")
    await other.opens()
    await other.is_closed(4004)
