"""Pages: one module a family. What they have in common is here: how a page is rendered, and the calm ones."""

import re

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rooms.records.accounts import Account
from server import languages, packing
from server.home import home
from server.words import Words

# Of such a page: what a template is indented by stands between tags, and nobody sees it.
_INDENTED = re.compile(rb"\n\s+")


def words_of(request: Request) -> Words:
    return languages.words_of(request)


async def staff_of(request: Request) -> Account | None:
    """Who is signed in; asked of the records once a request."""
    if not hasattr(request.state, "staff"):
        ours = home(request)
        request.state.staff = await ours.door.staff(request, ours.now())
    found: Account | None = request.state.staff
    return found


async def page(request: Request, template: str, /, status: int = 200, **context: object) -> HTMLResponse:
    # Of a form whose page is shown once more because the records are away: server.pages.again.
    if getattr(request.state, "is_unsaved", False):
        context["is_unsaved"] = True
    return HTMLResponse(rendered(request, template, await staff_of(request), **context), status)


def packed(request: Request, response: HTMLResponse) -> HTMLResponse:
    """For a page that is large, and whose size on the wire tells nobody a thing.

    Who can make a browser send words of their choice, and watch how long the packed answer is, could guess at what else
    is in it. So: never for a page that shows anything of the request, or that holds a secret.
    """
    response.headers["vary"] = "accept-encoding"
    response.body = _INDENTED.sub(b"\n", response.body)
    how = packing.way(request.headers.get("accept-encoding", ""))
    if how is not None:
        response.body = packing.packed(how, bytes(response.body))
        response.headers["content-encoding"] = how
    response.headers["content-length"] = str(len(response.body))
    return response


def rendered(request: Request, template: str, staff: Account | None, /, **context: object) -> str:
    ours = home(request)
    words = words_of(request)
    return ours.templates.get_template(template).render(
        words.page(),
        staff=staff,
        leave_to=ours.settings.leave_to,
        signposts=ours.board.shown(words),
        has_charter=ours.board.has_charter,
        **{"here": _here(request), **context},
    )


def _here(request: Request) -> str:
    """Where a reader comes back to who chooses another language; nowhere, from the answer to a form."""
    if request.method not in {"GET", "HEAD"}:
        return ""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def calm(request: Request) -> HTMLResponse:
    """Unknown, expired, foreign and forbidden alike: nobody learns from it whether a thing exists."""
    # Not even the address stands in it: whatever was asked for, the answer is the same to the letter.
    return await page(request, "calm.html", 404, here="/")


async def not_found(request: Request, _: Exception) -> Response:
    return await calm(request)


async def not_that_way(request: Request, wrong: Exception) -> Response:
    headers = wrong.headers if isinstance(wrong, HTTPException) else None
    return HTMLResponse(rendered(request, "calm.html", None, here="/"), 405, headers)


async def refused(request: Request) -> Response:
    """Another site's page made the browser send this."""
    return HTMLResponse(rendered(request, "refused.html", None), 403)


async def unreadable(request: Request, _: Exception) -> Response:
    """No form of ours: too many fields, or one of them too long, or not a form at all."""
    return HTMLResponse(rendered(request, "refused.html", None), 400)


async def broken(request: Request, _: Exception) -> Response:
    """Without the records, which may be what broke."""
    return HTMLResponse(rendered(request, "error.html", None), 500)


async def busy(request: Request, _: Exception) -> Response:
    return HTMLResponse(rendered(request, "busy.html", None), 503)


def typed(sent: FormData, name: str) -> str:
    """What stands in a field; nothing where there is none, or a file."""
    value = sent.get(name)
    return value if isinstance(value, str) else ""


def to(path: str) -> RedirectResponse:
    """Go on there, by GET."""
    return RedirectResponse(path, 303)
