"""RTMPS, with a certificate that comes late and is renewed: whoever trusts it is heard."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from footlights.ingest.api import Seal
from footlights.ingest.tests.house import House, ingest
from footlights.kernel.testing import run_apart

HELLO = b"\3" + bytes(1536)


def test_a_sender_is_heard_inside_tls_and_a_renewed_certificate_counts(tmp_path, monkeypatch):
    for name in ("LISTEN_AGAIN_S", "READ_SEAL_EVERY_S"):
        monkeypatch.setattr(f"footlights.ingest.server.{name}", 0.05)
    run_apart(_seal_and_renew(tmp_path))


async def _seal_and_renew(root: Path) -> None:
    seal = Seal(root, "localhost", _free_port())
    async with ingest(root, House(root), seal=seal):
        with pytest.raises(OSError, match="Connect"):
            await _say_hello(seal.port, ssl.create_default_context())
        for _ in range(2):  # the first, and its renewal
            trusting = ssl.create_default_context(cadata=_put_certificate(root))
            async with asyncio.timeout(30):
                while not await _is_heard(seal.port, trusting):  # noqa: ASYNC110  as in house.until
                    await asyncio.sleep(0.02)


async def _is_heard(port: int, trusting: ssl.SSLContext) -> bool:
    try:
        return await _say_hello(port, trusting) == HELLO[:1]
    except OSError:  # not open yet, or with the certificate before
        return False


async def _say_hello(port: int, context: ssl.SSLContext) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
    try:
        writer.write(HELLO)
        return await reader.readexactly(1)
    finally:
        writer.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _put_certificate(root: Path) -> str:
    """Where the edge would; returns it in PEM."""
    key, at = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    unsigned = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    unsigned = unsigned.not_valid_before(at - timedelta(minutes=1)).not_valid_after(at + timedelta(days=1))
    unsigned = unsigned.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = unsigned.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    folder = root / "certificates/local/localhost"
    folder.mkdir(parents=True, exist_ok=True)
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "localhost.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    (folder / "localhost.crt").write_bytes(pem)
    return pem.decode()
