"""What facilitators can do, in the words that everybody reads at the door: all of it, or it would be no answer."""

from typing import Final

from server.words import N_

# Each line with the commands it stands for: one that no line tells of fails a test.
POWERS: Final = (
    (
        N_(
            "Let people in, ask them to wait, or say “not this time”. Open or close the door, add a few seats, or open a second room."
        ),
        (
            *("admit", "decline", "back_to_lobby", "post_lobby_note", "set_door", "set_capacity"),
            *("open_twin", "answer_twin"),
        ),
    ),
    (
        N_("Start, pause and end the session, or make it up to 20 minutes longer."),
        (
            *("start", "pause", "resume", "begin_closing", "extend", "end", "end_for_safety"),
            "answer_pause_asking",
        ),
    ),
    (
        N_(
            "Choose how people talk: who has the word, rounds with equal turns, a slower pace, a question to all."
        ),
        (
            *("set_mode", "slow_mode", "prompt", "ask_temperature", "check_line"),
            *("call", "call_next", "skip_hand", "move_hand", "clear_hands"),
            *("begin_round", "pause_round", "go_on_round", "shorten_round", "end_round"),
        ),
    ),
    (
        N_("Put a note before a message. Take a message down, for a reason that everyone reads."),
        ("add_note", "take_down", "restore", "drop_line"),
    ),
    (
        N_("Read messages before others do. Whoever wrote one is told, and what comes of it."),
        ("look_first", "pass_on", "give_back"),
    ),
    (N_("Ask one person to stop writing for up to 10 minutes."), ("quiet", "unquiet")),
    (
        N_(
            "Ask somebody to leave, or clear all screens; a second facilitator who is there must agree. Let somebody come again."
        ),
        ("remove", "readmit", "clear_screens", "co_sign"),
    ),
    (
        N_("When many come at once: make newcomers knock, keep names as they are, slow everything down."),
        ("shield", "freeze_names"),
    ),
    (
        N_(
            "Write to one person in private, if they like. Write with each other. Call somebody from outside for help."
        ),
        ("write_line", "claim_line", "release_line", "write_backchannel", "call_on_call"),
    ),
    (
        N_(
            "Keep a few messages on their own device when somebody is in danger. Everyone is told that this was done."
        ),
        ("keep_copy",),
    ),
    (
        N_(
            "Meet before the start. Hand the lead to one another, or step back. Two together can take the powers of a third."
        ),
        (
            "check_in",
            "take_worries",
            "hand_over",
            "take_lead",
            "assign_lead",
            "step_back",
            "come_on_duty",
            "suspend",
        ),
    ),
)
