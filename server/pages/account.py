"""Signing in and out, one-time links, invitations."""

import logging
import unicodedata
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from rooms.records import accounts, authenticators, limits, links, rooms
from server import authenticators as codes
from server import passwords
from server.door import account_named
from server.home import home
from server.pages import calm, page, staff_of, to, typed, words_of
from server.passkeys import LARGEST_ANSWER
from server.words import N_

WRONG = N_("The sign-in name and the password do not fit together. Please try again.")
TOO_OFTEN = N_(
    "That name was tried often just now. Please wait a few minutes, or ask an organiser for a link that signs you in."
)
CODE_WRONG = N_("That code does not fit now, or was used already. Please try the next one.")
CODE_TOO_OFTEN = N_("Codes were tried often just now. Please wait a few minutes.")
KEY_WRONG = N_("That passkey is not known here, or it took too long. Please try again, or use your password.")
NEEDED = N_("Please fill this in.")
TOO_LONG = N_("That is too long.")
NAME_USED = N_("That sign-in name is taken. Please choose another.")
PASSWORD_SHORT = N_("Please use at least 10 letters, numbers or signs.")
PASSWORD_LONG = N_("Please use 200 letters or fewer.")

# Of a sign-in: whose account it is by its id, and how it went. Never a name that was typed, nor from where.
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Form:
    name: str = ""
    sign_in_name: str = ""
    errors: dict[str, str] = field(default_factory=dict)


async def sign_in(request: Request) -> Response:
    ours, words = home(request), words_of(request)
    onward = _own_path(request.query_params.get("next", ""))
    if request.method != "POST":
        if await staff_of(request) is not None:
            return to(onward)
        return await _sign_in_page(request, Form(), onward)
    async with request.form(max_fields=10, max_part_size=4096) as sent:
        sign_in_name, password = typed(sent, "sign_in_name"), typed(sent, "password")
        onward = _own_path(typed(sent, "next"))
    if not ours.sign_ins.takes(accounts.folded(sign_in_name[: limits.SIGN_IN_NAME.most]), ours.clock()):
        log.info("a sign-in was refused: tried too often")
        form = Form(sign_in_name=sign_in_name, errors={"password": words.gettext(TOO_OFTEN)})
        return await _sign_in_page(request, form, onward, 429)
    known = (
        await account_named(ours.database, sign_in_name) if limits.SIGN_IN_NAME.holds(sign_in_name) else None
    )
    fits = await passwords.fits(known.password_hash if known else None, password)
    if known is None or not fits:
        account_id = "nobody" if known is None else known.id
        log.info("a sign-in failed: the password of %s", account_id)
        form = Form(sign_in_name=sign_in_name, errors={"password": words.gettext(WRONG)})
        return await _sign_in_page(request, form, onward, 422)
    async with ours.database.reading() as conn:
        app = await authenticators.find(conn, known.id)
    if app is not None and app.confirmed_at is not None:
        half = ours.door.half_sign_in(known, ours.now())
        return await page(request, "account/code.html", half=half, next=onward, errors={})
    response = to(onward)
    await ours.door.sign_in(response, known, ours.now())
    return response


async def by_passkey(request: Request) -> Response:
    """Both halves at once: a key that somebody holds, and that asked who holds it."""
    ours = home(request)
    async with request.form(max_fields=5, max_part_size=LARGEST_ANSWER) as sent:
        answer, onward = typed(sent, "answer"), _own_path(typed(sent, "next"))
    account_id = await ours.passkeys.whose(ours.database, answer, ours.now())
    async with ours.database.reading() as conn:
        account = None if account_id is None else await accounts.find(conn, account_id)
    if account is None:
        log.info("a sign-in failed: a passkey")
        form = Form(errors={"passkey": words_of(request).gettext(KEY_WRONG)})
        return await _sign_in_page(request, form, onward, 422)
    response = to(onward)
    await ours.door.sign_in(response, account, ours.now())
    return response


async def _sign_in_page(request: Request, form: Form, onward: str, status: int = 200) -> Response:
    ours = home(request)
    asked = ours.passkeys.to_sign_in(ours.now()) if ours.passkeys.are_possible else ""
    return await page(request, "account/sign_in.html", status, form=form, next=onward, asked=asked)


async def code(request: Request) -> Response:
    """The second half, for those who have an app for it: its code, or one from paper."""
    ours, words = home(request), words_of(request)
    async with request.form(max_fields=10, max_part_size=4096) as sent:
        half, given, onward = typed(sent, "half"), typed(sent, "code"), _own_path(typed(sent, "next"))
    account_id = ours.door.who_is_half_in(half, ours.now())
    if account_id is None:
        return to("/sign-in")
    if not ours.sign_ins.takes(f"code {account_id}", ours.clock()):
        log.info("a sign-in was refused: codes of %s tried too often", account_id)
        errors = {"code": words.gettext(CODE_TOO_OFTEN)}
        return await page(request, "account/code.html", 429, half=half, next=onward, errors=errors)
    async with ours.database.writing() as conn:
        account = await accounts.find(conn, account_id)
        fits = await code_fits(request, conn, account_id, given)
    if account is None or not fits:
        log.info("a sign-in failed: a code of %s", account_id)
        errors = {"code": words.gettext(CODE_WRONG)}
        return await page(request, "account/code.html", 422, half=half, next=onward, errors=errors)
    response = to(onward)
    await ours.door.sign_in(response, account, ours.now())
    return response


async def code_fits(request: Request, conn: AsyncConnection, account_id: str, given: str) -> bool:
    """Once: a code that was used is used up, of either kind."""
    ours = home(request)
    app = await authenticators.find(conn, account_id)
    secret = None if app is None else codes.unseal(ours.settings.secret_keys, account_id, app.sealed)
    step = None if secret is None else codes.step_of(secret, given, ours.clock())
    if step is not None:
        return await authenticators.use(conn, account_id, step)
    return await authenticators.use_paper(conn, account_id, codes.as_paper(given))


async def sign_out(request: Request) -> Response:
    response = to("/")
    await home(request).door.sign_out(request, response)
    return response


async def link(request: Request) -> Response:
    """A one-time link: looked at by GET, as scanners of mail do, and used only by the button."""
    ours, token = home(request), request.path_params["token"]
    if request.method != "POST":
        async with ours.database.reading() as conn:
            found = await links.look(conn, token, ours.now())
        if found is None:
            return await calm(request)
        if found.purpose == "invitation":
            return to(f"/invitation/{token}")
        return await page(request, "account/link.html", action=f"/link/{token}")
    account = None
    async with ours.database.writing() as conn:
        found = await links.look(conn, token, ours.now())
        # An invitation sent here is not for here, and must not be used up by it.
        if found is not None and found.purpose == "sign_in" and found.account_id is not None:
            await links.use(conn, token, ours.now())
            account = await accounts.find(conn, found.account_id)
    if found is None or account is None:
        return await calm(request)
    response = to("/desk" if found.room_id is None else f"/desk/rooms/{found.room_id}/now")
    await ours.door.sign_in(response, account, ours.now())
    return response


async def invitation(request: Request) -> Response:
    ours, token = home(request), request.path_params["token"]
    async with ours.database.reading() as conn:
        found = await links.look(conn, token, ours.now())
        room = None if found is None or found.room_id is None else await rooms.find(conn, found.room_id)
    if found is None or found.purpose != "invitation" or room is None:
        return await calm(request)
    if request.method != "POST":
        return await page(request, "account/invitation.html", room=room, form=Form())
    async with request.form(max_fields=10, max_part_size=4096) as sent:
        name, sign_in_name = typed(sent, "name").strip(), typed(sent, "sign_in_name").strip()
        password = typed(sent, "password")
    errors = _faults(request, name, sign_in_name, password)
    if not errors and await account_named(ours.database, sign_in_name) is not None:
        errors["sign_in_name"] = words_of(request).gettext(NAME_USED)
    if errors:
        form = Form(name, sign_in_name, errors)
        return await page(request, "account/invitation.html", 422, room=room, form=form)
    password_hash = await passwords.hashed(password)
    async with ours.database.writing() as conn:
        if await links.use(conn, token, ours.now()) is None:
            return await calm(request)
        account = await accounts.create(
            conn, name=name, sign_in_name=sign_in_name, is_organiser=False, password_hash=password_hash
        )
        if account is None:
            # Somebody took the name between the question and now: the invitation is kept for another try.
            await conn.rollback()
        else:
            await rooms.add_facilitator(conn, room.id, account.id)
    if account is None:
        form = Form(name, sign_in_name, {"sign_in_name": words_of(request).gettext(NAME_USED)})
        return await page(request, "account/invitation.html", 422, room=room, form=form)
    response = to("/desk")
    await ours.door.sign_in(response, account, ours.now())
    return response


def _faults(request: Request, name: str, sign_in_name: str, password: str) -> dict[str, str]:
    words = words_of(request)
    errors: dict[str, str] = {}
    for field_name, value, limit in (
        ("name", name, limits.ACCOUNT_NAME),
        ("sign_in_name", sign_in_name, limits.SIGN_IN_NAME),
    ):
        # As long as it will be when it is looked up: some letters become eighteen.
        folded = unicodedata.normalize("NFKC", value).casefold()
        if not value:
            errors[field_name] = words.gettext(NEEDED)
        elif len(value) > limit.most or len(folded) > limit.most:
            errors[field_name] = words.gettext(TOO_LONG)
        elif not limit.holds(value):
            errors[field_name] = words.refusal("name_not_visible")
    if len(password) < passwords.SHORTEST:
        errors["password"] = words.gettext(PASSWORD_SHORT)
    elif len(password) > passwords.LONGEST:
        errors["password"] = words.gettext(PASSWORD_LONG)
    return errors


def _own_path(given: str) -> str:
    """A path of ours to go on to. Anything a browser could read as another site's address leads to the desk instead."""
    plain = given.isascii() and given.isprintable() and not any(sign in given for sign in '\\ <>"')
    return (
        given
        if plain and given.startswith("/") and not given.startswith("//") and len(given) < 200
        else "/desk"
    )
