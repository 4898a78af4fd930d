"""What the PayPal on this machine signs its webhooks with, made once a run."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
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
