"""What holds for every response and every request that changes something: headers, and that it came from our own page."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.tally import Tally

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Headers = list[tuple[bytes, bytes]]

_ALWAYS: Final[Headers] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
    (b"x-robots-tag", b"noindex, nofollow"),
]
_STAY_ENCRYPTED: Final = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
_NOTHING_AT_ALL: Final = (
    b"default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    b"require-trusted-types-for 'script'; trusted-types 'none'"
)


def without_a_page(state: Mapping[str, Any]) -> Headers:
    """Headers of an answer that our protocols give by themselves, before any application is asked: there is no page in it.

    state: what the lifespan of the application left; without ``home`` it is another one than ours.
    """
    home = state.get("home")
    secure = home is not None and home.settings.secure
    return [
        (b"content-security-policy", _NOTHING_AT_ALL),
        *_ALWAYS,
        (b"cache-control", b"no-store"),
        *([_STAY_ENCRYPTED] if secure else []),
    ]


class SecurityHeaders:
    """Headers of every response, errors and static files included.

    Nothing inline, nothing from elsewhere, nothing framed, nothing remembered, and nobody told where a reader came from.
    """

    def __init__(self, app: ASGIApp, *, origins: Iterable[str], secure: bool, tally: Tally) -> None:
        self._app = app
        self._tally = tally
        # Named in full, for a browser that does not take a socket for its own origin.
        sockets = " ".join(sorted(origin.replace("http", "ws", 1) for origin in origins))
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'none'; "
            f"connect-src 'self' {sockets}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )
        self._headers: Headers = [(b"content-security-policy", policy.encode()), *_ALWAYS]
        if secure:
            self._headers.append(_STAY_ENCRYPTED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_begun = scope["type"] != "http"

        async def with_headers(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                self._tally.answers[message["status"] // 100] += 1
                headers: Headers = list(message.get("headers", ()))
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": headers + self._headers}
            await send(message)

        try:
            await self._app(scope, receive, with_headers if scope["type"] in {"http", "websocket"} else send)
        except Exception:
            if not is_begun:
                # Not even the page that says so could be made; uvicorn's own answer would not be sealed.
                await with_headers({"type": "http.response.start", "status": 500, "headers": []})
                await with_headers({"type": "http.response.body", "body": b""})
            raise


class OwnPagesOnly:
    """Refuses what another site's page made a browser send. After the scheme that Go's standard library settled on."""

    def __init__(self, app: ASGIApp, *, origins: frozenset[str], refused: ASGIApp) -> None:
        self._app = app
        self._origins = origins
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE and not own_page(scope, self._origins):
            await self._refused(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def own_page(scope: Scope, origins: frozenset[str]) -> bool:
    """Whether a request that changes something comes from a page of ours."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    if origin is not None and origin in origins:
        return True
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    if origin is None:
        # No browser of the last years sends neither with a form; a tool that does has no cookie to abuse.
        return b"cookie" not in headers
    return bool(urlsplit(origin).netloc == headers.get(b"host"))


def own_origin(scope: Scope, origins: frozenset[str]) -> bool:
    """Whether a socket is asked for by a page of ours: exactly, always. A browser sends cookies along from any site."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
    return len(given) == 1 and given[0] in origins
