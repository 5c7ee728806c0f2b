"""Which of our languages somebody reads: what they chose, which their own browser keeps, or else what it says it likes.

The cookie holds the language and nothing else. It is there only for those who chose something else than their browser
asks for, and outlives the visit, as the other choices about how a page looks do; all pages are ``no-store``, so nobody
gets one that was made for somebody who reads another language.
"""

from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from server.home import home
from server.labels import called
from server.words import Words, catalogues, choose

_COOKIE: Final = "language"
_A_YEAR: Final = 365 * 24 * 60 * 60


def words_of(connection: HTTPConnection) -> Words:
    """In the reader's language, with what facilitators are called here."""
    return called(language_of(connection), home(connection).board.label)


def language_of(connection: HTTPConnection) -> Words:
    return catalogues().get(connection.cookies.get(_name(connection), "")) or _asked(connection)


def keep(connection: HTTPConnection, response: Response, lang: str) -> None:
    """Have the browser remember a choice; nothing, where it is what the browser asks for by itself or is none of ours."""
    is_secure = home(connection).settings.secure
    words = catalogues().get(lang)
    if words is None or words is _asked(connection):
        response.delete_cookie(_name(connection), secure=is_secure, httponly=True, samesite="lax")
    else:
        response.set_cookie(
            _name(connection), lang, max_age=_A_YEAR, secure=is_secure, httponly=True, samesite="lax"
        )


def _asked(connection: HTTPConnection) -> Words:
    return choose(connection.headers.get("accept-language", ""))


def _name(connection: HTTPConnection) -> str:
    return f"__Host-{_COOKIE}" if home(connection).settings.secure else _COOKIE
