"""ASVS 5.0.0, levels 1 and 2, of the chapters that concern rooms and desks: what shows that each line holds, or why it does not.

What a line asks for is told here in words of our own; its number leads to OWASP's. ``python -m tests.asvs`` writes the table
of docs/security.md anew.
"""

from dataclasses import dataclass
from typing import Final

from tests.catalogue import PAGE

BEGINS, ENDS = "<!-- asvs: made by `python -m tests.asvs` -->\n", "<!-- end of asvs -->"
SIGNED: Final = "the founding engineers, 22 November 2026"

GUARD, DOOR, STAFF, OWN = (
    "server/test_guard.py",
    "server/test_door.py",
    "server/test_staff.py",
    "server/test_people.py",
)
RIGHTS, KEPT = "server/test_rights.py", "server/test_nothing_kept.py"


@dataclass(frozen=True, slots=True)
class Line:
    """``proof``: tests, or empty. ``reason``: why none is needed, or what we do instead. ``met``: whether it is."""

    number: str
    asks: str
    proof: str = ""
    reason: str = ""
    met: bool = True

    @property
    def ids(self) -> list[str]:
        return self.proof.split()


def unmet(number: str, asks: str, reason: str, proof: str = "") -> Line:
    return Line(number, asks, proof, reason, met=False)


NO_SUCH_THING = "There is none here"
LINES: Final = [
    # V3 Web frontend
    Line("3.2.1", "answers are not rendered as what they are not", f"{GUARD}::test_every_answer_is_sealed"),
    Line("3.2.2", "text is put into pages as text", "browser/test_hostile_words.py::test_whatever_arrives_stands_as_words_and_nothing_else"),
    Line("3.3.1", "cookies are Secure and have a prefix", f"{DOOR}::test_over_tls_cookies_are_bound_to_the_host"),
    Line("3.3.2", "SameSite as each cookie needs it", f"{DOOR}::test_cookies_are_for_us_alone_and_go_with_the_browser"),
    Line("3.3.3", "the prefix __Host-", f"{DOOR}::test_over_tls_cookies_are_bound_to_the_host"),
    Line("3.3.4", "HttpOnly where no script needs it", f"{DOOR}::test_cookies_are_for_us_alone_and_go_with_the_browser"),
    Line("3.4.1", "HSTS of a year or more, with subdomains", f"{GUARD}::test_over_tls_browsers_are_told_to_stay_there"),
    Line("3.4.2", "no other origin is allowed to read", f"{GUARD}::test_every_answer_is_sealed", "No answer has a header of CORS"),
    Line("3.4.3", "a content security policy without objects, bases and inline scripts", f"{GUARD}::test_every_answer_is_sealed {GUARD}::test_no_page_needs_anything_inline_or_from_elsewhere"),
    Line("3.4.4", "nosniff", f"{GUARD}::test_every_answer_is_sealed"),
    Line("3.4.5", "a referrer policy", f"{GUARD}::test_every_answer_is_sealed {DOOR}::test_no_address_of_ours_carries_the_join_link_on"),
    Line("3.4.6", "frame-ancestors", f"{GUARD}::test_every_answer_is_sealed"),
    Line("3.5.1", "requests that change something come from our own pages", f"{GUARD}::test_a_page_of_others_changes_nothing {RIGHTS}::test_what_another_site_makes_a_browser_send_changes_nothing"),
    Line("3.5.2", "nor can what relies on a preflight be sent without one", "server/test_streaming.py::test_what_a_form_or_a_simple_request_can_send_opens_and_posts_nothing"),
    Line("3.5.3", "safe methods change nothing", f"{GUARD}::test_looking_changes_nothing"),
    Line("3.5.4", "other applications have other host names", reason="One application, one host; whoever runs it beside another gives it a name of its own (docs/operating.md)"),
    Line("3.5.5", "postMessage is checked", reason=f"{NO_SUCH_THING}: no script listens to or posts messages between windows"),
    Line("3.7.1", "no technology that browsers have given up", reason="HTML, CSS and plain modules, without plugins"),
    Line("3.7.2", "redirects to other hosts only by a list", f"{STAFF}::test_signing_in_leads_on_to_pages_of_ours_only server/test_languages.py::test_a_choice_leads_nowhere_but_to_a_page_of_ours"),
    # V4.4 WebSocket
    Line("4.4.1", "encrypted", "server/test_settings.py::test_the_origin_is_written_as_browsers_write_it", "A page over https opens wss, and PUBLIC_URL has to be https for anything but one's own machine"),
    Line("4.4.2", "the origin is looked at in the handshake", f"{GUARD}::test_another_site_gets_no_socket_whatever_cookie_its_reader_has {GUARD}::test_no_origin_at_all_gets_no_socket_either"),
    Line("4.4.3", "tokens of its own where the session's cannot be used", "server/test_streaming.py::test_a_name_is_of_use_to_the_seat_that_it_was_given_to_and_to_nobody_else", "A socket uses the cookie of the seat; streams have a name beside it"),
    Line("4.4.4", "which come from the session", "server/test_streams_and_nodes.py::test_a_name_that_none_of_the_nodes_gave_is_of_no_use_anywhere"),
    # V6 Authentication
    Line("6.1.1", "it is written down how guessing is slowed and that nobody can be locked out", f"server/test_bounds.py::test_the_table_of_the_protocol_tells_the_bounds_as_they_are {OWN}::test_who_guesses_a_password_is_slowed_by_the_name_whether_anybody_has_it", "A link lets somebody in while their name is slowed"),
    unmet("6.1.2", "a list of words that no password may be made of", "Members have no password. For the few who organise and facilitate, ten letters are asked for and whoever guesses gets one try a minute; a list was thought to stop more people than guesses"),
    Line("6.1.3", "every way to sign in is written down", "server/test_passkeys.py::test_it_stands_for_the_code_from_an_app_too", "Password, with a code for who set one up; passkey; one-time link: this table and docs/architecture.md"),
    Line("6.2.1", "eight letters or more", f"{OWN}::test_a_password_that_does_not_fit_is_named", "Ten"),
    Line("6.2.2", "it can be changed", f"{OWN}::test_another_password_ends_what_the_old_one_opened"),
    Line("6.2.3", "with the one before", f"{OWN}::test_a_password_that_does_not_fit_is_named"),
    unmet("6.2.4", "not one of the 3,000 most used", "No list comes with the programme yet; guesses are one a minute for a name after ten, and what is stored is argon2id"),
    Line("6.2.5", "no rules of composition", f"{OWN}::test_another_password_ends_what_the_old_one_opened"),
    Line("6.2.6", "fields hide it", reason="Fields of type password, made by one macro (templates/_form.html)"),
    Line("6.2.7", "pasting and password managers work", reason="Plain fields with their autocomplete; no script touches them"),
    Line("6.2.8", "compared as it was typed", "server/test_sign_in_log.py::test_a_password_counts_with_every_letter_of_it server/test_passwords.py::test_only_the_very_password_fits"),
    Line("6.2.9", "64 letters or more may be used", reason="200"),
    Line("6.2.10", "it never expires by itself", "records/test_accounts.py::test_a_password_is_set_and_taken_away", "Nothing sweeps it (rooms/records/keeping.py)"),
    unmet("6.2.11", "the words of 6.1.2 are refused", "As 6.1.2: there is no such list, and ten letters and one guess a minute stand in its place"),
    unmet("6.2.12", "not one of those that were breached", "Asking somebody else's service would tell it who is here; a list to ask at home is large. As 6.2.4"),
    Line("6.3.1", "guessing and stuffing are slowed", f"{OWN}::test_who_guesses_a_password_is_slowed_by_the_name_whether_anybody_has_it server/test_access.py::test_a8_who_claims_another_address_each_time_is_slowed_all_the_same"),
    Line("6.3.2", "no default accounts", "server/test_command_line.py::test_an_organiser_is_made_and_let_in_again", "The first is made on the command line; those of the demo have no password"),
    unmet("6.3.3", "more than one factor", "Offered to everybody (codes from an app, passkeys that ask who holds them), asked of nobody: small groups would share one phone", "server/test_authenticators.py::test_with_an_app_the_password_is_half_of_it server/test_passkeys.py::test_a_phone_that_was_added_signs_its_owner_in_without_a_name_or_password"),
    Line("6.3.4", "no other way in", f"{RIGHTS}::test_every_address_stands_in_the_table {RIGHTS}::test_everybody_at_every_address"),
    Line("6.4.1", "what the system gives first is random, short-lived and used once", f"{STAFF}::test_an_expired_link_lets_nobody_in {STAFF}::test_a_link_is_looked_at_as_often_as_one_likes_and_used_once"),
    Line("6.4.2", "no hints, no secret questions", reason=NO_SUCH_THING),
    Line("6.4.3", "a forgotten password is replaced without going around a second factor", f"{OWN}::test_signed_out_everywhere_and_let_in_again_by_a_link", "An organiser who knows the person makes a one-time link; it is both factors at once, as the demand of proof was theirs"),
    Line("6.4.4", "so is a lost second factor", "server/test_authenticators.py::test_with_an_app_the_password_is_half_of_it", "Codes on paper, else as 6.4.3"),
    Line("6.5.1", "a code works once", "records/test_authenticators.py::test_a_code_is_used_once_and_none_before_it_after_it records/test_authenticators.py::test_a_code_on_paper_works_once_and_for_one_person"),
    unmet("6.5.2", "codes on paper are hashed as passwords are", "They are random and hashed, and tried ten at once and then one a minute; whoever has the database can count through them, and would still need the password", "server/test_authenticators.py::test_who_copies_the_records_has_no_code"),
    Line("6.5.3", "codes and secrets are random", "server/test_authenticators.py::test_codes_on_paper_are_many_and_read_as_they_are_written"),
    Line("6.5.4", "of 20 bits or more", "server/test_authenticators.py::test_codes_on_paper_are_many_and_read_as_they_are_written"),
    Line("6.5.5", "and short-lived", "server/test_authenticators.py::test_a_clock_may_be_half_a_minute_wrong_and_no_more server/test_authenticators.py::test_half_a_sign_in_is_good_for_five_minutes_and_for_nothing_else"),
    Line("6.6.1", "no codes by telephone without another choice", reason=f"{NO_SUCH_THING}: nothing is sent to a telephone"),
    Line("6.6.2", "out-of-band codes belong to one request", reason=f"{NO_SUCH_THING}: one-time links are made by a person for a person"),
    Line("6.6.3", "and cannot be guessed", "records/test_links.py::test_unknown_used_and_expired_look_alike"),
    Line("6.8.1", "identity providers (6.8.1 to 6.8.4)", reason=f"{NO_SUCH_THING}"),
    # V7 Sessions
    Line("7.1.1", "idle time and longest time are written down", f"{STAFF}::test_a_sign_in_ends_by_itself", "docs/architecture.md, What is kept"),
    Line("7.1.2", "and how many at once", f"{STAFF}::test_each_device_signs_out_for_itself", "As many devices as somebody has; pages of a seat five (docs/protocol.md, Bounds)"),
    Line("7.1.3", "and those of identity providers", reason=NO_SUCH_THING),
    Line("7.2.1", "tokens are judged at the server", "records/test_sign_ins.py::test_nobody_is_known_by_a_token_that_was_never_given"),
    Line("7.2.2", "they are made for each session", "records/test_sign_ins.py::test_whoever_signed_in_is_known_by_the_token"),
    Line("7.2.3", "of 128 random bits or more", "records/test_sign_ins.py::test_a_token_holds_at_least_128_bits"),
    Line("7.2.4", "anew with each sign-in", f"{OWN}::test_another_password_ends_what_the_old_one_opened"),
    Line("7.3.1", "they end when idle", "records/test_sign_ins.py::test_half_an_hour_without_a_sign_of_life_ends_it"),
    Line("7.3.2", "and after a longest time", "records/test_sign_ins.py::test_twelve_hours_end_it_however_lively_it_was"),
    Line("7.4.1", "what was ended is ended at the server", f"{STAFF}::test_a_password_signs_in_and_signing_out_ends_it_on_the_server"),
    Line("7.4.2", "all of a removed account", "server/test_staff_pages.py::test_an_account_is_removed_and_its_pages_end_at_every_node records/test_sign_ins.py::test_who_is_deleted_is_signed_in_nowhere"),
    Line("7.4.3", "all others when a factor was changed", f"{OWN}::test_another_password_ends_what_the_old_one_opened"),
    Line("7.4.4", "signing out is on every page that needs a sign-in", "browser/test_organiser.py::test_who_signs_in_with_a_password_goes_on_where_they_wanted_to", "In the head of the desk (templates/layout.html)"),
    Line("7.4.5", "an administrator can end somebody's", f"{OWN}::test_signed_out_everywhere_and_let_in_again_by_a_link"),
    Line("7.5.1", "who changes how they sign in shows once more who they are", f"{OWN}::test_a_password_that_does_not_fit_is_named server/test_passkeys.py::test_a_key_is_added_only_by_who_knows_the_password_now server/test_authenticators.py::test_an_app_is_set_up_only_by_who_knows_the_password_now", "The address for calls asks for nothing, because nobody signs in or comes back in by it"),
    unmet("7.5.2", "people see their sessions and end them", "They end all of them with one press; a list of devices is not shown, because nothing is kept that would tell them apart", f"{OWN}::test_signing_out_everywhere_ends_it_here_too"),
    Line("7.6.1", "identity providers ask again", reason=NO_SUCH_THING),
    Line("7.6.2", "no session without somebody's doing", f"{STAFF}::test_a_link_is_looked_at_as_often_as_one_likes_and_used_once", "A link signs in by its button only"),
    # V8 Authorisation
    Line("8.1.1", "who may do what is written down", "live/test_rights.py::test_the_table_is_the_whole_of_it server/test_asyncapi.py::test_the_tables_of_the_protocol_are_those_of_the_types", "docs/protocol.md, and the table of tests/server/test_rights.py"),
    Line("8.1.2", "and who may see and change which fields", "live/test_view.py::TestThePeople::test_facilitators_see_who_waits_who_is_away_quiet_or_gone", "docs/protocol.md: what `room`, `people` and `you` hold for whom"),
    Line("8.2.1", "functions only for those who may", "live/test_rights.py::test_who_may_not_is_refused_and_nothing_changes " + f"{RIGHTS}::test_everybody_at_every_address"),
    Line("8.2.2", "data only for those who may", f"{RIGHTS}::test_everybody_at_every_address {DOOR}::test_nobody_learns_whether_a_thing_exists"),
    Line("8.2.3", "fields only for those who may", "live/test_view.py::TestThePeople::test_a_newcomer_learns_nothing_of_who_was_there_before server/test_hostile_frames.py::test_a_frame_that_is_no_command_is_answered_with_a_typed_error"),
    Line("8.3.1", "decided at the server", "server/test_hostile_frames.py::test_members_cannot_do_what_facilitators_do"),
    Line("8.4.1", "one organiser reaches nothing of another's", f"{OWN}::test_who_does_not_help_here_is_not_reached_from_here {OWN}::test_an_organiser_is_no_account_of_another_organisers"),
    # V14 Data protection
    Line("14.1.1", "what is sensitive is named and sorted", "server/test_a14.py::test_a14_every_column_is_published_or_known_to_be_about_nobody", "docs/promises.md, What could be handed over"),
    Line("14.1.2", "and how it is protected", "records/test_keeping.py::test_what_the_house_says_that_it_keeps_is_all_that_there_is_a_table_for", "docs/architecture.md, What is kept"),
    Line("14.2.1", "nothing sensitive in addresses", f"{DOOR}::test_no_address_of_ours_carries_the_join_link_on {KEPT}::test_an_evening_leaves_no_word_in_logs_or_files", "A link that lets somebody in is an address once; it becomes a cookie at the first step"),
    Line("14.2.2", "nor in caches on the way", f"{GUARD}::test_every_answer_is_sealed"),
    Line("14.2.3", "nor sent to others", "faults/test_egress.py::test_a15_a_server_connects_to_its_redis_and_to_nothing_else"),
    Line("14.2.4", "the protection that is written down is there", "server/test_a14.py::test_a14_what_is_left_of_a_week_is_what_we_say_and_nothing_more canary/test_canary.py::test_nothing_of_an_evening_stays_anywhere"),
    Line("14.3.1", "a browser is clean after the end", "browser/test_leaving.py::test_back_shows_nothing_of_what_was_said_or_written browser/test_nothing_kept.py::test_the_profile_on_disk_holds_no_word_and_no_name"),
    Line("14.3.2", "answers are not kept", f"{GUARD}::test_every_answer_is_sealed"),
    Line("14.3.3", "nothing sensitive in a browser's storage", "browser/test_nothing_kept.py::test_the_profile_on_disk_holds_no_word_and_no_name browser/test_settings.py::test_choices_hold_on_this_device_on_every_page_and_nobody_learns_of_them"),
    # V16 Logging and errors
    Line("16.1.1", "what is logged where is written down", reason="One stream, standard error, in sentences of our own (docs/operating.md, Every day; server/logs.py)"),
    Line("16.2.1", "when, where, who, what", "server/test_sign_in_log.py::test_each_outcome_is_logged_by_the_id_of_the_account", "Who is the id of an account. From where is left out on purpose: an address, beside the hour of a group, says who was there"),
    Line("16.2.2", "clocks agree, and times say their zone", "server/test_nodes.py::TestRefusing::test_a_clock_that_differs_is_a_warning_in_words"),
    Line("16.2.3", "only where it is written down", "faults/test_egress.py::test_a15_a_server_connects_to_its_redis_and_to_nothing_else"),
    Line("16.2.4", "machines can read it", f"{KEPT}::test_a_line_of_a_library_is_reduced_to_where_it_came_from", "One line an event: time, level, module, sentence"),
    Line("16.2.5", "nothing sensitive in it", f"{KEPT}::test_an_evening_leaves_no_word_in_logs_or_files server/test_a14.py::test_a14_what_is_left_of_a_week_is_what_we_say_and_nothing_more"),
    Line("16.3.1", "sign-ins, that worked or not", "server/test_sign_in_log.py::test_each_outcome_is_logged_by_the_id_of_the_account", "Of members there is nothing to log: they have no account"),
    unmet("16.3.2", "what somebody was not allowed", "Not logged. Who asked for a room that is not theirs is somebody who heard of it; a line about it would say who looks for which group. What is refused in a room, its facilitators see"),
    unmet("16.3.3", "attempts to get around controls", "As 16.3.2. Floods are slowed and closed by themselves; a sign-in that is guessed at is logged", "server/test_sign_in_log.py::test_each_outcome_is_logged_by_the_id_of_the_account"),
    Line("16.3.4", "errors and controls that failed", f"{KEPT}::test_a_page_that_breaks_is_named_without_a_word_of_it {KEPT}::test_what_nobody_caught_is_named_without_a_word_of_it"),
    Line("16.4.1", "nothing that is typed can forge a line", f"{KEPT}::test_a_line_of_a_library_is_reduced_to_where_it_came_from", "Nothing that is typed is in a line at all"),
    Line("16.4.2", "nobody else reads or changes it", reason="The journal of the machine does that (docs/operating.md); the programme writes no file"),
    Line("16.4.3", "it is also somewhere else", reason="Left to who runs it, on purpose: for most groups a copy elsewhere is one more place to look after"),
    Line("16.5.1", "who meets an error reads nothing of its inside", f"{GUARD}::test_a_page_that_breaks_is_sealed_and_says_nothing"),
    Line("16.5.2", "what depends on others holds when they fail", "faults/test_redis.py::test_nothing_is_lost_in_silence server/test_live_now.py::test_records_that_cannot_be_asked_are_asked_again"),
    Line("16.5.3", "and never opens by failing", "host/test_recovery.py::TestAnEngineThatForgets::test_flushed_it_is_given_the_room_back_quiets_and_removals_included faults/test_removed.py::test_m1_m2_m3_m4_m5_m6_nothing_said_reaches_who_was_removed"),
]  # fmt: skip


def table() -> str:
    rows = [f"| {line.number} | {line.asks} | {_shown(line)} |\n" for line in LINES]
    return "| | asks that | |\n|---|---|---|\n" + "".join(rows)


def _shown(line: Line) -> str:
    tests = " · ".join(f"`{each.rpartition('/')[2]}`" for each in line.ids)
    parts = [
        *(["**Not met.**"] if not line.met else []),
        *([f"{line.reason}."] if line.reason else []),
        tests,
    ]
    return " ".join(part for part in parts if part)


def with_table(page: str) -> str:
    before, _, rest = page.partition(BEGINS)
    signed = f"\nReasons, and what is not met, are signed by {SIGNED}.\n"
    return before + BEGINS + table() + signed + ENDS + rest.partition(ENDS)[2]


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
