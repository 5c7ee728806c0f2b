"""Accounts: the organisers and facilitators who sign in. Members have none."""

import unicodedata
from dataclasses import asdict, dataclass, field
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT DO NOTHING is SQLite's, word for word
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import limits, tables, tokens

# What every page asks is put together once: SQLAlchemy takes longer over that than SQLite over the answer.
_CREATE: Final = insert(tables.accounts).on_conflict_do_nothing().returning(tables.accounts.c.id)
_FIND: Final = select(tables.accounts).where(tables.accounts.c.id == bindparam("id"))
_NAMED: Final = select(tables.accounts).where(tables.accounts.c.sign_in_name == bindparam("sign_in_name"))


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    name: str = field(repr=False)
    sign_in_name: str = field(repr=False)
    is_organiser: bool
    password_hash: str | None = field(repr=False)


async def create(
    conn: AsyncConnection,
    *,
    name: str,
    sign_in_name: str,
    is_organiser: bool,
    password_hash: str | None = None,
) -> Account | None:
    """None: somebody has that sign-in name already."""
    account = Account(tokens.new_id(), name, folded(sign_in_name), is_organiser, password_hash)
    limits.ACCOUNT_NAME.check(account.name)
    limits.SIGN_IN_NAME.check(account.sign_in_name)
    made = await conn.execute(_CREATE, asdict(account))
    return account if made.first() else None


async def find(conn: AsyncConnection, account_id: str) -> Account | None:
    found = await conn.execute(_FIND, {"id": account_id})
    row = found.mappings().one_or_none()
    return None if row is None else account_of(row)


async def remove(conn: AsyncConnection, account_id: str) -> None:
    """With every sign-in, link and place on a rota. Not for somebody who organises rooms: those would be nobody's."""
    await conn.execute(delete(tables.accounts).where(tables.accounts.c.id == account_id))


async def those_of(conn: AsyncConnection, organiser_id: str) -> frozenset[str]:
    """Ids of those who help with this organiser's rooms and with nobody else's, and organise none."""
    found = await conn.execute(
        select(tables.accounts.c.id, tables.rooms.c.organiser_id)
        .join(tables.room_facilitators, tables.room_facilitators.c.account_id == tables.accounts.c.id)
        .join(tables.rooms, tables.rooms.c.id == tables.room_facilitators.c.room_id)
        .where(tables.accounts.c.is_organiser.is_(False))
    )
    organisers_of: dict[str, set[str]] = {}
    for account, organiser in found:
        organisers_of.setdefault(account, set()).add(organiser)
    return frozenset(account for account, of in organisers_of.items() if of == {organiser_id})


async def by_sign_in_name(conn: AsyncConnection, sign_in_name: str) -> Account | None:
    """However it is capitalised, spaced around or composed."""
    looked_up = folded(sign_in_name)
    if not limits.SIGN_IN_NAME.holds(looked_up):
        return None
    found = await conn.execute(_NAMED, {"sign_in_name": looked_up})
    row = found.mappings().one_or_none()
    return None if row is None else account_of(row)


async def set_password_hash(conn: AsyncConnection, account_id: str, password_hash: str | None) -> None:
    """None: no password opens this account any more."""
    await conn.execute(
        update(tables.accounts).where(tables.accounts.c.id == account_id).values(password_hash=password_hash)
    )


async def make_organiser(conn: AsyncConnection, account_id: str) -> None:
    await conn.execute(
        update(tables.accounts).where(tables.accounts.c.id == account_id).values(is_organiser=True)
    )


async def organisers(conn: AsyncConnection) -> tuple[Account, ...]:
    found = await conn.execute(
        select(tables.accounts).where(tables.accounts.c.is_organiser).order_by(tables.accounts.c.name)
    )
    return tuple(account_of(row) for row in found.mappings())


def account_of(row: RowMapping) -> Account:
    """For the other nouns of this package, which find accounts by way of their own tables."""
    return Account(**{column.name: row[column] for column in tables.accounts.c})


def folded(sign_in_name: str) -> str:
    """As a sign-in name is stored and looked up."""
    # Twice, because folding the case of some letters undoes their composition.
    once = unicodedata.normalize("NFKC", sign_in_name.strip()).casefold()
    return unicodedata.normalize("NFKC", once)
