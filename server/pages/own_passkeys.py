"""One's own passkeys: to add the phone or computer one sits at, and to take one away."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import limits, passkeys
from rooms.records.accounts import Account
from server.home import home
from server.pages import calm, page, staff_of, to, typed, words_of
from server.pages.account import NEEDED, TOO_LONG
from server.pages.own_account import why_not_now
from server.passkeys import LARGEST_ANSWER
from server.words import N_

HERE = "/desk/account/passkeys"
NOT_ADDED = N_("It was not added: it is known already, or it took too long. Please try again.")


@dataclass(frozen=True, slots=True)
class Form:
    name: str = ""
    errors: dict[str, str] = field(default_factory=dict)


async def own_passkeys(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to(f"/sign-in?next={HERE}")
    if not home(request).passkeys.are_possible:
        return await calm(request)
    if request.method != "POST":
        return await _page(request, staff, Form())
    async with request.form(max_fields=5, max_part_size=LARGEST_ANSWER) as sent:
        do, now, key = typed(sent, "do"), typed(sent, "now"), typed(sent, "key")
        name, answer = typed(sent, "name").strip(), typed(sent, "answer")
    match do:
        case "ask":
            return await _ask(request, staff, name, now)
        case "add":
            return await _add(request, staff, name, answer)
        case "remove":
            async with home(request).database.writing() as conn:
                await passkeys.remove(conn, staff.id, key)
            return to(HERE)
        case _:
            return await _page(request, staff, Form())


async def _ask(request: Request, staff: Account, name: str, now: str) -> Response:
    """Everything before the key is made: one that we refused afterwards would stay on their phone."""
    words = words_of(request)
    errors: dict[str, str] = {}
    if not name:
        errors["name"] = words.gettext(NEEDED)
    elif len(name) > limits.PASSKEY_NAME.most:
        errors["name"] = words.gettext(TOO_LONG)
    elif not limits.PASSKEY_NAME.holds(name):
        errors["name"] = words.refusal("name_not_visible")
    if fault := await why_not_now(request, staff, now):
        errors["now"] = words.gettext(fault)
    return await _page(request, staff, Form(name, errors), asks=not errors, status=422 if errors else 200)


async def _add(request: Request, staff: Account, name: str, answer: str) -> Response:
    """The challenge was given to them alone, and only to who had just shown the password."""
    ours = home(request)
    if limits.PASSKEY_NAME.holds(name) and await ours.passkeys.added(
        ours.database, staff, answer, name, ours.now()
    ):
        return to(HERE)
    errors = {"passkey": words_of(request).gettext(NOT_ADDED)}
    return await _page(request, staff, Form(name, errors), status=422)


async def _page(
    request: Request, staff: Account, form: Form, *, asks: bool = False, status: int = 200
) -> Response:
    ours = home(request)
    async with ours.database.reading() as conn:
        keys = await passkeys.of_account(conn, staff.id)
    is_full = len(keys) >= passkeys.MOST
    return await page(
        request,
        "account/passkeys.html",
        status,
        form=form,
        keys=keys,
        is_full=is_full,
        has_password=staff.password_hash is not None,
        asked=ours.passkeys.to_add(staff, keys, ours.now()) if asks and not is_full else "",
    )
