"""Who facilitates a room: taken off it at once, signed out everywhere, let in again by a link."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from rooms.records import accounts, links, rooms, rota, seasons, sign_ins
from rooms.records.accounts import Account
from server.home import home
from server.pages import page, to, typed
from server.pages.last_minute import discharge, telling
from server.pages.own import Own, organised_room

LINK_LIVES: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Helper:
    """``mine``: somebody of this organiser's own, for whom links can be made, and whose account can be removed."""

    id: str
    name: str
    mine: bool
    is_me: bool


async def people(request: Request) -> Response:
    own = await organised_room(request)
    if isinstance(own, Response):
        return own
    link = None
    if request.method == "POST":
        async with request.form(max_fields=5, max_part_size=1024) as sent:
            do, account_id = typed(sent, "do"), typed(sent, "account")
        async with telling(home(request), await _concerned(request, own, account_id, do)) as conn:
            helps = await rooms.is_facilitator(conn, own.room.id, account_id)
            account = await accounts.find(conn, account_id) if helps else None
            if account is not None:
                link = await _done(request, conn, own, account, do)
        if link is None:
            return to(f"/desk/rooms/{own.room.id}/people")
    return await _page(request, own, link)


async def _concerned(request: Request, own: Own, account_id: str, do: str) -> list[str]:
    """The rooms that are told of it."""
    if do != "remove":
        return [own.room.id] if do == "off" else []
    async with home(request).database.reading() as conn:
        if account_id not in await accounts.those_of(conn, own.staff.id):
            return []
        return [room.id for room in await rooms.looked_after_by(conn, account_id)]


async def _done(
    request: Request, conn: AsyncConnection, own: Own, account: Account, do: str
) -> tuple[str, str] | None:
    """For whom a link was made, and the link."""
    ours = home(request)
    mine = account.id in await accounts.those_of(conn, own.staff.id)
    match do:
        case "off":
            await discharge(ours, conn, account, [own.room.id])
            await rooms.remove_facilitator(conn, own.room.id, account.id)
            coming = [each.id for each in await seasons.of_room(conn, own.room.id, ours.now())]
            await rota.take_off(conn, coming, account.id)
        case "remove" if mine:
            theirs = [room.id for room in await rooms.looked_after_by(conn, account.id)]
            await discharge(ours, conn, account, theirs)
            await accounts.remove(conn, account.id)
        case "out" if mine:
            await sign_ins.close_all(conn, account.id)
        case "link" if mine:
            token = await links.make(conn, "sign_in", account_id=account.id, at=ours.now(), lives=LINK_LIVES)
            return account.name, f"{ours.settings.public_url}/link/{token}"
        case _:
            pass
    return None


async def _page(request: Request, own: Own, link: tuple[str, str] | None) -> Response:
    async with home(request).database.reading() as conn:
        helping = await rooms.facilitators(conn, own.room.id)
        mine = await accounts.those_of(conn, own.staff.id)
    return await page(
        request,
        "desk/people.html",
        room=own.room,
        people=[
            Helper(each.id, each.name, mine=each.id in mine, is_me=each.id == own.staff.id)
            for each in helping
        ],
        link=link,
    )
