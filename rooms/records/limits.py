"""The bounds of everything people type into records, written once for tables, forms and functions."""

import re
from dataclasses import dataclass
from typing import Final

# Neither database stores NUL or half a surrogate pair well, and no control character means anything in a name.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Limit:
    """From ``least`` to ``most``: characters of a text, or the number itself."""

    field: str
    least: int
    most: int
    paragraphs: bool = False

    def holds(self, value: str | int) -> bool:
        if isinstance(value, int):
            return self.least <= value <= self.most
        control = _CONTROL_BUT_LINES if self.paragraphs else _CONTROL
        return self.least <= len(value) <= self.most and control.search(value) is None

    def check(self, value: str | int) -> None:
        """The last wall, for what a form should have asked about in words. Never says the value."""
        if not self.holds(value):
            raise ValueError(f"{self.field} is not within {self.least} to {self.most}")


ACCOUNT_NAME: Final = Limit("account name", 1, 60)
SIGN_IN_NAME: Final = Limit("sign-in name", 1, 254)
MAIL: Final = Limit("address for e-mail", 6, 254)
PASSKEY_NAME: Final = Limit("name of a passkey", 1, 40)
# Web Authentication lets an identifier have 1,023 bytes; nobody makes one of more than 64.
PASSKEY_ID: Final = Limit("identifier of a passkey", 1, 300)
# Bytes. RSA of 2,048 bits takes 272 of them, the others less than 80.
PASSKEY_PUBLIC: Final = Limit("public key of a passkey", 1, 300)

REVIEW: Final = Limit("request for a review", 1, 1000, paragraphs=True)
# Bytes: four for each character at most, and what sealing adds.
REVIEW_SEALED: Final = Limit("sealed request for a review", 29, 5000)

ROOM_NAME: Final = Limit("room name", 3, 60)
ONE_LINE: Final = Limit("one line", 0, 140)
FOR_WHOM: Final = Limit("for whom", 0, 300, paragraphs=True)
ALSO_WELCOME: Final = Limit("also welcome", 0, 300, paragraphs=True)
ZONE: Final = Limit("zone", 1, 64)
SEATS: Final = Limit("seats", 2, 500)
LEAST_AGE: Final = Limit("least age", 0, 99)
CODE: Final = Limit("code", 6, 6)
GROUP_WORD: Final = Limit("word of the group", 2, 30)
GROUP_WORDS: Final = Limit("number of words of the group", 0, 6)
ALTERNATIVE: Final = Limit("alternative", 0, 140)
SIGNPOST_NAME: Final = Limit("name of a signpost", 1, 60)
SIGNPOST_CONTACT: Final = Limit("contact of a signpost", 1, 80)
SIGNPOST_HOURS: Final = Limit("hours of a signpost", 0, 80)
SIGNPOST_COST: Final = Limit("cost of a signpost", 0, 60)
SIGNPOSTS: Final = Limit("number of signposts", 0, 12)
ANSWER: Final = Limit("answer", 1, 300, paragraphs=True)
ANSWER_LINES: Final = Limit("number of lines of an answer", 1, 60)

MINUTES: Final = Limit("minutes", 30, 120)
DEMO_MINUTES: Final = Limit("minutes", 30, 720)
WAIT_MINUTES: Final = Limit("minutes to wait", 1, 720)

AGREEMENT_LINE: Final = Limit("agreement line", 1, 300)
AGREEMENT_LINES: Final = Limit("number of agreement lines", 1, 30)
