"""What the page of one person may know: hidden means not sent."""

from rooms.live import view
from rooms.live.words import Audience
from tests.people import MINUTE, START, an_evening


class TestTheRoom:
    def test_what_everybody_is_told_of_it(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")
        ana.admits(ben)
        evening.member("Chi").arrives()
        ana.pauses("a_breather")
        shown = view.room_shown(evening.room, Audience.MEMBER)
        assert shown == {
            "state": "paused",
            "since": START,
            "by": "Ana",
            "reason": "a_breather",
            "door": "knock",
            "mode": "open",
            "open": False,
            "unattended": False,
            "waiting": 1,
            "starts_at": START,
            "closing_at": START + 50 * MINUTE,
            "ends_at": START + 60 * MINUTE,
            "extended": 0,
            "ending": False,
            "may": ["say", "take_back", "leave"],
        }

    def test_words_can_be_said_while_it_is_live_or_closing_and_somebody_facilitates(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")

        def is_open() -> object:
            return view.room_shown(evening.room, Audience.MEMBER)["open"]

        assert is_open() is True
        ana.begins_closing()
        assert is_open() is True
        ana.pauses()
        assert is_open() is False
        ana.resumes()
        ana.leaves()
        evening.passes(45)
        assert is_open() is False
        evening.passes(minutes=10)
        assert is_open() is False

    def test_buttons_are_those_that_people_like_you_can_use_now(self):
        evening = an_evening()
        ana = evening.facilitator("Ana")
        ana.arrives()

        def may(audience: Audience) -> object:
            return view.room_shown(evening.room, audience)["may"]

        assert may(Audience.WAITING) == ["leave"]
        assert may(Audience.MEMBER) == ["say", "leave"]
        assert may(Audience.FACILITATOR) == [
            "start", "say", "quiet", "unquiet", "admit", "decline", "leave", "remove",
        ]  # fmt: skip
        ana.starts()
        assert may(Audience.WAITING) == ["leave"]
        assert may(Audience.FACILITATOR) == [
            "pause", "begin_closing", "extend", "end", "say", "take_back", "quiet", "unquiet", "take_down", "admit",
            "decline", "leave", "remove",
        ]  # fmt: skip
        ana.ends()
        ana.ends()
        assert may(Audience.FACILITATOR) == []

    def test_only_what_changed(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        before = evening.room
        ana.extends()
        assert view.room_changes(before, evening.room, Audience.MEMBER) == {
            "closing_at": START + 60 * MINUTE,
            "ends_at": START + 70 * MINUTE,
            "extended": 1,
        }
        assert view.room_changes(before, before, Audience.MEMBER) == {}


class TestThePeople:
    def test_members_see_who_is_inside_and_nothing_of_their_troubles(self):
        evening = an_evening(knock_first=True)
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.admits(ben)
        ana.quiets(ben)
        ben.drops()
        people = view.people_shown(evening.room, Audience.MEMBER)
        assert people == {
            ana.id: {"name": "Ana", "role": "facilitator", "listening": False, "place": "inside"},
            ben.id: {"name": "Ben", "role": "member", "listening": False, "place": "inside"},
        }
        assert chi.id in view.people_shown(evening.room, Audience.FACILITATOR)

    def test_facilitators_see_who_waits_who_is_away_quiet_or_gone(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.quiets(ben)
        ben.drops()
        chi.leaves()
        people = view.people_shown(evening.room, Audience.FACILITATOR)
        assert people[ben.id] == {
            "name": "Ben",
            "role": "member",
            "listening": False,
            "place": "inside",
            "away": evening.now,
            "quiet_until": evening.now + 5 * MINUTE,
            "arrived_at": START,
        }
        assert people[chi.id]["place"] == "gone"

    def test_who_waits_knows_of_nobody(self):
        evening = an_evening()
        evening.under_way("Ana", "Ben")
        assert view.people_shown(evening.room, Audience.WAITING) == {}

    def test_whose_line_changed(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        before = evening.room
        ana.quiets(ben)
        ben.drops()
        assert view.people_changes(before, evening.room, Audience.MEMBER) == {}
        assert set(view.people_changes(before, evening.room, Audience.FACILITATOR)) == {ben.id}
        chi.leaves()
        assert view.people_changes(before, evening.room, Audience.MEMBER) == {chi.id: None}
        assert view.people_changes(before, evening.room, Audience.FACILITATOR)[chi.id] is not None
        before = evening.room
        evening.passes(minutes=15)
        assert view.people_changes(before, evening.room, Audience.FACILITATOR)[chi.id] is None
        dov = evening.member("Dov")
        before = evening.room
        dov.arrives()
        assert view.people_changes(before, evening.room, Audience.MEMBER) == {}
        assert set(view.people_changes(before, evening.room, Audience.FACILITATOR)) == {dov.id}


class TestYou:
    def test_what_you_know_of_yourself(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 2, "take_a_breather")
        assert view.you_shown(ben.seat, evening.now) == {
            "seat": ben.id,
            "name": "Ben",
            "role": "member",
            "listening": False,
            "place": "inside",
            "quiet_until": evening.now + 2 * MINUTE,
            "quiet_reason": "take_a_breather",
            "held_back": "quieted",
        }
        assert view.you_shown(ben.seat, evening.now + 2 * MINUTE)["held_back"] is None

    def test_why_your_words_would_be_refused(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")
        assert view.you_shown(ben.seat, evening.now)["held_back"] == "waiting"
        ana.admits(ben)
        assert view.you_shown(ben.seat, evening.now)["held_back"] is None
        chi = evening.member("Chi")
        chi.arrives(listening=True)
        ana.admits(chi)
        assert view.you_shown(chi.seat, evening.now)["held_back"] == "listening"
