"""A wire between an engine and its server that a test can cut, in one direction, without anybody hanging up."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def untouched(said: bytes, piece: bytes) -> bytes:
    return piece


class Proxy:
    """Forwards to a local port. `alter` is given every piece that comes from the server, with what the client has said
    so far on that connection, and returns what arrives; after nothing, nothing arrives on that connection any more."""

    def __init__(self, to_port: int, *, tls: tuple[Path, Path] | None = None) -> None:
        self.port = 0
        self.alter: Callable[[bytes, bytes], bytes] = untouched
        self._to_port = to_port
        self._tls = tls
        self._pipes: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        context = None
        if self._tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*self._tls)
        self._listening = await asyncio.start_server(self._meet, "127.0.0.1", 0, ssl=context)
        self.port = self._listening.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._listening.close()
        for pipe in self._pipes:
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pipe = asyncio.current_task()
        assert pipe is not None
        self._pipes.add(pipe)
        pipe.add_done_callback(self._pipes.discard)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        said = bytearray()

        async def to_server() -> None:
            while data := await reader.read(65536):
                said.extend(data)
                far_writer.write(data)
            far_writer.close()

        async def to_client() -> None:
            silent = False
            while data := await far_reader.read(65536):
                arriving = self.alter(bytes(said), data)
                silent = silent or not arriving  # a stream that lost a piece never goes on
                if not silent:
                    writer.write(arriving)
            writer.close()

        try:
            await asyncio.gather(to_server(), to_client())
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            far_writer.transport.abort()


def self_signed(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate of its own, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / "certificate.pem", folder / "key.pem"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate_path, key_path
