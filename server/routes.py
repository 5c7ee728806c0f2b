"""Every address on one screen."""

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from server.pages import (
    account,
    breaks,
    calendars,
    charter,
    counts,
    dates,
    desk,
    door,
    editing,
    existing,
    labels,
    language,
    live,
    making,
    moving,
    now,
    own_account,
    own_passkeys,
    people,
    room,
    share,
    signposts,
    slips,
    taking,
    whats_on,
)
from server.posts import live_gone, live_post, live_stream
from server.socket import live_socket
from server.static import Static

BOTH = ["GET", "POST"]


def routes(static: Static) -> list[BaseRoute]:
    return [
        # Anybody
        Route("/", whats_on.whats_on, methods=BOTH),
        Route("/help", whats_on.help_now),
        Route("/charter", charter.charter),
        Route("/join/{token}", room.join),
        Route("/language", language.choose_language, methods=["POST"]),
        Route("/code", share.code, methods=BOTH),
        Route("/room/{room}", room.room_page),
        Route("/room/{room}/{session}.ics", calendars.one_date),
        Route("/calendar/{token}.ics", calendars.feed),
        Route("/calendar/{token}/open.ics", calendars.open_feed),
        Route("/door/{session}", door.door, methods=BOTH),
        Route("/door/{session}/twin", door.twin, methods=["POST"]),
        Route("/door/{session}/move", moving.use, methods=["POST"]),
        Route("/live/{session}", live.live),
        Route("/live/{session}/move", moving.offer, methods=["POST"]),
        Route("/live/{session}/now", existing.exists),
        Route("/live/{session}/stream", live_stream, methods=["POST"]),
        Route("/live/{session}/post", live_post, methods=["POST"]),
        Route("/live/{session}/gone", live_gone, methods=["POST"]),
        WebSocketRoute("/live/{session}", live_socket),
        # Facilitators and organisers
        Route("/sign-in", account.sign_in, methods=BOTH),
        Route("/sign-in/passkey", account.by_passkey, methods=["POST"]),
        Route("/sign-in/code", account.code, methods=["POST"]),
        Route("/sign-out", account.sign_out, methods=["POST"]),
        Route("/link/{token}", account.link, methods=BOTH),
        Route("/invitation/{token}", account.invitation, methods=BOTH),
        Route("/desk", desk.desk),
        Route("/desk/now", now.on_now),
        Route("/desk/account", own_account.own_account, methods=BOTH),
        Route("/desk/account/qr.svg", own_account.qr),
        Route("/desk/account/passkeys", own_passkeys.own_passkeys, methods=BOTH),
        Route("/desk/everything.json", taking.take_away),
        Route("/desk/signposts", signposts.edit, methods=BOTH),
        Route("/desk/charter", charter.edit, methods=BOTH),
        Route("/desk/labels", labels.edit, methods=BOTH),
        Route("/desk/calendar", desk.new_calendar, methods=["POST"]),
        Route("/desk/new", making.new_room, methods=BOTH),
        Route("/desk/drafts/{draft}", making.new_room, methods=BOTH),
        Route("/desk/rooms/{room}", desk.desk_room, methods=BOTH),
        Route("/desk/rooms/{room}/edit", editing.edit, methods=BOTH),
        Route("/desk/rooms/{room}/agreement", editing.agreement, methods=BOTH),
        Route("/desk/rooms/{room}/delete", taking.delete, methods=BOTH),
        Route("/desk/rooms/{room}/slip", slips.look, methods=BOTH),
        Route("/desk/rooms/{room}/people", people.people, methods=BOTH),
        Route("/desk/rooms/{room}/share", share.share, methods=BOTH),
        Route("/desk/rooms/{room}/poster", share.poster),
        Route("/desk/rooms/{room}/qr.svg", share.qr),
        Route("/desk/rooms/{room}/now", desk.facilitate_now),
        Route("/desk/rooms/{room}/counts.csv", counts.as_file),
        Route("/desk/rooms/{room}/dates", breaks.more_dates, methods=BOTH),
        Route("/desk/rooms/{room}/dates/{session}", dates.date, methods=BOTH),
        Route("/desk/rooms/{room}/break", breaks.a_break, methods=BOTH),
        # Machines
        Route("/health", whats_on.health),
        Route("/ready", whats_on.ready),
        Mount("/static", static),
    ]
