"""The words that columns are allowed to hold."""

from typing import Literal

Purpose = Literal["peer_support", "drop_in", "social", "workers_space", "network", "coproduction", "campaign"]
LinkPurpose = Literal["sign_in", "invitation"]
Outcome = Literal["held", "not_held"]
