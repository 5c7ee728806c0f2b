"""What an agreement may begin with, for each kind of space; a group changes it as it likes."""

from collections.abc import Mapping
from typing import Final

from server.words import N_, Words

_STAYS = N_("What is said here stays here.")
_OWN_WORDS = N_("We say how it is for us. We do not tell others what to do.")
_PASS = N_("You can pass, be quiet, or leave. Nobody will ask why.")
_NO_COPIES = N_("No pictures of the screen, and no note-taking software.")

STARTER: Final = (_STAYS, _OWN_WORDS, _PASS, _NO_COPIES)

STARTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "peer_support": STARTER,
    "drop_in": (_STAYS, N_("Come when you like and go when you like."), _OWN_WORDS, _NO_COPIES),
    "social": (
        N_("We keep it light, and leave room for everybody."),
        N_("What weighs on somebody is heard, and a facilitator says where there is more room for it."),
        _PASS,
        _NO_COPIES,
    ),
    "workers_space": (
        _STAYS,
        N_("We talk about the work so that nobody could be known by it."),
        N_("No manager reads along, and nobody reports to one."),
        _PASS,
        _NO_COPIES,
    ),
    "network": (
        N_("We say who we speak for, or that we speak for ourselves."),
        N_("News may be passed on. Who said what may not."),
        N_("Nobody has to tell their own story."),
    ),
    "coproduction": (
        N_("Everybody here has the same say, paid or not."),
        N_("We use plain words, and ask when a word is not clear."),
        N_("We say what will happen with what we make, and who decides."),
        _PASS,
    ),
    "campaign": (
        N_("We are of one mind about the aim, and may differ about the way."),
        N_("Nobody has to tell their own story to take part."),
        N_("What we plan stays here until we say it together."),
    ),
}


def starter(words: Words, purpose: str) -> str:
    """The lines as a form shows them."""
    return "\n".join(map(words.gettext, STARTERS.get(purpose, STARTER)))


def is_a_starter(words: Words, purpose: str, agreement: str) -> bool:
    """Whether nothing was changed about it."""
    return _lines(agreement) == _lines(starter(words, purpose))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
