"""Codes that people say to each other: of a room, or of a seat that moves."""

from server.words import N_

TOO_MANY_CODES = N_("Many codes were tried just now. Please wait a minute, or use the link.")


def spaced(code: str) -> str:
    """In two halves, as people say it."""
    return f"{code[:3]} {code[3:]}"
