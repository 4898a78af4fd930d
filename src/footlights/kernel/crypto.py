"""Encryption at rest: one Tink AEAD keyset seals content keys, sources and secrets, each bound to its context.

Never logs what it seals. Whatever is kept sealed says in its context's `resealing.py` how it is sealed anew.
"""

import os
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tink.core import TinkError

from footlights.kernel import keyset
from footlights.kernel.errors import FootlightsError

Buffer = bytes | bytearray | memoryview

_NONCE_BYTES = 12
_TAG_BYTES = 16
BULK_HEAD_BYTES = 2 + 128  # more than a sealed data key takes


class SealBrokenError(FootlightsError):
    """This was sealed with another keyset, for another context, or was altered. Restore the keyset it belongs to."""

    code = "seal_broken"


def seal(plaintext: bytes, *, context: str) -> bytes:
    """AES-256-GCM ciphertext of `plaintext` that only opens with the same `context` (say, "content-key:<id>")."""
    return cast("bytes", keyset.primitive().encrypt(plaintext, context.encode()))


def unseal(ciphertext: bytes, *, context: str) -> bytes:
    """The plaintext. Raises SealBrokenError."""
    try:
        return cast("bytes", keyset.primitive().decrypt(ciphertext, context.encode()))
    except TinkError as error:
        raise SealBrokenError("A sealed value does not open with this installation's keyset.") from error


def seal_bulk(plaintext: Buffer, *, context: str) -> bytearray:
    """Like `seal`, for megabytes: under a data key of its own, which the keyset seals (envelope encryption).

    OpenSSL's AES-256-GCM does this four times as fast as Tink through Python. Layout: length of the sealed data key
    (2 bytes), sealed data key, nonce, ciphertext with tag.
    """
    data_key = AESGCM.generate_key(256)
    sealed_key = seal(data_key, context=f"data-key:{context}")
    nonce = os.urandom(_NONCE_BYTES)
    head = len(sealed_key).to_bytes(2, "big") + sealed_key + nonce
    sealed = bytearray(len(head) + len(memoryview(plaintext)) + _TAG_BYTES)
    sealed[: len(head)] = head
    with memoryview(sealed) as view:
        AESGCM(data_key).encrypt_into(nonce, plaintext, context.encode(), view[len(head) :])
    return sealed


def unseal_bulk(sealed: bytes, *, context: str) -> bytes:
    """The plaintext of `seal_bulk`. Raises SealBrokenError."""
    begin = 2 + int.from_bytes(sealed[:2], "big")
    data_key = unseal(sealed[2:begin], context=f"data-key:{context}")
    nonce = sealed[begin : begin + _NONCE_BYTES]
    try:
        return AESGCM(data_key).decrypt(nonce, memoryview(sealed)[begin + _NONCE_BYTES :], context.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError("A sealed object was altered or belongs elsewhere.") from error


def is_current(sealed: Buffer) -> bool:
    """Whether the primary key sealed it."""
    return bytes(sealed[: keyset.PREFIX_BYTES]) == keyset.prefix()


def reseal(sealed: bytes, *, context: str) -> bytes:
    """The same, under the primary key. Raises SealBrokenError."""
    return seal(unseal(sealed, context=context), context=context)


def bulk_head(sealed: Buffer) -> bytes:
    """The sealed data key of what `seal_bulk` made, from at least its first BULK_HEAD_BYTES."""
    return bytes(sealed[2 : 2 + int.from_bytes(sealed[:2], "big")])


def reseal_bulk(sealed: bytes, *, context: str) -> bytearray:
    """The same under the primary key: only the data key is sealed anew, the rest is copied as it is."""
    head = bulk_head(sealed)
    fresh = reseal(head, context=f"data-key:{context}")
    return bytearray(len(fresh).to_bytes(2, "big") + fresh) + memoryview(sealed)[2 + len(head) :]
