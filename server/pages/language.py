"""The choice of a language: a form at the top of every page that is not a room, for browsers with scripts and without."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server import languages
from server.pages import to, typed

# Of this house: "//elsewhere" and "/\\elsewhere" would lead out of it.
_OURS: Final = re.compile(r"/(?!/)[\w./?=&%~-]{0,400}", re.ASCII)


async def choose_language(request: Request) -> Response:
    """Back to the page that it was chosen on."""
    async with request.form(max_fields=5, max_part_size=4096) as sent:
        lang, back = typed(sent, "language"), typed(sent, "back")
    onward = to(back if _OURS.fullmatch(back) else "/")
    languages.keep(request, onward, lang)
    return onward
