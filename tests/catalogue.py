"""The faults that people may make on purpose, by their numbers, and the tests that commit each of them.

    python -m tests.catalogue P4 A2     commits these
    python -m tests.catalogue --table   writes the table of docs/security.md anew

An id of a test is ``file::Class::test`` under ``tests/``; ``::`` at the beginning of a line goes on in the file of the line
before. ``tests/test_catalogue.py`` fails where a number has no test, where a test is no more, and where the table differs.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
PAGE: Final = HERE.parent / "docs" / "security.md"
BEGINS, ENDS = (
    "<!-- catalogue: made by `python -m tests.catalogue --table` -->\n",
    "<!-- end of the catalogue -->",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """``left``: what of it no test commits, and why."""

    number: str
    what: str
    proof: str
    left: str = ""

    @property
    def ids(self) -> list[str]:
        ids: list[str] = []
        for line in self.proof.split("\n"):
            what = line.strip()
            ids += [f"{ids[-1].split('::')[0]}{what}" if what.startswith("::") else what] if what else []
        return ids


CATALOGUE: Final = [
    Fault(
        "P1",
        "The fuzzing that WebSocket servers are held to, section by section: framing, control frames, reserved bits and "
        "opcodes, fragments, UTF-8, goodbyes, limits; compression refused",
        """
        server/websocket/test_p1.py::test_p1_every_case_is_answered_as_it_should_be
        ::test_p1_and_p5_compression_is_agreed_to_with_nobody
        server/websocket/test_fuzz.py::test_lawful_conversations_are_heard_alike_however_they_are_cut
        ::test_hostile_frames_are_judged_alike
        ::test_noise_is_judged_alike
        """,
    ),
    Fault(
        "P2",
        "Readers of nothing, of little, and of no more: others are served, they are closed, their descriptor is freed",
        """
        server/test_bounds.py::test_p2_in_a_room_of_forty_two_who_do_not_read_delay_nobody_and_are_seen_off
        server/websocket/test_liveness.py::test_who_takes_nothing_is_cut_off_and_its_descriptor_freed
        ::test_who_answers_nothing_is_cut_off
        ::test_who_takes_what_it_is_sent_slowly_stays
        server/websocket/test_lines.py::test_who_never_reads_is_closed_with_4008_in_bounded_memory
        server/test_streaming.py::test_who_does_not_read_is_ended_with_the_code_for_it
        faults/test_nodes.py::test_a_node_stops_although_somebody_does_not_read
        """,
    ),
    Fault(
        "P3",
        "Floods: of commands by one, by many, over many pages and many returns; of pings; of empty fragments; a message that "
        "is never finished",
        """
        server/test_hostile_frames.py::test_a_flood_is_slowed_down_and_then_closed_while_the_others_are_served
        ::test_what_a_facilitator_asks_for_is_never_refused_for_its_pace_but_heard_later
        server/test_bounds.py::test_p3_five_pages_of_one_seat_send_no_more_than_one
        ::test_p3_who_goes_and_comes_again_has_no_new_allowance
        ::test_p3_who_comes_and_goes_without_end_is_asked_to_wait_and_nobody_else_is
        ::test_p3_a_room_that_is_flooded_by_many_is_busy_for_members_and_hears_who_looks_after_it
        ::test_p3_another_room_goes_on_until_the_node_has_enough
        server/websocket/test_lines.py::test_a_flood_of_a_million_pings_costs_no_memory
        ::test_a_flood_of_frames_without_words_is_ended
        server/websocket/test_liveness.py::test_a_message_that_is_never_finished_is_ended
        """,
        "Nothing tells of typing, so it cannot be flooded",
    ),
    Fault(
        "P4",
        "Frames that break the protocol: each its code, never 1006 from us",
        """
        server/websocket/test_rules.py::test_a_browser_that_sends
        ::test_every_lawful_goodbye_is_echoed
        server/test_hostile_frames.py::test_who_breaks_the_framing_is_closed_with_the_documented_code
        """,
    ),
    Fault(
        "P5",
        "Compression is offered, then a bomb",
        """
        server/websocket/test_p1.py::test_p1_and_p5_compression_is_agreed_to_with_nobody
        server/websocket/test_handshake.py::test_compression_is_never_agreed_to
        """,
    ),
    Fault(
        "P6",
        "Half a request, half a handshake, no hello; thousands who say nothing",
        """
        server/test_bounds.py::test_p6_thousands_who_say_nothing_make_room_and_people_still_come_in
        server/websocket/test_liveness.py::test_what_is_never_finished_is_cut
        ::test_a_second_request_that_is_never_finished_is_cut
        ::test_drip_by_drip_is_no_way_around_it
        server/websocket/test_handshake.py::test_an_endpoint_that_never_answers_is_a_500
        server/test_hostile_frames.py::test_who_does_not_greet_is_closed
        """,
        "A stalled TLS handshake is held to the time of what stands in front, which speaks TLS (docs/operating.md)",
    ),
    Fault(
        "P7",
        "The sixth page of a seat, one more than there are seats, a node that is full",
        """
        server/test_bounds.py::test_p7_the_sixth_page_of_a_seat_ends_the_first_and_no_other
        ::test_p7_a_full_node_says_so_calmly_keeps_a_place_for_facilitators_and_answers_after_its_health
        server/test_evening.py::test_at_the_door_of_a_full_room_one_stands_in_line_and_takes_the_seat_that_comes_free
        """,
    ),
    Fault(
        "P8",
        "JSON that is none, that is too deep, too long, of the wrong types, with fields too many or of a prototype",
        """
        server/test_hostile_frames.py::test_a_frame_that_is_no_command_is_answered_with_a_typed_error
        ::test_the_fifth_fault_ends_it
        ::test_frames_that_look_odd_and_are_lawful
        ::test_a_greeting_that_does_not_fit_is_a_fault
        server/test_streaming.py::test_what_is_no_command_is_answered_as_on_a_socket
        js/state.test.mjs::a name may be anything, even what JavaScript has a meaning for
        """,
    ),
    Fault(
        "P9",
        "Letters that hide, turn, tower or imitate; what people write in any script stays",
        """
        live/test_p9.py::test_p9_what_people_write_stays_as_they_wrote_it
        ::test_p9_three_thousand_marks_on_one_letter_are_no_tower
        ::test_p9_ten_thousand_lines_push_nobody_off_the_screen
        ::test_p9_what_hides_or_turns_what_others_read_is_not_there
        ::test_p9_what_cannot_be_seen_is_nothing_said
        live/test_names.py::test_nobody_looks_like_somebody_else
        ::test_nor_so_that_it_looks_like_one
        ::test_people_keep_their_names
        browser/test_languages.py::test_what_people_say_runs_its_own_way_whatever_way_the_page_runs
        """,
    ),
    Fault(
        "A1",
        "Seats, sign-ins, links and stream names that are forged, cut, of somebody else, of another room, of another time, "
        "signed with an old key, enormous",
        """
        server/test_access.py::test_a1_a_seat_that_was_tampered_with_opens_nothing
        ::test_a1_half_a_sign_in_from_a_node_whose_clock_is_ahead_is_believed_and_no_later_one
        server/test_door.py::test_no_cookie_but_the_very_one_opens_a_seat
        ::test_a_cookie_of_enormous_size_breaks_nothing
        ::test_cookies_of_no_sense_break_nothing
        ::test_a_new_key_is_believed_first_and_an_old_one_while_it_is_listed
        server/test_staff.py::test_an_expired_link_lets_nobody_in
        server/test_authenticators.py::test_half_a_sign_in_is_good_for_five_minutes_and_for_nothing_else
        server/test_streams_and_nodes.py::test_a_name_that_none_of_the_nodes_gave_is_of_no_use_anywhere
        records/test_sign_ins.py::test_nobody_is_known_by_a_token_that_was_never_given
        """,
    ),
    Fault(
        "A2",
        "A socket from a page of another site, with the cookie of its reader",
        """
        server/test_guard.py::test_another_site_gets_no_socket_whatever_cookie_its_reader_has
        ::test_no_origin_at_all_gets_no_socket_either
        server/test_streaming.py::test_another_site_gets_no_stream_and_posts_nothing
        ::test_what_a_form_or_a_simple_request_can_send_opens_and_posts_nothing
        """,
        "Safari is not on this machine; its need, the address of the socket in the policy, is looked at by A11",
    ),
    Fault(
        "A3",
        "A form, a link or a method by which another site makes a browser change something",
        """
        server/test_guard.py::test_a_page_of_others_changes_nothing
        ::test_looking_changes_nothing
        server/test_rights.py::test_what_another_site_makes_a_browser_send_changes_nothing
        server/test_languages.py::test_a_page_of_somebody_else_cannot_choose
        """,
    ),
    Fault(
        "A4",
        "Every address as everybody, of other rooms, other people and other organisers; what is deleted; from the lobby",
        """
        server/test_rights.py::test_every_address_stands_in_the_table
        ::test_everybody_at_every_address
        server/test_door.py::test_nobody_learns_whether_a_thing_exists
        ::test_unknown_and_forbidden_look_alike_to_a_socket
        ::test_a_facilitator_of_one_room_is_nobody_in_another
        server/test_taking.py::test_a_room_is_deleted_only_by_its_name
        live/test_permissions.py::test_who_may_ask_for_it_and_when
        """,
    ),
    Fault(
        "A5",
        "A member with the frames of a facilitator, a role of their own making, a facilitator who turns on others, "
        "one whose powers end meanwhile",
        """
        live/test_rights.py::test_who_may_not_is_refused_and_nothing_changes
        ::test_every_command_stands_in_a_row
        server/test_hostile_frames.py::test_members_cannot_do_what_facilitators_do
        ::test_a_facilitator_cannot_turn_on_another_or_on_nobody
        server/test_people.py::test_who_is_taken_off_loses_every_power_at_once
        server/test_staff_pages.py::test_signed_out_everywhere_her_pages_end_at_every_node
        """,
    ),
    Fault(
        "A6",
        "A hundred and fifty ways to write markup, in every field",
        """
        browser/test_hostile_words.py::test_whatever_arrives_stands_as_words_and_nothing_else
        ::test_whatever_is_typed_arrives_as_it_was_typed
        ::test_there_are_enough_of_them
        server/test_forms.py::test_a_name_comes_back_as_it_was_written
        browser/test_evening.py::test_words_that_look_like_markup_are_words
        """,
    ),
    Fault(
        "A7",
        "Where a sign-in leads on to",
        """
        server/test_staff.py::test_signing_in_leads_on_to_pages_of_ours_only
        ::test_the_form_leads_on_as_little
        server/test_languages.py::test_a_choice_leads_nowhere_but_to_a_page_of_ours
        """,
    ),
    Fault(
        "A8",
        "Guessing: passwords, codes, spoken codes, from addresses that are claimed",
        """
        server/test_people.py::test_who_guesses_a_password_is_slowed_by_the_name_whether_anybody_has_it
        ::test_names_that_are_tried_are_forgotten_before_they_are_too_many
        server/test_authenticators.py::test_who_guesses_codes_is_slowed
        server/test_share.py::test_who_guesses_codes_is_slowed_and_the_link_still_works
        server/test_access.py::test_a8_who_claims_another_address_each_time_is_slowed_all_the_same
        """,
        "Counted at each node: three nodes let three times as many guesses through, which is still 3 a minute for a name",
    ),
    Fault(
        "A9",
        "Whether somebody or something exists, told by words or by time",
        """
        server/test_access.py::test_a9_neither_the_words_nor_the_time_tell_whether_a_thing_exists
        server/test_staff.py::test_a_wrong_name_and_a_wrong_password_look_alike
        server/test_passwords.py::test_where_there_is_nobody_a_guess_costs_the_same
        """,
    ),
    Fault(
        "A10",
        "What was open when somebody signs out, changes a password or is removed; names in the bytes of the database",
        """
        server/test_staff_pages.py::test_signed_out_everywhere_her_pages_end_at_every_node
        ::test_an_account_is_removed_and_its_pages_end_at_every_node
        server/test_people.py::test_another_password_ends_what_the_old_one_opened
        server/test_staff.py::test_a_password_signs_in_and_signing_out_ends_it_on_the_server
        records/test_erasure.py::test_it_is_found_in_no_byte_of_any_file
        records/test_database.py::TestForgetting::test_a_deleted_name_is_found_in_no_byte_of_any_file
        """,
    ),
    Fault(
        "A11",
        "The headers of every answer, errors and files included",
        """
        server/test_guard.py::test_every_answer_is_sealed
        ::test_a_page_that_breaks_is_sealed_and_says_nothing
        ::test_over_tls_browsers_are_told_to_stay_there
        ::test_no_page_needs_anything_inline_or_from_elsewhere
        """,
        "An observatory on the internet is not asked; what it looks at is looked at here",
    ),
    Fault(
        "A12",
        "ASVS 5.0, level 2: V3, V4.4, V6 to V8, V14, V16",
        """
        test_asvs.py::test_a12_every_line_has_a_test_that_exists_or_a_signed_reason
        """,
    ),
    Fault(
        "A13",
        "Links that are looked at by machines, used twice, used at once, forwarded, expired",
        """
        server/test_staff.py::test_a_link_is_looked_at_as_often_as_one_likes_and_used_once
        ::test_of_two_who_press_at_once_one_is_let_in
        ::test_an_invitation_makes_a_facilitator_of_one_person_once
        ::test_of_two_who_accept_at_once_one_facilitates
        records/test_links.py::test_of_many_who_use_it_at_once_exactly_one_gets_it
        ::test_unknown_used_and_expired_look_alike
        server/test_share.py::test_links_for_one_person_are_taken_back_one_by_one
        """,
    ),
    Fault(
        "A14",
        "The subpoena drill: what is left of a week of evenings",
        """
        server/test_a14.py::test_a14_what_is_left_of_a_week_is_what_we_say_and_nothing_more
        ::test_a14_every_column_is_published_or_known_to_be_about_nobody
        ::test_a14_of_a_member_nothing_is_published_for_there_is_nothing
        """,
    ),
    Fault(
        "A15",
        "Whom a server, and a page, asks for anything",
        """
        faults/test_egress.py::test_a15_a_server_connects_to_its_redis_and_to_nothing_else
        server/test_guard.py::test_no_page_needs_anything_inline_or_from_elsewhere
        browser/test_first_evening.py::test_a_facilitator_and_two_members_hold_a_session
        """,
        "Every story in a browser goes through a network that writes down where it led and fails at any other place than "
        "ours; one of them stands here for all. Postgres is not in the sealed network: its address is asked for as the "
        "database of docs/operating.md",
    ),
    Fault(
        "W1",
        "Leaving quickly: by the button, by the keys, while it is loud, when scripts fail",
        """
        browser/test_leaving.py::test_the_page_is_blank_and_deaf_before_the_other_site_answers
        ::test_the_next_frame_is_blank_while_fifty_messages_a_second_arrive
        ::test_leaving_works_when_the_scripts_of_the_room_fail_half_way
        ::test_every_page_can_be_left_quickly
        ::test_capitals_and_sticky_keys_do_not_make_anybody_leave
        """,
    ),
    Fault(
        "W2",
        "Back, forward, a duplicated tab, a page that is loaded again, signing out",
        """
        browser/test_leaving.py::test_back_shows_nothing_of_what_was_said_or_written
        ::test_who_follows_a_link_out_and_comes_back_finds_the_room_without_a_backlog
        browser/test_seat.py::test_loading_the_page_again_keeps_the_seat_and_shows_no_backlog
        ::test_a_second_tab_is_the_same_seat_and_closing_one_does_not_end_it
        browser/test_nothing_kept.py::test_the_profile_on_disk_holds_no_word_and_no_name
        server/test_staff.py::test_a_password_signs_in_and_signing_out_ends_it_on_the_server
        """,
        "That a browser opens its tabs again after it died could not be played here without a screen; what it would show them "
        "from, its files, holds no word and no draft. Firefox and WebKit are not on this machine",
    ),
    Fault(
        "W3",
        "What is left in a browser: storage, workers, caches, titles, addresses",
        """
        browser/test_nothing_kept.py::test_the_profile_on_disk_holds_no_word_and_no_name
        browser/test_settings.py::test_choices_hold_on_this_device_on_every_page_and_nobody_learns_of_them
        server/test_door.py::test_cookies_are_for_us_alone_and_go_with_the_browser
        ::test_over_tls_cookies_are_bound_to_the_host
        server/test_whats_on.py::test_a_title_says_nothing_about_the_room
        """,
    ),
    Fault(
        "W4",
        "A tab that was hidden, a device that slept, a network that went and came back as another",
        """
        js/link.test.mjs::waking from a sleep longer than a beat, it trusts no socket that looks open
        ::offline, a half open connection is noticed at once
        ::online again, or looked at again, it does not wait for the timer
        ::online by another way, it waits for no handshake that began on the old one, and does not take it for barred
        ::of a sleep that nobody told it about it learns from its own seconds
        js/outbox.test.mjs::after a minute it is handed back as not sent, and is never sent late by itself
        ::a timer that slept with the device does not have it sent late
        ::handed back as not sent, it is not when it turns out to stand in the room
        browser/test_seat.py::test_what_was_said_in_a_tunnel_comes_out_at_its_end
        browser/test_away.py::test_offline_for_ten_seconds_nothing_is_lost_and_nothing_looks_sent
        ::test_asleep_for_two_minutes
        ::test_asleep_for_longer_than_anything_is_kept
        ::test_a_tab_that_was_hidden_for_ten_minutes
        ::test_from_wifi_to_mobile
        host/test_recovery.py::TestResuming::test_after_more_than_three_minutes_it_is_not_pretended
        """,
    ),
    *(
        Fault(
            f"M{number}",
            f"Removed, and back {way}; with Redis well, frozen and killed",
            f"""
            faults/test_removed.py::test_m1_m2_m3_m4_m5_m6_nothing_said_reaches_who_was_removed
            {also}
            """,
        )
        for number, way, also in (
            (
                1,
                "with the same browser",
                "server/test_evening.py::test_a_removed_person_is_closed_out_of_every_tab_and_cannot_return",
            ),
            (
                2,
                "in a second tab",
                "server/test_evening.py::test_a_removed_person_is_closed_out_of_every_tab_and_cannot_return",
            ),
            (
                3,
                "on a device at the other node",
                "host/test_audiences.py::TestRemoving::test_the_way_back_is_shut_at_every_node",
            ),
            (4, "with a copied cookie", ""),
            (
                5,
                "with an old position",
                "faults/test_controls.py::test_nothing_said_lands_after_the_removal_and_nothing_reaches_the_removed",
            ),
            (
                6,
                "under another name",
                "server/test_evening.py::test_after_a_removal_the_link_alone_brings_nobody_in",
            ),
        )
    ),
]


def table() -> str:
    rows = [f"| {fault.number} | {_what(fault)} | {_names(fault)} |\n" for fault in CATALOGUE]
    return "| | what | tests |\n|---|---|---|\n" + "".join(rows)


def _what(fault: Fault) -> str:
    return f"{fault.what}. *{fault.left}.*" if fault.left else fault.what


def _names(fault: Fault) -> str:
    # The last of its parts is enough to find it by.
    return " · ".join(f"`{each.rpartition('/')[2]}`" for each in fault.ids)


def with_table(page: str) -> str:
    before, _, rest = page.partition(BEGINS)
    return before + BEGINS + table() + ENDS + rest.partition(ENDS)[2]


def commit(numbers: list[str]) -> int:
    """Run what proves these; the words of our scripts' tests are run as whole files."""
    chosen = [fault for fault in CATALOGUE if fault.number in numbers]
    unknown = set(numbers) - {fault.number for fault in chosen}
    if unknown or not chosen:
        print(f"none of the catalogue: {' '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    ids = list(dict.fromkeys(each for fault in chosen for each in fault.ids))
    scripts = sorted({each.partition("::")[0] for each in ids if ".mjs" in each})
    stories = [f"tests/{each}" for each in ids if ".mjs" not in each]
    status = subprocess.call([sys.executable, "-m", "pytest", "-q", *stories], cwd=HERE.parent)
    if scripts:
        status |= subprocess.call(["node", "--test", *(f"tests/{each}" for each in scripts)], cwd=HERE.parent)
    return status


if __name__ == "__main__":
    if sys.argv[1:] == ["--table"]:
        PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
    else:
        sys.exit(commit(sys.argv[1:]))
