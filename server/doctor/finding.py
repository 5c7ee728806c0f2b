"""One thing that is not as it should be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``grave``: a word or a name may be read by somebody who was not in the room, or a room may break."""

    name: str
    words: str
    """Which setting, what is wrong with it and the cure, in a line. Never a setting's value that may be a secret."""
    grave: bool = True

    def __str__(self) -> str:
        return f"{self.words} [{self.name}]"
