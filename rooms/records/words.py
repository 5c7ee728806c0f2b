"""The words that columns are allowed to hold."""

from typing import Literal

Purpose = Literal["peer_support", "drop_in", "social", "workers_space", "network", "coproduction", "campaign"]
LinkPurpose = Literal["sign_in", "invitation"]
Outcome = Literal["held", "not_held"]
Repeat = Literal["once", "weekly", "fortnightly", "monthly", "monthly_last"]
Reason = Literal["facilitator_away", "too_few", "holiday", "pause", "moved", "other"]
Part = Literal["lead", "second", "on_call"]
Band = Literal["under_5", "5_to_9", "10_or_more"]
What = Literal["not_okay", "nobody_came", "held", "asked", "not_held"]
Door = Literal["open", "all_along", "knock"]
Talk = Literal["open", "hands"]
Label = Literal["facilitator", "host", "peer_supporter", "chair"]
Question = Literal[
    "purpose",
    "one_line",
    "for_whom",
    "also_welcome",
    "words",
    "date",
    "start",
    "minutes",
    "zone",
    "repeat",
    "times",
    "until",
    "breaks",
    "lead",
    "second",
    "on_call",
    "seats",
    "listed",
    "door",
    "talk",
    "least_age",
    "admits_work",
    "keeps_catch_up",
    "starter_of",
    "agreement",
]
