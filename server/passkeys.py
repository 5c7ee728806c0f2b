"""Passkeys (Web Authentication, level 3): what a browser is asked for, and whether what it answers is true.

Nothing is kept between the question and the answer. The challenge says itself what it was for and when it was asked,
signed by us; that it was answered is kept until it would be void anyway, so that no answer counts twice.
"""

import hashlib
import ipaddress
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import webauthn
from itsdangerous import BadSignature, Signer
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from rooms.records import limits, passkeys
from rooms.records.accounts import Account
from rooms.records.database import Database
from rooms.records.passkeys import Passkey
from server.settings import Settings

# As long as a page may lie open before somebody goes on with it.
VOID_AFTER: Final = timedelta(hours=1)
LARGEST_ANSWER: Final = 16_384
_SIGN_IN: Final = "sign in"
_KINDS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
# The library names most of what is wrong with an answer, and lets a few of Python's own through.
_WRONG: Final = (
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge of ours that came back."""

    text: str
    void_at: datetime


class Passkeys:
    """The ceremonies of one address."""

    def __init__(self, settings: Settings) -> None:
        self._host = _name_for_keys(settings.public_url)
        self._origins = sorted(settings.origins)
        keys = list(reversed(settings.secret_keys))
        self._signer = Signer(keys, salt="challenge of a passkey", digest_method=hashlib.sha256)

    @property
    def are_possible(self) -> bool:
        """Browsers keep keys for names, never for a number."""
        return bool(self._host)

    # What a browser is asked for: JSON for navigator.credentials

    def to_sign_in(self, at: datetime) -> str:
        """For whoever it will turn out to be: the key says whose it is, and nobody types a name to be guessed at."""
        return webauthn.options_to_json(
            webauthn.generate_authentication_options(
                rp_id=self._host,
                challenge=self._challenge(_SIGN_IN, at),
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )

    def to_add(self, account: Account, known: Sequence[Passkey], at: datetime) -> str:
        return webauthn.options_to_json(
            webauthn.generate_registration_options(
                rp_id=self._host,
                rp_name="Tealight",
                user_id=account.id.encode(),
                user_name=account.sign_in_name,
                user_display_name=account.name,
                challenge=self._challenge(account.id, at),
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
                exclude_credentials=[
                    PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(key.id)) for key in known
                ],
                supported_pub_key_algs=_KINDS,
            )
        )

    # What it answers

    # Verified before anything is written: strangers send what they like, and the records have one writer at a time.

    async def added(self, database: Database, account: Account, answer: str, name: str, at: datetime) -> bool:
        """Whether it is a new key of somebody who was asked for one. If so, it is kept."""
        try:
            asked = self._asked(answer, account.id, at)
            made = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=asked.text.encode(),
                expected_rp_id=self._host,
                expected_origin=self._origins,
                require_user_verification=True,
                supported_pub_key_algs=_KINDS,
            )
        except _WRONG:
            return False
        key = Passkey(
            id=bytes_to_base64url(made.credential_id),
            account_id=account.id,
            public_key=made.credential_public_key,
            uses=made.sign_count,
            name=name,
            added_at=at,
        )
        fits = limits.PASSKEY_ID.holds(key.id) and limits.PASSKEY_PUBLIC.holds(len(key.public_key))
        if not fits:
            return False
        async with database.writing() as conn:
            if not await passkeys.answer(conn, asked.text, until=asked.void_at, at=at):
                return False
            return await passkeys.add(conn, key)

    async def whose(self, database: Database, answer: str, at: datetime) -> str | None:
        """The id of the account whose key answered; counts as this answer's one use."""
        try:
            asked = self._asked(answer, _SIGN_IN, at)
            async with database.reading() as conn:
                key = await passkeys.find(conn, str(json.loads(answer)["id"]))
            if key is None:
                return None
            proved = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=asked.text.encode(),
                expected_rp_id=self._host,
                expected_origin=self._origins,
                credential_public_key=key.public_key,
                credential_current_sign_count=key.uses,
                require_user_verification=True,
            )
        except _WRONG:
            return None
        async with database.writing() as conn:
            if not await passkeys.answer(conn, asked.text, until=asked.void_at, at=at):
                return None
            return key.account_id if await passkeys.use(conn, key, proved.new_sign_count) else None

    def _challenge(self, purpose: str, at: datetime) -> bytes:
        return self._signer.sign(f"{purpose}.{int(at.timestamp())}.{secrets.token_urlsafe(16)}")

    def _asked(self, answer: str, purpose: str, at: datetime) -> Asked:
        """Raises one of _WRONG where we did not ask it, for this, within the hour."""
        if not self._host or len(answer) > LARGEST_ANSWER:
            raise ValueError("no answer to anything")
        said = json.loads(webauthn.base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"]))
        text = webauthn.base64url_to_bytes(said["challenge"]).decode("ascii")
        try:
            asked_for, since, _ = self._signer.unsign(text).decode("ascii").split(".")
        except BadSignature:
            raise ValueError("not a challenge of ours") from None
        asked_at = datetime.fromtimestamp(int(since), UTC)
        if asked_for != purpose or not timedelta() <= at - asked_at < VOID_AFTER:
            raise ValueError("asked for something else, or long ago")
        return Asked(text, asked_at + VOID_AFTER)


def _name_for_keys(public_url: str) -> str:
    """Empty: people come by a number."""
    host = urlsplit(public_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return ""
