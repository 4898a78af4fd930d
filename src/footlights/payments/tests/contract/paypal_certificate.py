"""What the PayPal on this machine signs its webhooks with, made once a run."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from zlib import crc32

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate() -> bytes:
    name, today = x509.Name([]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key().public_key(), x509.random_serial_number())
    valid = builder.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
    return valid.sign(key(), SHA256()).public_bytes(Encoding.PEM)


def signed(body: bytes, at: datetime, *, webhook: str, home: str) -> dict[str, str]:
    """The headers of a webhook."""
    sent_at = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    signature = key().sign(f"t-1|{sent_at}|{webhook}|{crc32(body)}".encode(), padding.PKCS1v15(), SHA256())
    return {
        "paypal-transmission-id": "t-1", "paypal-transmission-time": sent_at, "paypal-auth-algo": "SHA256withRSA",
        "paypal-cert-url": f"{home}/v1/notifications/certs/CERT-1",
        "paypal-transmission-sig": b64encode(signature).decode(),
    }  # fmt: skip
