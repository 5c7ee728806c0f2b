"""One's own account: another password, and signing out everywhere."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import accounts, sign_ins
from rooms.records.accounts import Account
from server import passwords
from server.home import home
from server.pages import page, staff_of, to, typed, words_of
from server.pages.account import PASSWORD_LONG, PASSWORD_SHORT, TOO_OFTEN
from server.words import N_

NOT_YOURS = N_("That is not your password now.")


@dataclass(frozen=True, slots=True)
class Form:
    errors: dict[str, str] = field(default_factory=dict)


async def own_account(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/account")
    if request.method != "POST":
        return await _page(request, staff, Form())
    async with request.form(max_fields=5, max_part_size=4096) as sent:
        do, now, new = typed(sent, "do"), typed(sent, "now"), typed(sent, "new")
    match do:
        case "password":
            return await _change_password(request, staff, now, new)
        case "out":
            async with home(request).database.writing() as conn:
                await sign_ins.close_all(conn, staff.id)
            return to("/sign-in")
        case _:
            return await _page(request, staff, Form())


async def _change_password(request: Request, staff: Account, now: str, new: str) -> Response:
    """Everywhere else they are signed out: whoever knew the old one is out with it."""
    ours, words = home(request), words_of(request)
    errors: dict[str, str] = {}
    if staff.password_hash is not None:
        # At the pace of signing in: a desk that was left open is no place to guess at.
        if not ours.sign_ins.takes(staff.sign_in_name, ours.clock()):
            errors["now"] = TOO_OFTEN
        elif not await passwords.fits(staff.password_hash, now[: passwords.LONGEST]):
            errors["now"] = NOT_YOURS
    if len(new) < passwords.SHORTEST:
        errors["new"] = PASSWORD_SHORT
    elif len(new) > passwords.LONGEST:
        errors["new"] = PASSWORD_LONG
    if errors:
        form = Form({name: words.gettext(said) for name, said in errors.items()})
        return await _page(request, staff, form, status=422)
    password_hash = await passwords.hashed(new)
    async with ours.database.writing() as conn:
        await accounts.set_password_hash(conn, staff.id, password_hash)
        await sign_ins.close_all(conn, staff.id)
    response = to("/desk")
    await ours.door.sign_in(response, staff, ours.now())
    return response


async def _page(request: Request, staff: Account, form: Form, *, status: int = 200) -> Response:
    return await page(
        request,
        "account/own.html",
        status,
        form=form,
        sign_in_name=staff.sign_in_name,
        has_password=staff.password_hash is not None,
    )
