"""What the page of one person may know: hidden means not sent."""

from rooms.live import view
from rooms.live.asides import PostLobbyNote
from rooms.live.conducting import BeginRound
from rooms.live.corner import GoToCorner
from rooms.live.door import Arrive
from rooms.live.hands import RaiseHand
from rooms.live.leading import StepBack
from rooms.live.lines import WriteLine
from rooms.live.looking import LookFirst
from rooms.live.talk import Say
from rooms.live.words import Audience
from tests.people import MINUTE, START, Person, an_evening

EVERYBODY_KNOWS = {
    "state",
    "since",
    "by",
    "reason",
    "door",
    "mode",
    "open",
    "unattended",
    "waiting",
    "starts_at",
    "closing_at",
    "ends_at",
    "extended",
    "ending",
    "lines_until",
    "twin",
}
INSIDE_KNOW = {
    "lead",
    "mode_until",
    "slow",
    "hands",
    "called",
    "round",
    "look",
    "names_frozen",
    "check",
    "pair_since",
    "agreement",
    "agreement_until",
    "lately",
}
FACILITATORS_KNOW = {
    "doors_at",
    "worries",
    "capacity",
    "in_line",
    "shield",
    "look_newcomers",
    "offered_lead",
    "suspended",
    "cosigns",
    "claims",
    "to_agree",
    "pause_asked",
    "pause_due",
    "alone_since",
    "alerted",
}


class TestTheRoom:
    def test_what_everybody_is_told_of_it(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")
        ana.admits(ben)
        evening.member("Chi").arrives()
        ana.pauses("a_breather")
        shown = view.room_shown(evening.room, Audience.MEMBER)
        assert {key: shown[key] for key in shown if key in EVERYBODY_KNOWS} == {
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
            "lines_until": None,
            "twin": None,
        }
        assert set(shown) == EVERYBODY_KNOWS | INSIDE_KNOW | {"may"}
        assert set(view.room_shown(evening.room, Audience.WAITING)) == EVERYBODY_KNOWS | {"may"}
        assert set(view.room_shown(evening.room, Audience.CORNERED)) == EVERYBODY_KNOWS | {"may"}
        assert set(view.room_shown(evening.room, Audience.FACILITATOR)) - set(shown) == FACILITATORS_KNOW

    def test_a_pause_and_a_quiet_are_told_in_other_words_and_other_places(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.quiets(ben, 5, "too_fast")
        ben.cannot_speak("quieted")
        assert view.room_shown(evening.room, Audience.MEMBER)["state"] == "live"
        assert view.you_shown(evening.room, ben.seat, evening.now)["quiet_reason"] == "too_fast"
        ana.pauses("a_breather")
        for person in (ben, chi):
            person.cannot_speak("paused")
            shown = view.room_shown(evening.room, Audience.MEMBER)
            assert (shown["state"], shown["by"], shown["reason"]) == ("paused", "Ana", "a_breather")
        # Each knows of the pause from the room, and Ben of the quiet from his own seat, also while it is paused.
        assert view.you_shown(evening.room, chi.seat, evening.now)["held_back"] is None
        assert view.you_shown(evening.room, ben.seat, evening.now)["held_back"] == "quieted"
        ana.resumes()
        ben.cannot_speak("quieted")
        chi.can_speak()

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

        assert {"leave", "write_line", "take_offer"} <= set(may(Audience.WAITING))
        assert not {"say", "raise_hand", "react", "start"} & set(may(Audience.WAITING))
        assert "say" not in may(Audience.MEMBER)
        assert "start" in may(Audience.FACILITATOR)
        ana.starts()
        assert {"say", "take_back", "raise_hand", "react", "go_to_corner"} <= set(may(Audience.MEMBER))
        assert not {"quiet", "pause", "remove", "write_backchannel"} & set(may(Audience.MEMBER))
        assert {"pause", "quiet", "remove", "shield", "hand_over"} <= set(may(Audience.FACILITATOR))
        assert "start" not in may(Audience.FACILITATOR)
        ana.ends()
        ana.ends()
        everybody = {"leave", "write_line", "decline_line", "come_on_duty"}
        assert set(may(Audience.MEMBER)) == everybody
        assert set(may(Audience.FACILITATOR)) == everybody | {
            "claim_line",
            "release_line",
            "write_backchannel",
        }
        evening.passes(minutes=30)
        assert may(Audience.FACILITATOR) == []

    def test_no_button_is_for_the_door_or_the_clock(self):
        evening = an_evening()
        evening.under_way("Ana")
        for audience in Audience:
            assert not {"arrive", "tick", "lose", "use_move"} & set(
                view.room_shown(evening.room, audience)["may"]
            )

    def test_at_the_end_everybody_sees_what_was_used_and_how_often(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben)
        ana.ends()
        ana.ends()
        tally = view.room_shown(evening.room, Audience.MEMBER)["tally"]
        assert tally == {"started": 1, "quieted": 1, "closing": 1}

    def test_only_what_changed(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        before = view.room_shown(evening.room, Audience.MEMBER)
        ana.extends()
        assert view.differences(before, view.room_shown(evening.room, Audience.MEMBER)) == {
            "closing_at": START + 60 * MINUTE,
            "ends_at": START + 70 * MINUTE,
            "extended": 1,
            "lately": [
                {"at": START, "what": "started", "by": "Ana"},
                {"at": START, "what": "extended", "by": "Ana"},
            ],
        }
        assert view.differences(before, before) == {}


class TestThePeople:
    def test_members_see_who_is_inside_and_nothing_of_their_troubles(self):
        evening = an_evening(knock_first=True)
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.admits(ben)
        ana.quiets(ben)
        ben.drops()
        people = view.people_shown(evening.room, Audience.MEMBER)
        untroubled = {"listening": False, "place": "inside", "off_duty": False, "corner": False}
        untroubled |= {"tag": "", "work": ""}
        assert people == {
            ana.id: {"name": "Ana", "role": "facilitator", **untroubled, "away": None},
            ben.id: {"name": "Ben", "role": "member", **untroubled},
        }
        assert chi.id in view.people_shown(evening.room, Audience.FACILITATOR)

    def test_who_is_here_for_their_work_is_seen_to_be_by_everybody_and_nobody_else_is(self):
        evening = an_evening(admits_work=True)
        ana, ben = evening.under_way("Ana", "Ben")
        dov = evening.member("Dov")
        dov.arrives(work="research", listening=True)
        for audience in (Audience.MEMBER, Audience.FACILITATOR):
            people = view.people_shown(evening.room, audience)
            assert {seat: person["work"] for seat, person in people.items()} == {
                ana.id: "",
                ben.id: "",
                dov.id: "research",
            }

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
            "off_duty": False,
            "corner": False,
            "tag": "",
            "work": "",
            "away": evening.now,
            "quiet_until": evening.now + 5 * MINUTE,
            "look_until": None,
            "arrived_at": START,
            "leave_be": False,
            "declined": False,
            "removed": False,
            "knocked_after": None,
        }
        assert people[chi.id]["place"] == "gone"

    def test_everybody_inside_sees_that_a_facilitator_is_reconnecting_and_of_nobody_else(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        jo = evening.facilitator("Jo")
        jo.arrives()
        jo.asks(StepBack())
        for person in (ana, ben, jo):
            person.drops()
        people = view.people_shown(evening.room, chi.seat.audience)
        assert {seat: person.get("away") for seat, person in people.items()} == {
            ana.id: evening.now,
            ben.id: None,
            chi.id: None,
            jo.id: None,
        }
        ana.comes_back()
        assert view.people_shown(evening.room, chi.seat.audience)[ana.id]["away"] is None

    def test_a_newcomer_learns_nothing_of_who_was_there_before(self):
        evening = an_evening()
        ana, ben, chi, dov = evening.under_way("Ana", "Benedict", "Christabel", "Dorothea")
        ben.asks(RaiseHand(""))
        chi.asks(WriteLine(None, "I have to go"))
        ana.quiets(dov)
        ana.takes_down(ben.says("hi"))
        ben.leaves()
        chi.leaves()
        ana.removes(dov)
        eli = evening.member("Eli")
        eli.arrives()
        ana.admits(eli)
        told = [
            view.room_shown(evening.room, eli.seat.audience),
            view.people_shown(evening.room, eli.seat.audience),
            view.you_shown(evening.room, eli.seat, evening.now),
            view.words_shown(evening.room, eli.seat),
        ]
        assert set(view.people_shown(evening.room, eli.seat.audience)) == {ana.id, eli.id}
        for before in (ben, chi, dov):
            assert before.name not in str(told)
            assert before.id not in str(told)

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

    def test_a_corner_is_shown_as_its_owner_chose_and_to_facilitators(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ben.asks(GoToCorner(shown=True, leave_be=False))
        chi.asks(GoToCorner(shown=False, leave_be=True))
        people = view.people_shown(evening.room, Audience.MEMBER)
        assert people[ben.id]["corner"] is True
        assert people[chi.id]["corner"] is False
        assert view.people_shown(evening.room, Audience.FACILITATOR)[chi.id]["corner"] is True


class TestYou:
    def test_what_you_know_of_yourself(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 2, "take_a_breather")
        you = view.you_shown(evening.room, ben.seat, evening.now)
        assert (you["seat"], you["name"], you["place"]) == (ben.id, "Ben", "inside")
        assert (you["quiet_until"], you["quiet_reason"]) == (evening.now + 2 * MINUTE, "take_a_breather")
        assert you["held_back"] == "quieted"
        assert you["turn_until"] is you["offered_until"] is you["in_line"] is None
        assert view.you_shown(evening.room, ben.seat, evening.now + 2 * MINUTE)["held_back"] is None

    def test_why_your_words_would_be_refused(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")

        def held_back(person: Person) -> object:
            return view.you_shown(evening.room, person.seat, evening.now)["held_back"]

        assert held_back(ben) == "waiting"
        ana.admits(ben)
        assert held_back(ben) is None
        chi = evening.member("Chi")
        chi.arrives(listening=True)
        ana.admits(chi)
        assert held_back(chi) == "listening"

    def test_how_long_a_turn_still_is_only_the_speaker_knows(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(BeginRound(card="check_in", seconds=120, order="listed"))
        while evening.room.controls.round.phase != "turn":
            evening.passes(1)
        speaker = evening.room.controls.round.speaker
        other = ben if speaker == ana.id else ana
        mine = view.you_shown(evening.room, evening.room.seat(speaker), evening.now)
        assert mine["turn_until"] == evening.room.controls.round.until
        assert view.you_shown(evening.room, other.seat, evening.now)["turn_until"] is None
        for audience in (Audience.MEMBER, Audience.FACILITATOR):
            shown = view.room_shown(evening.room, audience)["round"]
            assert shown["until"] is None
        # The last seconds of it are the speaker's own, too: others see a turn that goes on.
        assert (mine["turn_phase"], view.you_shown(evening.room, other.seat, evening.now)["turn_phase"]) == (
            "turn",
            "",
        )
        evening.passes(120)
        mine = view.you_shown(evening.room, evening.room.seat(speaker), evening.now)
        assert mine["turn_phase"] == "grace"
        assert view.room_shown(evening.room, Audience.FACILITATOR)["round"]["phase"] == "turn"

    def test_where_you_stand_in_line(self):
        evening = an_evening(seats=2)
        evening.under_way("Ana", "Ben", "Chi")
        dov, eli = evening.member("Dov"), evening.member("Eli")
        for each in (dov, eli):
            evening.passes(1)
            each.asks(Arrive(each.name, connected=True, in_line=True))
        assert view.you_shown(evening.room, eli.seat, evening.now)["in_line"] == 2
        assert eli.id in view.touched(an_evening().room, evening.room)


class TestWords:
    def test_everybody_gets_their_own_line_and_facilitators_all_of_them(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ben.asks(WriteLine(seat=None, text="could somebody help me"))
        assert view.words_shown(evening.room, chi.seat)["lines"] == {chi.id: []}
        assert [note["text"] for note in view.words_shown(evening.room, ben.seat)["lines"][ben.id]] == [
            "could somebody help me"
        ]
        assert set(view.words_shown(evening.room, ana.seat)["lines"]) == {ben.id}

    def test_what_waits_for_a_look_is_its_authors_and_the_facilitators(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.asks(LookFirst(seat=None))
        ben.asks(Say("hi"))
        assert view.words_shown(evening.room, chi.seat)["looked_at"] == []
        for each in (ana, ben):
            assert [held["text"] for held in view.words_shown(evening.room, each.seat)["looked_at"]] == ["hi"]

    def test_the_note_of_the_lobby_is_for_who_waits(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")
        chi = evening.member("Chi")
        chi.arrives()
        ana.admits(ben)
        ana.asks(PostLobbyNote(text="we begin in a minute"))
        assert view.words_shown(evening.room, chi.seat)["lobby_note"]["text"] == "we begin in a minute"
        assert "lobby_note" not in view.words_shown(evening.room, ben.seat)
