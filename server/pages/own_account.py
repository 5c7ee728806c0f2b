"""One's own account: another password, codes from an app, where calls go, and signing out everywhere."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import accounts, addresses, authenticators, passkeys, sign_ins
from rooms.records.accounts import Account
from server import authenticators as codes
from server import passwords
from server.home import home
from server.pages import calm, page, staff_of, to, typed, words_of
from server.pages.account import (
    CODE_TOO_OFTEN,
    CODE_WRONG,
    PASSWORD_LONG,
    PASSWORD_SHORT,
    TOO_OFTEN,
    code_fits,
)
from server.pages.share import drawn
from server.settings import is_mail
from server.words import N_

MAIL_WRONG = N_("That does not look like an address for e-mail.")
MAIL_REFUSED = N_("No letter could be sent to that address. Is it right? If it is, please try again later.")
NOT_YOURS = N_("That is not your password now.")


@dataclass(frozen=True, slots=True)
class Form:
    errors: dict[str, str] = field(default_factory=dict)
    mail: str | None = None
    no_keys: bool = False


async def own_account(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/account")
    if request.method != "POST":
        return await _page(request, staff, Form())
    async with request.form(max_fields=8, max_part_size=4096) as sent:
        do, now, new = typed(sent, "do"), typed(sent, "now"), typed(sent, "new")
        app_now = typed(sent, "app_now")
        given, mail = typed(sent, "code"), typed(sent, "mail")
        no_keys = typed(sent, "no_keys") == "1"
    match do:
        case "begin":
            return await _begin(request, staff, app_now)
        case "confirm":
            return await _confirm(request, staff, given)
        case "without":
            return await _without(request, staff, given)
        case "password":
            return await _change_password(request, staff, now, new, no_keys=no_keys)
        case "mail":
            return await _be_called_at(request, staff, mail.strip())
        case "out":
            async with home(request).database.writing() as conn:
                await sign_ins.close_all(conn, staff.id)
            return to("/sign-in")
        case _:
            return await _page(request, staff, Form())


async def _change_password(
    request: Request, staff: Account, now: str, new: str, *, no_keys: bool
) -> Response:
    """Everywhere else they are signed out: whoever knew the old one is out with it.

    Passkeys do not depend on it and stay, one that somebody else added among them, unless their owner wants them gone too.
    """
    ours, words = home(request), words_of(request)
    errors: dict[str, str] = {}
    if fault := await why_not_now(request, staff, now):
        errors["now"] = fault
    if len(new) < passwords.SHORTEST:
        errors["new"] = PASSWORD_SHORT
    elif len(new) > passwords.LONGEST:
        errors["new"] = PASSWORD_LONG
    if errors:
        form = Form({name: words.gettext(said) for name, said in errors.items()}, no_keys=no_keys)
        return await _page(request, staff, form, status=422)
    password_hash = await passwords.hashed(new)
    async with ours.database.writing() as conn:
        await accounts.set_password_hash(conn, staff.id, password_hash)
        await sign_ins.close_all(conn, staff.id)
        if no_keys:
            await passkeys.remove_all(conn, staff.id)
    response = to("/desk")
    await ours.door.sign_in(response, staff, ours.now())
    return response


async def why_not_now(request: Request, staff: Account, now: str) -> str:
    """What is wrong with the password they have now; empty: nothing, or they have none."""
    ours = home(request)
    if staff.password_hash is None:
        return ""
    # At the pace of signing in: a desk that was left open is no place to guess at.
    if not ours.sign_ins.takes(staff.sign_in_name, ours.clock()):
        return TOO_OFTEN
    return "" if await passwords.fits(staff.password_hash, now) else NOT_YOURS


async def _be_called_at(request: Request, staff: Account, mail: str) -> Response:
    """An empty field takes the address away. Another one is written to at once, so that a slip is seen now."""
    ours = home(request)
    if not ours.calls.by_mail:
        return await _page(request, staff, Form())
    if not mail:
        async with ours.database.writing() as conn:
            await addresses.take_away(conn, staff.id)
        return to("/desk/account")
    fault = ""
    if not is_mail(mail):
        fault = MAIL_WRONG
    elif not ours.sign_ins.takes(f"mail {staff.id}", ours.clock()):
        # Or a desk that was left open could be used to fill somebody's letter box.
        fault = TOO_OFTEN
    elif not await ours.calls.welcome(mail):
        fault = MAIL_REFUSED
    if fault:
        form = Form({"mail": words_of(request).gettext(fault)}, mail)
        return await _page(request, staff, form, status=422)
    async with ours.database.writing() as conn:
        await addresses.give(conn, staff.id, mail)
    return to("/desk/account")


# Codes from an app


async def _begin(request: Request, staff: Account, now: str) -> Response:
    """With the password: at a desk that was left open, somebody else could shut its owner out."""
    ours = home(request)
    if fault := await why_not_now(request, staff, now):
        form = Form({"app_now": words_of(request).gettext(fault)})
        return await _page(request, staff, form, status=422)
    sealed = codes.seal(ours.settings.secret_keys, staff.id, codes.new_secret())
    async with ours.database.writing() as conn:
        await authenticators.begin(conn, staff.id, sealed)
    return to("/desk/account")


async def _confirm(request: Request, staff: Account, given: str) -> Response:
    """The app shows the right code, so it counts from now on; the codes for paper are shown this once."""
    ours = home(request)
    secret = await _unconfirmed(request, staff)
    if secret is None:
        return to("/desk/account")
    step = codes.step_of(secret, given, ours.clock())
    if step is None:
        form = Form({"code": words_of(request).gettext(CODE_WRONG)})
        return await _page(request, staff, form, status=422)
    paper = codes.new_paper()
    async with ours.database.writing() as conn:
        await authenticators.confirm(conn, staff.id, step, paper, ours.now())
    return await _page(request, staff, Form(), paper=paper)


async def _without(request: Request, staff: Account, given: str) -> Response:
    """Taken away by a code of its own, so that a desk that was left open does not do it."""
    ours, fault = home(request), ""
    async with ours.database.reading() as conn:
        app = await authenticators.find(conn, staff.id)
    if app is None or app.confirmed_at is None:
        return to("/desk/account")
    if not ours.sign_ins.takes(f"code {staff.id}", ours.clock()):
        fault = CODE_TOO_OFTEN
    else:
        async with ours.database.writing() as conn:
            if await code_fits(request, conn, staff.id, given):
                await authenticators.remove(conn, staff.id)
            else:
                fault = CODE_WRONG
    if fault:
        return await _page(request, staff, Form({"code": words_of(request).gettext(fault)}), status=422)
    return to("/desk/account")


async def _unconfirmed(request: Request, staff: Account) -> bytes | None:
    """The secret while it may still be seen."""
    ours = home(request)
    async with ours.database.reading() as conn:
        app = await authenticators.find(conn, staff.id)
    if app is None or app.confirmed_at is not None:
        return None
    return codes.unseal(ours.settings.secret_keys, staff.id, app.sealed)


async def qr(request: Request) -> Response:
    """The secret as a picture for an app, until the app has shown that it has it."""
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/account")
    secret = await _unconfirmed(request, staff)
    return await calm(request) if secret is None else drawn(codes.address(secret, staff.sign_in_name))


async def _page(
    request: Request, staff: Account, form: Form, *, paper: list[str] | None = None, status: int = 200
) -> Response:
    async with home(request).database.reading() as conn:
        app = await authenticators.find(conn, staff.id)
        left = await authenticators.paper_left(conn, staff.id)
        mail = await addresses.of(conn, staff.id)
        keys = await passkeys.of_account(conn, staff.id)
    secret = await _unconfirmed(request, staff)
    return await page(
        request,
        "account/own.html",
        status,
        form=form,
        sign_in_name=staff.sign_in_name,
        by_mail=home(request).calls.by_mail,
        mail=mail if form.mail is None else form.mail,
        has_passkeys=bool(keys),
        passkeys_are_possible=home(request).passkeys.are_possible,
        has_password=staff.password_hash is not None,
        has_app=app is not None and app.confirmed_at is not None,
        secret="" if secret is None else codes.shown(secret),
        paper=paper or [],
        paper_left=left,
    )
