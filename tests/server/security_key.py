"""A key such as phones keep, for tests: it answers what a page asks for as a browser would hand it on (Web Authentication)."""

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class SecurityKey:
    """One key of one person. ``origin``: of the page that its browser shows."""

    def __init__(self, origin: str, host: str = "localhost") -> None:
        self.origin = origin
        self.host = host
        self.id = secrets.token_bytes(32)
        self.uses = 0
        self.flags = PRESENT | VERIFIED
        self._private = ec.generate_private_key(ec.SECP256R1())

    def is_made(self, asked: dict[str, Any], **otherwise: Any) -> str:
        """navigator.credentials.create()"""
        public = self._private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        tied = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        made = {"fmt": "none", "attStmt": {}, "authData": self._data(WITH_KEY) + tied}
        said = self._said("webauthn.create", asked["challenge"], otherwise)
        return self._answer(clientDataJSON=said, attestationObject=cbor2.dumps(made))

    def answers(self, asked: dict[str, Any], **otherwise: Any) -> str:
        """navigator.credentials.get()"""
        said = self._said("webauthn.get", asked["challenge"], otherwise)
        data = self._data(0)
        signature = self._private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _data(self, more: int) -> bytes:
        flags = bytes([self.flags | more])
        return hashlib.sha256(self.host.encode()).digest() + flags + self.uses.to_bytes(4, "big")

    def _said(self, kind: str, challenge: str, otherwise: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | otherwise).encode()

    def _answer(self, **response: bytes) -> str:
        parts = {name: letters(data) for name, data in response.items()}
        return json.dumps(
            {"id": letters(self.id), "rawId": letters(self.id), "type": "public-key", "response": parts}
        )
