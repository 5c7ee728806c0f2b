"""The desk kept fresh: what is on now, told as it changes. The page is right without it, as it was when it was asked for."""

from starlette.requests import Request
from starlette.responses import Response

from server.events import Events
from server.home import home
from server.live_now import Desk
from server.pages import to, words_of


async def on_now(request: Request) -> Response:
    """Server-sent events: each a list of the rooms that are on; ``over`` when the page is to ask no more."""
    ours = home(request)
    # It comes back by itself after each dropped line: that is nobody's being there.
    staff = await ours.door.staff(request, ours.now(), is_here=False)
    sign_in = ours.door.sign_in_of(request)
    if staff is None or sign_in is None:
        return to("/sign-in")
    desk = Desk(staff.id, sign_in, words_of(request))
    return Events(desk.feed, ours.live_now.open(desk))
