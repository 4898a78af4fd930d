"""The keys that nats-server knows: Ed25519, written as text with a prefix for what they are and a checksum.

https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
"""

import base64
import binascii
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEED_BYTES = 32


class Kind(IntEnum):
    """The first byte; it makes the text begin with O, A or U."""

    OPERATOR = 14 << 3
    ACCOUNT = 0
    USER = 20 << 3


class Key:
    """A private key, from 32 secret bytes."""

    def __init__(self, kind: Kind, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.name = public_name(kind, self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


def public_name(kind: Kind, public: bytes) -> str:
    """32 public bytes as text: prefix, bytes, CRC-16 (XMODEM, the low byte first), in base 32."""
    body = bytes([kind]) + public
    return base64.b32encode(body + binascii.crc_hqx(body, 0).to_bytes(2, "little")).decode().rstrip("=")
