"""What the product promises of a live room, row by row, and the tests that prove each of them.

Two tables of the design are quoted here in words of our own: the rules learned from other people's bugs, and what must
happen in each of the hard cases of an evening. An id is ``file::Class::test`` under ``tests/``, or the words of a test of
our scripts. ``open`` says what of a row nothing proves yet.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROWS = 23


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    promise: str
    proof: str
    open: str = ""

    @property
    def ids(self) -> list[str]:
        """A line that begins with ``::`` goes on in the file of the line before."""
        ids: list[str] = []
        for line in self.proof.split("\n"):
            what = line.strip()
            ids += [f"{ids[-1].split('::')[0]}{what}" if what.startswith("::") else what] if what else []
        return ids


RULES = [
    Row(
        1,
        "Those who waited before any facilitator came are listed when one does; a reload keeps the place.",
        """
        host/test_every_node.py::test_those_who_waited_before_any_facilitator_came_are_listed_when_one_does_and_a_reload_keeps_the_place
        browser/test_evening.py::test_before_the_start_members_wait_and_come_in_with_it
        live/test_view.py::TestThePeople::test_facilitators_see_who_waits_who_is_away_quiet_or_gone
        """,
    ),
    Row(
        2,
        "Facilitators never wait in their own lobby, and have the same role after a drop.",
        """
        host/test_every_node.py::test_a_facilitator_who_drops_comes_back_in_the_same_role_past_the_lobby_a_full_room_and_a_locked_door
        live/test_door.py::TestArriving::test_before_the_start_people_wait_and_facilitators_do_not
        ::TestRoomForAll::test_as_many_as_there_are_seats_and_facilitators_always
        ::TestTheNameOfAFacilitator::test_never_keeps_her_out_of_her_own_room
        server/test_evening.py::test_a_facilitator_walks_past_the_lobby_and_takes_no_seat_from_members
        """,
    ),
    Row(
        3,
        "A no at the door, even to many, can be taken back in the session.",
        """
        live/test_lobby.py::TestDecliningIsReversed::test_mass_decline_can_be_reversed_one_after_the_other
        ::TestDecliningIsReversed::test_who_was_declined_knocks_though_the_door_is_open_now
        live/test_door.py::TestDeclining::test_with_words_and_one_may_knock_again
        """,
    ),
    Row(
        4,
        "A removed person cannot simply open the link again.",
        """
        live/test_door.py::TestRemoving::test_there_is_no_way_back
        host/test_audiences.py::TestRemoving::test_the_way_back_is_shut_at_every_node
        host/test_recovery.py::TestAnEngineThatForgets::test_flushed_it_is_given_the_room_back_quiets_and_removals_included
        server/test_evening.py::test_a_removed_person_is_closed_out_of_every_tab_and_cannot_return
        ::test_after_a_removal_the_link_alone_brings_nobody_in
        ::test_a_removal_that_is_taken_back_opens_the_door_to_that_browser_again
        live/test_readmitting.py::TestReadmitting::test_only_the_lead_may
        browser/test_evening.py::test_somebody_who_is_removed_reads_why_and_cannot_come_back_by_the_link
        """,
    ),
    Row(
        5,
        "Restrictions stand on the seat, not on the connection: going and coming back clears nothing.",
        """
        host/test_every_node.py::test_no_way_out_and_in_again_clears_a_quiet_or_a_look
        live/test_looking.py::TestWhoIsLookedAtFirst::test_leaving_a_new_name_and_a_reconnect_clear_nothing
        live/test_protection.py::TestSlowMode::test_each_seat_has_its_own_time_and_no_reconnect_or_new_name_clears_it
        live/test_moves.py::TestMoving::test_what_stands_on_the_seat_moves_too
        live/test_deadlines.py::TestSeats::test_but_not_before_a_quiet_on_it_is_over
        live/test_leading.py::TestSuspending::test_it_lasts_for_the_session_whatever_they_do
        live/test_agreement.py::TestAChangedAgreement::test_leaving_and_coming_back_is_no_yes
        server/test_evening.py::test_a_quieted_person_who_reconnects_is_still_quieted
        """,
    ),
    Row(
        6,
        "Lifting a restriction never gives more than there was before it.",
        """
        live/test_moderation.py::TestUnquieting::test_nothing_more_than_that
        live/test_protection.py::TestTheShield::test_lifting_it_never_gives_more_than_before_it
        live/test_readmitting.py::TestReadmitting::test_who_had_only_knocked_knocks_again
        ::TestReadmitting::test_what_stood_on_the_seat_stands_on_it_still
        live/test_hands.py::TestCalling::test_a_quiet_stops_the_called_person_and_gives_back_no_more
        live/test_modes.py::TestSittingTogether::test_afterwards_people_talk_as_before_and_no_more_freely
        live/test_agreement.py::TestAChangedAgreement::test_somebody_who_listened_before_still_does
        """,
    ),
    Row(
        7,
        "That the room is paused and that you are quieted is said in other words and other places.",
        """
        live/test_view.py::TestTheRoom::test_a_pause_and_a_quiet_are_told_in_other_words_and_other_places
        words/test_words.py::test_every_no_of_a_room_has_words
        """,
    ),
    Row(
        8,
        "The room outlives its facilitator's change of network.",
        """
        live/test_deadlines.py::TestAlone::test_coming_back_in_time_is_as_if_nothing_had_been
        live/test_lifecycle.py::TestHolding::test_a_facilitator_who_comes_back_resumes_and_the_time_is_given_back
        host/test_presence.py::test_moving_from_one_node_to_another_is_no_loss
        host/test_every_node.py::test_a_facilitator_who_drops_comes_back_in_the_same_role_past_the_lobby_a_full_room_and_a_locked_door
        browser/test_evening.py::test_a_room_without_its_facilitator_is_held_until_she_is_back
        """,
    ),
    Row(
        9,
        "No ghosts: told as away within half a minute, freed after three, and never in the way of their owner.",
        """
        live/test_deadlines.py::TestSeats::test_a_ghost_never_keeps_its_owner_out
        ::TestSeats::test_a_member_who_drops_keeps_the_seat_for_three_minutes
        host/test_presence.py::test_who_drops_is_missed_after_twelve_seconds_and_from_when_it_broke
        ::test_a_node_that_vanishes_is_noticed_by_the_other
        ::test_who_never_comes_back_to_a_host_that_broke_is_missed_all_the_same
        server/test_evening.py::test_a_page_that_goes_while_it_is_let_in_leaves_nobody_behind
        """,
    ),
    Row(
        10,
        "Closing a duplicated tab leaves the other alive.",
        """
        host/test_presence.py::test_a_second_tab_keeps_the_seat
        ::test_so_does_a_connection_at_another_node
        server/test_evening.py::test_closing_one_of_two_tabs_ends_nothing
        browser/test_seat.py::test_a_second_tab_is_the_same_seat_and_closing_one_does_not_end_it
        """,
    ),
    Row(
        11,
        "A room without a facilitator cannot be talked in.",
        """
        live/test_deadlines.py::TestAlone::test_held_after_45_seconds_closing_after_ten_minutes_ended_after_two
        ::TestAlone::test_the_closing_is_held_too
        ::TestStartingItself::test_never_without_one
        live/test_lifecycle.py::TestHolding::test_a_closing_that_the_server_began_can_be_taken_back
        live/test_corner.py::TestAFacilitatorRests::test_they_do_not_look_after_the_room_meanwhile
        host/test_presence.py::test_a_facilitator_who_is_missed_was_gone_since_the_link_broke
        """,
    ),
    Row(
        12,
        "A countdown to the end does not begin again because somebody else leaves.",
        """
        live/test_deadlines.py::TestAlone::test_no_countdown_begins_again_because_somebody_else_leaves_or_comes
        live/test_asking.py::TestQuorum::test_another_who_asks_does_not_put_it_off
        """,
    ),
    Row(
        13,
        "The end is announced, can be put off, and is explained.",
        """
        live/test_lifecycle.py::TestEnding::test_first_a_minutes_notice_then_the_end
        ::TestExtending::test_ten_minutes_twice_at_most
        ::TestExtending::test_it_takes_back_the_notice_that_the_room_ends
        js/clock.test.mjs::the end is told at half of the closing, at a minute, and at 20 seconds
        browser/test_evening.py::test_the_closing_is_announced_and_can_be_made_longer
        ::test_the_clock_ends_a_session_that_nobody_ends
        ::test_a_room_to_which_no_facilitator_comes_back_is_closed_with_an_explanation
        """,
    ),
    Row(
        14,
        "What waits for a look cannot be seen by who comes later.",
        """
        live/test_looking.py::TestWhatIsHeld::test_held_messages_are_invisible_to_late_joiners
        ::TestWhatIsHeld::test_its_author_and_facilitators_see_it_and_nobody_else
        live/test_view.py::TestWords::test_what_waits_for_a_look_is_its_authors_and_the_facilitators
        """,
    ),
    Row(
        15,
        "Limits that work by themselves never stop facilitators, or what cleans up.",
        """
        live/test_protection.py::TestSlowMode::test_automatic_limits_never_hit_facilitators_or_what_cleans_up
        live/test_looking.py::TestWhoIsLookedAtFirst::test_everybody_but_facilitators_while_the_room_is_and_everybody_inside_knows
        live/test_agreement.py::TestAChangedAgreement::test_facilitators_are_asked_too_and_never_silenced
        live/test_talk.py::TestTakingBack::test_a_quieted_person_may_for_it_only_ever_says_less
        server/test_hostile_frames.py::test_what_a_facilitator_asks_for_is_never_refused_for_its_pace_but_heard_later
        ::test_a_facilitators_page_that_was_taken_over_floods_nobody_either
        ::test_what_cleans_up_is_not_refused_after_a_flood_of_ones_own
        """,
    ),
    Row(
        16,
        "Newcomers learn nothing about who was there before.",
        """
        live/test_view.py::TestThePeople::test_a_newcomer_learns_nothing_of_who_was_there_before
        host/test_recovery.py::TestResuming::test_a_newcomer_sees_no_backlog_whatever_position_they_name
        server/test_evening.py::test_a_newcomer_sees_no_backlog
        host/test_newcomers.py::test_what_is_said_while_their_page_is_on_its_way_is_on_it
        browser/test_two_nodes.py::test_a_page_that_is_opened_anew_at_the_other_keeps_the_seat_and_begins_with_nothing_on_it
        """,
    ),
    Row(
        17,
        "Shut means shut: no way in, no socket, a kind page.",
        """
        live/test_deadlines.py::TestDoors::test_a_facilitator_may_be_there_before_them
        server/test_door.py::test_the_door_tells_where_its_session_stands
        ::test_a_session_that_ran_out_is_over_though_nobody_closed_it
        ::test_unknown_and_forbidden_look_alike_to_a_socket
        ::test_there_is_no_socket_anywhere_else
        """,
    ),
    Row(
        18,
        "What recurs keeps its time on the wall; readers get their own zone; calendar files carry the zone.",
        """
        calendar/test_recurrence.py::TestTenYearsByHand::test_half_past_seven_in_the_evening_stays_so
        ::TestEvenings::test_in_london_the_winter_and_the_summer_have_one_time_on_the_wall
        ::TestNightsOnWhichTheClocksChange::test_the_hour_that_london_jumps_over_is_asked_about
        ::TestNightsOnWhichTheClocksChange::test_the_hour_that_london_has_twice_is_asked_about
        calendar/test_timezones.py::TestTenYears::test_whoever_believes_the_file_is_never_wrong
        calendar/test_ics.py::TestAFeed::test_a_season_over_both_winters_and_the_summer
        words/test_words.py::test_a_time_is_said_as_people_there_say_it
        """,
    ),
    Row(
        19,
        "A room that recurs never falls back to a looser door; a link that was changed is dead.",
        """
        server/test_door.py::test_a_join_link_that_was_changed_leads_nowhere_and_so_does_its_pass
        server/test_door.py::test_the_next_session_falls_back_to_the_door_that_the_organiser_set
        server/test_editing.py::test_a_room_is_described_anew
        records/test_rooms.py::test_after_a_new_join_link_the_old_one_leads_nowhere
        """,
    ),
    Row(
        20,
        "Each message is announced once; history and buttons are not read out.",
        """
        browser/test_reading.py::test_every_message_is_announced_once_and_neither_history_nor_buttons_are_read_out
        browser/test_hiding.py::test_a_folded_message_is_opened_with_one_tap_and_read_out_to_nobody_before
        js/log.test.mjs::the next number is shown, an old one is not, a later one shows that something is missing
        js/pace.test.mjs::everybody hears as much of the talk as they asked for
        """,
    ),
    Row(
        21,
        "Where a reader has scrolled to is the reader's.",
        """
        browser/test_reading.py::test_new_words_do_not_move_the_view_of_who_reads_further_up
        """,
    ),
    Row(
        22,
        "A lost link between the server and its engine is noticed and told, never silent.",
        """
        engines/contract.py::TestListening::test_a_slow_listener_is_told_of_a_gap_and_the_others_hear_it_all
        engines/test_redis_faults.py::TestOneServer::test_a_subscription_that_has_gone_deaf_is_noticed_and_replaced
        ::TestOneServer::test_killed_subscriptions_come_back_with_a_gap
        host/test_recovery.py::TestGaps::test_a_node_that_lost_something_says_so_and_goes_on_right
        ::TestGaps::test_a_hole_in_the_numbers_is_a_gap_whoever_says_so
        js/log.test.mjs::a beat that is ahead, or of another epoch, shows that the last frame was lost
        js/session.test.mjs::what may have been missed is said, and a first arrival has missed nothing
        """,
    ),
    Row(
        23,
        "Slow mode holds across processes, keeps drafts, and is reckoned anew when it is changed.",
        """
        host/test_every_node.py::test_slow_mode_holds_whichever_node_somebody_writes_at_and_is_reckoned_anew_when_changed
        ::test_of_two_devices_that_write_at_once_under_slow_mode_one_is_asked_to_wait
        ::test_a_node_that_opens_the_room_in_the_middle_lets_nobody_speak_once_more
        ::test_nobody_waits_for_a_pace_that_was_set_after_a_node_opened_the_room
        ::test_nor_does_a_node_that_missed_a_moment
        live/test_protection.py::TestSlowMode::test_recalculates_when_changed
        js/state.test.mjs::at a slower pace the wait is counted for who wrote, and not for facilitators
        """,
    ),
]

CASES = [
    Row(
        1,
        "The facilitator never arrives: others are called after three minutes, the lobby is told the truth, not held after ten.",
        """
        live/test_care.py::TestOnCall::test_called_three_minutes_after_a_start_to_which_nobody_came
        ::TestOnCall::test_those_who_wait_are_told_the_truth
        ::TestOnCall::test_any_facilitator_who_comes_then_leads
        live/test_deadlines.py::TestNobodyFacilitates::test_not_held_ten_minutes_after_the_start
        live/test_lines.py::TestNobodySawThis::test_when_no_facilitator_ever_came
        live/test_leading.py::TestTheLeadIsGone::test_where_nobody_leads_a_facilitator_does_who_asks
        server/test_called.py::test_when_nobody_comes_those_who_could_are_called
        ::test_facilitators_read_whom_they_can_call_and_others_do_not
        """,
    ),
    Row(
        2,
        "The facilitator drops: another leads, or the room is held; never a member; back in the same role.",
        """
        live/test_leading.py::TestTheLeadIsGone::test_after_45_seconds_the_longest_here_leads
        ::TestTheLeadIsGone::test_with_nobody_else_the_room_is_held_and_no_member_is_promoted
        ::TestTheLeadIsGone::test_back_in_time_they_still_lead
        live/test_deadlines.py::TestAlone::test_held_after_45_seconds_closing_after_ten_minutes_ended_after_two
        ::TestAlone::test_counted_from_when_the_connection_broke_not_from_when_it_was_noticed
        host/test_every_node.py::test_a_facilitator_who_drops_comes_back_in_the_same_role_past_the_lobby_a_full_room_and_a_locked_door
        live/test_view.py::TestThePeople::test_everybody_inside_sees_that_a_facilitator_is_reconnecting_and_of_nobody_else
        browser/test_evening.py::test_a_room_without_its_facilitator_is_held_until_she_is_back
        """,
    ),
    Row(
        3,
        "A phone with a bad connection: carried exactly once, what was missed is replayed or said to be missing, nothing is lost.",
        """
        host/test_recovery.py::TestResuming::test_what_was_missed_follows_at_once_and_nothing_is_missing
        ::TestResuming::test_after_more_than_three_minutes_it_is_not_pretended
        ::TestSendingAgain::test_the_same_ref_is_carried_once
        host/test_presence.py::test_a_reload_is_told_to_nobody
        live/test_door.py::TestDropping::test_only_facilitators_are_told_and_nothing_else_changes
        live/test_hands.py::TestRaisingAHand::test_a_dropped_connection_keeps_the_place
        live/test_corner.py::TestGoing::test_a_dropped_connection_brings_nobody_out
        live/test_rounds.py::TestBrokenConnections::test_a_turn_waits_twenty_seconds_with_its_clock_stopped
        js/outbox.test.mjs::five messages may wait; a sixth stays in the box, a control does not count
        js/backoff.test.mjs::a roomful of people is spread over the whole wait, down to nothing
        js/link.test.mjs::online again, or looked at again, it does not wait for the timer
        browser/test_seat.py::test_a_message_whose_answer_was_lost_is_carried_once
        ::test_what_was_said_in_a_tunnel_comes_out_at_its_end
        """,
    ),
    Row(
        4,
        "A removed member tries again: refused in the same words; with a new browser they knock and can talk in the lobby.",
        """
        live/test_door.py::TestRemoving::test_there_is_no_way_back
        ::TestRemoving::test_the_others_learn_that_one_person_has_left_and_the_door_knocks
        server/test_evening.py::test_a_removed_person_is_closed_out_of_every_tab_and_cannot_return
        ::test_after_a_removal_the_link_alone_brings_nobody_in
        live/test_lines.py::TestWherever::test_in_the_lobby
        live/test_readmitting.py::TestCase4SomebodyKnocksAfterARemoval::test_facilitators_read_how_long_after_it_and_nothing_else
        ::TestCase4SomebodyKnocksAfterARemoval::test_nobody_is_a_suspect_who_was_here_before_or_comes_long_after
        browser/test_evening.py::test_the_lead_takes_a_removal_back_and_reads_who_else_knocked_after_it
        """,
    ),
    Row(
        5,
        "Two tabs, two devices: one seat; another device by a code that works once; the same name twice is refused.",
        """
        host/test_audiences.py::TestConnections::test_two_tabs_are_one_person
        server/test_evening.py::test_a_second_tab_is_the_same_seat
        browser/test_seat.py::test_a_second_tab_is_the_same_seat_and_closing_one_does_not_end_it
        browser/test_moving.py::test_the_seat_moves_with_its_name_and_a_quiet_and_the_older_page_is_empty
        live/test_moves.py::TestMoving::test_who_shows_the_code_gets_the_seat
        ::TestMoving::test_a_code_works_once
        ::TestMoving::test_a_code_works_for_a_minute
        live/test_door.py::TestArriving::test_a_name_like_somebody_elses_is_refused_with_three_that_are_free
        """,
    ),
    Row(
        6,
        "The room is full: a place in line, a free seat offered for a minute, never into a paused or closing room; "
        "a second room if another facilitator says yes, to which people go by themselves.",
        """
        live/test_lobby.py::TestCase6TheRoomIsFull::test_who_wants_to_waits_in_line_first_come_first
        ::TestCase6TheRoomIsFull::test_facilitators_always_enter
        ::TestCase6TheRoomIsFull::test_after_a_minute_the_offer_goes_to_the_next_and_the_first_stands_behind_them
        ::TestCase6TheRoomIsFull::test_nobody_is_asked_into_a_locked_or_a_paused_room
        ::TestCase6TheRoomIsFull::test_the_line_closes_at_closing
        ::TestCapacity::test_up_to_four_more_or_fewer_and_nobody_who_is_in_loses_a_seat
        live/test_view.py::TestYou::test_where_you_stand_in_line
        server/test_evening.py::test_at_the_door_of_a_full_room_one_stands_in_line_and_takes_the_seat_that_comes_free
        live/test_twin.py::TestAsking::test_one_facilitator_asks_another_who_says_yes
        ::TestTheSecondRoom::test_it_has_its_own_facilitator_the_same_agreement_and_the_same_end
        ::TestTheSecondRoom::test_it_starts_when_the_first_does_and_its_facilitator_is_there
        ::TestGoingThere::test_who_goes_is_in_and_gives_up_their_place_and_who_stays_is_asked_next
        ::TestWhatStandsOnASeat::test_who_was_removed_from_the_second_comes_into_neither
        ::TestTheSharedEnd::test_an_end_that_is_brought_forward_is_brought_forward_in_both
        host/test_twins.py::TestOneNode::test_nobody_is_moved_and_who_stays_in_line_stands_there
        ::TestTwoNodes::test_who_goes_is_heard_there_whichever_node_they_come_from_and_who_stays_takes_the_next_seat
        server/test_twin.py::test_who_stands_in_line_goes_to_the_second_room_and_talks_there_and_who_stays_takes_the_next_seat
        ::test_who_was_removed_in_the_second_room_comes_back_into_neither
        browser/test_twin.py::test_who_stands_in_line_goes_to_a_second_room_or_stays_and_is_offered_the_next_seat
        """,
    ),
    Row(
        7,
        "It runs over: notices, ten minutes more with one tap, an open turn may finish, the end says why.",
        """
        live/test_lifecycle.py::TestExtending::test_ten_minutes_twice_at_most
        live/test_turns.py::TestTheEndOfTheSession::test_an_open_turn_may_finish
        ::TestTheEndOfTheSession::test_for_two_minutes_at_most
        live/test_deadlines.py::TestTheHour::test_knock_first_after_a_quarter_then_closing_then_the_end
        js/clock.test.mjs::the end is told at half of the closing, at a minute, and at 20 seconds
        browser/test_evening.py::test_the_clock_ends_a_session_that_nobody_ends
        live/test_lifecycle.py::TestExtending::test_not_into_another_session_of_the_room_or_of_who_facilitates
        records/test_rota.py::test_until_the_room_is_needed
        ::test_until_the_only_one_who_facilitates_is_needed_elsewhere
        ::test_while_one_of_two_can_stay_it_goes_on
        server/test_door.py::test_a_session_is_not_made_longer_into_the_next_one_of_its_room
        """,
    ),
    Row(
        8,
        "The organiser cancels while people wait: the door says that it will not take place.",
        """
        live/test_afterwards.py::TestCase8CalledOff::test_who_waited_can_write_to_a_facilitator_who_is_there_for_ten_minutes
        ::TestCase8CalledOff::test_where_none_is_there_it_is_finished_at_once
        ::TestTenMinutes::test_then_everything_is_forgotten_and_everybody_shown_out
        live/test_calling_off.py::test_people_at_the_doors_are_told_and_nobody_else_comes_in
        ::test_what_has_begun_is_its_facilitators_to_end
        server/test_dates.py::test_people_at_the_door_of_a_session_that_is_called_off_are_told_at_once
        ::test_called_off_with_a_reason_and_something_else_to_do
        records/test_seasons.py::test_called_off_with_a_reason_and_taken_back
        calendar/test_ics.py::TestOneSession::test_cancelled_it_says_so_and_rings_no_more
        server/test_evening.py::test_after_the_end_who_is_still_there_can_write_to_a_facilitator_and_comes_back_to_it
        """,
    ),
    Row(
        9,
        "Somebody's life is at risk: one facilitator cares, the other holds the room, on-call comes, a copy only if it must be.",
        """
        live/test_care.py::test_the_care_card_from_first_to_last_leaves_no_trace_with_the_others
        ::TestOnCall::test_facilitators_call_and_the_room_learns_nothing
        ::TestKeepingACopy::test_everybody_learns_that_and_nobody_of_what
        ::TestKeepingACopy::test_each_author_is_told_what_was_theirs
        live/test_lines.py::TestClaiming::test_ive_got_this_is_told_to_facilitators_only
        ::TestClaiming::test_only_one_facilitator_at_a_time
        """,
    ),
    Row(
        10,
        "A child or an adult is at risk: the same card; what a facilitator notes or keeps is never the server's.",
        """
        live/test_care.py::test_the_care_card_from_first_to_last_leaves_no_trace_with_the_others
        ::TestKeepingACopy::test_not_where_telling_could_raise_the_danger
        ::TestKeepingACopy::test_which_the_lead_decides
        server/test_nothing_kept.py::test_no_table_has_a_place_for_what_was_said
        """,
    ),
    Row(
        11,
        "Somebody present is exposed: one facilitator acts alone, and every memory of the words goes.",
        """
        live/test_cosign.py::test_case_11_against_doxxing_one_facilitator_acts_alone
        live/test_notes.py::TestRestoring::test_private_details_stay_down
        host/test_recovery.py::TestTakingBack::test_what_is_taken_back_is_replayed_to_nobody
        host/test_ring.py::test_a_message_is_blanked_wherever_it_stands
        server/test_evening.py::test_a_message_taken_down_while_somebody_was_away_is_not_replayed_to_them
        live/test_seat.py::TestANewName::test_at_once_and_the_others_see_their_list_change
        """,
    ),
    Row(
        12,
        "Somebody absent is named: asked before sending, else taken down as private details, without a sanction.",
        """
        live/test_notes.py::test_case_12_a_third_party_named_is_taken_down_as_private_details_and_its_author_may_go_on
        live/test_care.py::test_no_word_of_a_third_person_takes_anything_from_who_said_it_but_that_message
        browser/test_settings.py::test_what_looks_like_a_way_to_be_found_is_asked_about_before_it_is_sent
        """,
    ),
    Row(
        13,
        "A facilitator misuses power: seen by all, a second yes, a way past them, a pause by the members, powers taken.",
        """
        live/test_cosign.py::TestCase13PowerIsMisused::test_two_facilitators_together_take_the_powers_of_a_third_and_everybody_is_told
        ::TestCase13PowerIsMisused::test_whom_it_is_about_has_no_say
        ::TestCase13PowerIsMisused::test_what_the_suspended_one_asked_for_is_nobodys_first_yes_any_more
        ::TestCase13PowerIsMisused::test_one_alone_cannot_remove_anybody_while_another_is_there
        live/test_care.py::TestHowItIsRun::test_goes_past_the_facilitators_of_the_room
        ::TestHowItIsRun::test_nothing_in_the_room_says_who_it_was_or_that_it_was
        live/test_asking.py::TestNobodyAnswers::test_the_room_is_held_after_a_minute
        live/test_leading.py::TestSuspending::test_the_organiser_may_alone
        ::TestSuspending::test_a_new_session_knows_nothing_of_it
        live/test_view.py::TestTheRoom::test_at_the_end_everybody_sees_what_was_used_and_how_often
        live/test_view_own.py::test_what_happened_grows_on_every_page
        ::test_no_line_of_what_happened_names_whom_it_was_about
        ::test_every_use_of_power_stands_under_who_used_it
        words/test_powers.py::test_every_control_of_facilitators_is_told_of_at_the_door_once
        server/test_door.py::test_all_that_facilitators_can_do_is_told_at_the_door
        server/test_called.py::test_a_complaint_is_read_by_the_organiser_and_who_is_on_call_and_by_nobody_else
        ::test_where_the_organiser_facilitates_who_complains_is_told_so
        """,
    ),
    Row(
        14,
        "The link leaks: the door knocks, names are frozen, newcomers are looked at first; a new link puts nobody out.",
        """
        live/test_protection.py::TestCase14ARaid::test_six_newcomers_within_a_minute_once_everybody_has_come_put_up_the_shield
        ::TestCase14ARaid::test_more_than_twice_as_many_knocks_as_seats
        ::TestCase14ARaid::test_people_inside_stay_where_they_are_and_their_words_pass
        ::TestTheShield::test_in_one_tap_knock_first_names_frozen_newcomers_looked_at_and_a_slower_pace
        ::test_a_newcomer_under_the_shield_is_looked_at_first_and_others_are_not
        server/test_door.py::test_a_join_link_that_was_changed_leads_nowhere_and_so_does_its_pass
        server/test_share.py::test_after_a_new_link_the_organiser_is_reminded_of_the_posters_until_they_are_replaced
        """,
    ),
    Row(
        15,
        "A worker or researcher wants to watch: only from a seat that everybody sees.",
        """
        live/test_corner.py::TestWhoKnows::test_nobody_watches_unseen_from_there
        live/test_view.py::TestThePeople::test_members_see_who_is_inside_and_nothing_of_their_troubles
        live/test_rights.py::test_who_may_and_who_may_not
        live/test_view.py::TestThePeople::test_who_is_here_for_their_work_is_seen_to_be_by_everybody_and_nobody_else_is
        live/test_door.py::TestComingForOnesWork::test_said_once_it_stands_on_the_seat_whatever_they_do_then
        ::TestComingForOnesWork::test_only_where_the_organiser_lets_people_come_for_it
        server/test_door.py::test_who_is_there_for_their_work_says_so_at_the_door_and_everybody_sees_it
        ::test_where_nobody_comes_for_their_work_the_door_does_not_ask_and_lets_nobody_in_who_does
        """,
    ),
    Row(
        16,
        "Somebody under age in a room for adults: told in private, kindly, and nothing of it is kept.",
        """
        live/test_lines.py::TestWherever::test_somebody_under_age_is_told_in_private_and_nothing_of_it_is_kept
        server/test_door.py::test_the_age_that_a_room_is_for_stands_on_its_page_and_at_its_door_with_who_else_can_help
        """,
    ),
    Row(
        17,
        "One member is left: no talk for two without both saying so; five minutes, then it closes.",
        """
        live/test_company.py::TestOnlyTwoLeft::test_both_are_told_at_once
        ::TestOnlyTwoLeft::test_five_minutes_later_the_room_begins_to_close
        ::TestCarryingOn::test_when_both_say_so
        ::TestCarryingOn::test_not_when_only_one_does
        """,
    ),
    Row(
        18,
        "The facilitator is in distress: steps back in one tap; alone, the server sees the room through and calls on-call.",
        """
        live/test_leading.py::TestSteppingBack::test_one_is_a_member_then_and_sees_what_members_see
        ::TestSteppingBack::test_case_18_alone_the_room_is_held_and_then_closed_by_the_server
        ::TestSteppingBack::test_case_18_a_pause_does_not_keep_the_room_waiting
        live/test_care.py::TestOnCall::test_when_the_only_facilitator_steps_back_the_server_sees_it_through
        live/test_afterwards.py::TestTheDebrief::test_case_18_it_waits_for_one_who_stepped_back
        ::TestTheDebrief::test_those_who_facilitated_talk_it_over_for_half_an_hour
        browser/test_evening.py::test_after_the_end_whoever_likes_has_a_word_with_a_facilitator_for_ten_minutes
        """,
    ),
    Row(
        19,
        "A crash, a new version, a lost engine: seats go on elsewhere, what was not carried says so, never two halves of a room.",
        """
        host/test_recovery.py::TestAnEngineThatFails::test_down_is_said_and_nothing_is_carried_twice
        ::TestAnEngineThatForgets::test_flushed_it_is_given_the_room_back_quiets_and_removals_included
        ::TestResuming::test_at_another_node_it_is_the_same
        host/test_house.py::TestBreaking::test_a_host_that_breaks_is_replaced_and_people_come_back
        host/test_order.py::test_nothing_is_shown_that_did_not_come_back_from_the_engine
        engines/test_redis_faults.py::TestOneServer::test_frozen_it_is_down_in_two_seconds_not_ready_in_six_and_heals
        js/outbox.test.mjs::after a minute it is handed back as not sent, and is never sent late by itself
        server/test_evening.py::test_after_a_restart_a_page_comes_back_by_itself
        """,
    ),
    Row(
        20,
        "Two facilitators act at once: the second is told that it is done.",
        """
        live/test_leading.py::test_case_20_of_two_facilitators_at_once_the_second_is_told_that_it_is_done
        live/test_hands.py::TestCalling::test_of_two_facilitators_who_call_at_once_the_second_takes_the_word_from_nobody
        live/test_moderation.py::TestQuieting::test_longer_is_possible_and_shorter_is_done_already
        host/test_order.py::test_of_two_facilitators_at_once_one_is_told_already
        engines/contract.py::TestControls::test_of_two_facilitators_at_once_one_wins_and_the_other_is_told
        """,
    ),
    Row(
        21,
        "Screenshots and recorders cannot be stopped, and the door says so.",
        """
        server/test_door.py::test_the_door_says_what_nobody_can_stop
        """,
    ),
    Row(
        22,
        "The agreement changes meanwhile: five minutes to say yes, then listening; facilitators see how many, not who.",
        """
        live/test_agreement.py::TestAChangedAgreement::test_everybody_is_told_at_once
        ::TestAChangedAgreement::test_who_does_not_listens_after_five_minutes_until_they_do
        ::TestAChangedAgreement::test_nobody_learns_who_has_not_said_yes
        live/test_view_own.py::test_facilitators_see_how_many_have_not_said_yes_yet_and_nobody_sees_who
        """,
    ),
    Row(
        23,
        "A flood of reactions, flags or knocks: slowed down for who makes it, merged for who reads it, no flag dropped.",
        """
        live/test_care.py::TestFlags::test_a_flood_of_them_is_shown_as_one_and_none_is_dropped
        host/test_order.py::test_a_hundred_who_wait_together_come_in_with_few_commits_and_one_arrival
        server/test_hostile_frames.py::test_a_flood_is_slowed_down_and_then_closed_while_the_others_are_served
        """,
    ),
]
TABLES = {"rules": RULES, "cases": CASES}
EVERY = [pytest.param(row, id=f"{table}-{row.number}") for table, rows in TABLES.items() for row in rows]


@cache
def standing_in(file: str) -> frozenset[str]:
    """The tests that stand in a file, as ``Class::test`` or ``test``; of our scripts, their words."""
    path = HERE / file
    if not path.is_file():
        return frozenset()
    text = path.read_text("utf-8")
    if path.suffix == ".mjs":
        return frozenset(re.findall(r"^test\('(.+)', ", text, re.MULTILINE))
    return frozenset(_named(ast.parse(text).body))


def _named(body: list[ast.stmt], inside: str = "") -> Iterator[str]:
    for each in body:
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith("test_"):
                yield inside + name
            case ast.ClassDef(name=name, body=within) if name.startswith("Test"):
                yield from _named(within, f"{name}::")
            case _:
                pass


@pytest.mark.parametrize("table", TABLES)
def test_every_row_of_the_design_stands_here_once(table):
    assert [row.number for row in TABLES[table]] == [*range(1, ROWS + 1)]


@pytest.mark.parametrize("row", EVERY)
def test_a_test_proves_it(row):
    assert row.ids, f"nothing proves that: {row.promise} Write the test, and name it here"


@pytest.mark.parametrize("row", EVERY)
def test_what_proves_it_is_there(row):
    gone = [each for each in row.ids if each.partition("::")[2] not in standing_in(each.partition("::")[0])]
    assert not gone, (
        f"{row.promise} This was proved by {', '.join(gone)}, which is no more: "
        "name the test here that proves it now, or write it"
    )
    assert len(set(row.ids)) == len(row.ids), f"said twice: {row.promise}"
