"""The keys that nats-server knows: Ed25519, written as text with a prefix for what they are and a checksum.

https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
"""

import base64
import binascii
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEED_BYTES = 32


SEED = 18 << 3  # the first byte of a seed's text; it makes it begin with S


class Kind(IntEnum):
    """The first byte; it makes the text begin with O, A or U."""

    OPERATOR = 14 << 3
    ACCOUNT = 0
    USER = 20 << 3


class Key:
    """A private key, from 32 secret bytes."""

    def __init__(self, kind: Kind, seed: bytes) -> None:
        self._kind, self._seed = kind, seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.name = public_name(kind, self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def seed(self) -> str:
        """The secret itself as text, for a program that signs by itself."""
        return _text(bytes([SEED | self._kind >> 5, (self._kind & 31) << 3]) + self._seed)


def public_name(kind: Kind, public: bytes) -> str:
    """32 public bytes as text: prefix, bytes, CRC-16 (XMODEM, the low byte first), in base 32."""
    return _text(bytes([kind]) + public)


def _text(body: bytes) -> str:
    return base64.b32encode(body + binascii.crc_hqx(body, 0).to_bytes(2, "little")).decode().rstrip("=")
