"""The charter: read by anybody, written by organisers."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import charters
from rooms.records.charters import Charter
from server.home import home
from server.pages import calm, page, staff_of, to, typed, words_of
from server.pages.again import if_it_fails
from server.pages.editing import CHANGED_MEANWHILE
from server.pages.room import what_changed
from server.pages.room_form import agreement_of

_DAYS: Final = 6


@dataclass(frozen=True, slots=True)
class Form:
    """``version``: the one that this began from."""

    lines: str
    version: str
    errors: dict[str, str] = field(default_factory=dict)


async def charter(request: Request) -> Response:
    """One that was taken back is as if there had never been one."""
    async with home(request).database.reading() as conn:
        kept = await charters.every(conn, _DAYS + 1)
    if not kept or not kept[0].lines:
        return await calm(request)
    return await page(request, "charter.html", 200, **_shown(request, kept[0], kept[1:]))


async def edit(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/charter")
    if not staff.is_organiser:
        return await calm(request)
    ours = home(request)
    async with ours.database.reading() as conn:
        kept = await charters.every(conn, _DAYS)
    if request.method != "POST":
        return await _page(request, kept, _form_of(kept))
    async with request.form(max_fields=10, max_part_size=64 * 1024) as sent:
        given, do = Form(typed(sent, "lines"), typed(sent, "version")), typed(sent, "do")
    if_it_fails(request, partial(_page, request, kept, given))
    errors: dict[str, str] = {}
    lines = agreement_of(given.lines, errors)
    if errors:
        said = {"lines": words_of(request).gettext(errors["agreement"])}
        return await _page(request, kept, replace(given, errors=said), status=422)
    if do == "look":
        preview = Charter((kept[0].version if kept else 0) + 1, tuple(lines), ours.now())
        return await _page(request, kept, given, preview=preview)
    async with ours.database.writing() as conn:
        kept = await charters.every(conn, _DAYS)
        is_new = tuple(lines) != (kept[0].lines if kept else ())
        is_known = given.version == _form_of(kept).version or not is_new
        if is_known and is_new:
            await charters.publish(conn, lines, ours.now())
    if not is_known:
        given = replace(given, version=_form_of(kept).version)
        return await _page(request, kept, given, status=409, is_conflict=True)
    await ours.board.read(ours.database)
    return to("/charter" if lines else "/desk/charter")


def _form_of(kept: tuple[Charter, ...]) -> Form:
    return Form("\n".join(kept[0].lines), str(kept[0].version)) if kept else Form("", "0")


def _shown(request: Request, now: Charter, before: tuple[Charter, ...]) -> dict[str, object]:
    words = words_of(request)
    # Of one that was taken back and came again, all of it would be new.
    last = before[0] if before and before[0].lines else None
    return {
        "charter": now,
        "what_changed": what_changed(last, now),
        "day": words.day(now.made_at),
        "before": [words.day(each.made_at) for each in before[:_DAYS] if each.lines],
    }


async def _page(
    request: Request,
    kept: tuple[Charter, ...],
    form: Form,
    *,
    preview: Charter | None = None,
    status: int = 200,
    is_conflict: bool = False,
) -> Response:
    shown = _shown(request, preview, kept) if preview is not None and preview.lines else {"charter": None}
    return await page(
        request,
        "desk/charter.html",
        status,
        form=form,
        current=kept[0] if kept else Charter(0, (), home(request).now()),
        changed_meanwhile=words_of(request).gettext(CHANGED_MEANWHILE) if is_conflict else "",
        **shown,
    )
