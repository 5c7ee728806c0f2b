"""Where no WebSocket gets through: the answer that does not end, and the small posts of its page. docs/decisions/005.

A post is so small that no proxy with its usual settings puts it down in a file: each says how long it is, and is refused
before it is read if that is too long. Posts may reach another node than the stream did; any node carries them out.
"""

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rooms.engines import EngineDown
from rooms.live import Actor
from rooms.live.words import Place, Role
from rooms.records.away import RecordsAway
from server import wire
from server.guard import own_origin
from server.home import home
from server.languages import words_of
from server.pages import calm
from server.socket import Coming, Speaker, take_up, who_comes
from server.stream_line import StreamLine
from server.streams import Stream

MOST_POSTED: Final = (
    6 * 1024
)  # the longest message in the largest letters is 4.4; nginx keeps 8 in memory, Apache 16
PROTOCOL: Final = "tealight-protocol"
STREAM: Final = "tealight-stream"
ANSWER_SECONDS: Final = 5.0

_OPEN_ANEW: Final = 410


async def live_stream(request: Request) -> Response:
    """POST /live/{session}/stream: the greeting comes in it, and everything that a socket would bring answers it."""
    posted = await _posted(request)
    if isinstance(posted, Response):
        return posted
    return _Streaming(request, await who_comes(request, request.path_params["session"]), posted)


async def live_post(request: Request) -> Response:
    """POST /live/{session}/post: 204, and the answers come down the stream; 200 with them, where the stream is not.

    410: there is no such stream any more, open another. 404: there never was, or it is somebody else's. 503: not now.
    """
    posted = await _posted(request)
    if isinstance(posted, Response):
        return posted
    ours, session = home(request), request.path_params["session"]
    name = request.headers.get(STREAM, "")
    stream = ours.streams.find(name)
    if stream is not None and _is_theirs(request, stream, session):
        await stream.line.take(posted)
        return Response(status_code=204)
    actor = await ours.door.seated(request, session, ours.now())
    node = None if actor is None else ours.streams.node_of(name, session, actor.seat)
    if actor is None or node is None:
        return await calm(request)
    if node == ours.streams.node:
        return Response(status_code=_OPEN_ANEW)
    return await _carry_out(request, session, actor, posted)


async def live_gone(request: Request) -> Response:
    """POST /live/{session}/gone: the page goes. Some proxies notice only when they have something to pass on to it."""
    posted = await _posted(request)
    if isinstance(posted, Response):
        return posted
    stream = home(request).streams.find(request.headers.get(STREAM, ""))
    if stream is None or not _is_theirs(request, stream, request.path_params["session"]):
        return await calm(request)
    stream.line.leave()
    return Response(status_code=204)


class _Streaming(Response):
    """Not begun before it is sent: whatever is opened for it is closed again."""

    def __init__(self, request: Request, coming: Coming, posted: bytes) -> None:
        super().__init__()
        self._request = request
        self._coming = coming
        self._posted = posted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        streams, coming = home(self._request).streams, self._coming
        line, name = StreamLine(scope, receive, send), ""
        if coming.actor is not None and coming.host is not None:
            sign_in = coming.sign_in if coming.actor.role is Role.FACILITATOR else None
            session = self._request.path_params["session"]
            name = streams.add(Stream(line, session, coming.actor.seat, sign_in))
        try:
            await line.begin(name)
            take_up(self._request, line, coming)
            await line.take(self._posted)
            await line.run()
        finally:
            if name:
                streams.remove(name)


async def _posted(request: Request) -> bytes | Response:
    """What is in it; or, before any of that is read, why not."""
    if request.headers.get(PROTOCOL) != wire.SUBPROTOCOL:
        # No form can send that, and no page of another site either without asking us first, to which we do not answer.
        return await calm(request)
    if not own_origin(request.scope, home(request).settings.origins):
        return Response(status_code=403)
    if "content-length" not in request.headers or "transfer-encoding" in request.headers:
        return Response(status_code=411, headers={"connection": "close"})
    if int(request.headers["content-length"]) > MOST_POSTED:
        return Response(status_code=413, headers={"connection": "close"})
    try:
        return await request.body()
    except ClientDisconnect:
        return Response(status_code=400)


def _is_theirs(request: Request, stream: Stream, session: str) -> bool:
    """Who signed out is shown out by ``server.staff_pages``, here as on a socket."""
    door = home(request).door
    if stream.session != session:
        return False
    if stream.sign_in is not None:
        return door.sign_in_of(request) == stream.sign_in
    return door.seat(request, session) == stream.seat


async def _carry_out(request: Request, session: str, actor: Actor, posted: bytes) -> Response:
    """The stream is at another node. The room is here as well, and its receipts are known to all of them."""
    ours = home(request)
    try:
        host = await ours.house.host(session)
    except (EngineDown, RecordsAway):
        return Response(status_code=503)
    seat = None if host is None else host.room.seat(actor.seat)
    if host is None or (seat is not None and seat.place is Place.GONE):
        return Response(status_code=_OPEN_ANEW)
    if seat is None:
        # Word of it may be on its way here. If it is not, the stream ends, and the page learns it there.
        return Response(status_code=503)
    reply = _Reply()
    pace = ours.posts[actor.role].of(f"{session} {seat.id}")
    words = words_of(request)
    speaker = Speaker(reply, Actor(seat.id, actor.role, seat.name), host, words, pace, ours.tally)
    answers = await reply.to(speaker, [frame for frame in posted.split(b"\n") if frame.strip()])
    return Response(b"\n".join(answers), media_type="text/plain")


class _Reply:
    """Stands where a line would, for as long as one post takes."""

    def __init__(self) -> None:
        self._answers: list[bytes] = []
        self._is_over = False
        self._stirred = asyncio.Event()
        self._may_read = asyncio.Event()
        self._may_read.set()

    async def to(self, speaker: Speaker, frames: list[bytes]) -> list[bytes]:
        """An answer to each, or to as many as there were in time: the page asks again for the others."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                for frame in frames:
                    await self._may_read.wait()
                    if not self._is_over:
                        speaker.on_text(frame)
                while len(self._answers) < len(frames) and not self._is_over:
                    self._stirred.clear()
                    await self._stirred.wait()
        except TimeoutError:
            pass
        return list(self._answers)

    def send(self, payload: bytes) -> None:
        self._answers.append(payload)
        self._stirred.set()

    def close(self, code: int, reason: str = "") -> None:
        self._is_over = True
        self._stirred.set()

    def pause_reading(self) -> None:
        self._may_read.clear()

    def resume_reading(self) -> None:
        self._may_read.set()
