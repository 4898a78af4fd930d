"""Encryption at rest: one Tink AEAD keyset seals content keys, sources and secrets, each bound to its context.

Owns the keyset file (mode 0600 in the data folder). Never sees what it seals, and never logs it.
"""

from functools import cache
from typing import cast

import tink
from tink import aead, secret_key_access
from tink.core import TinkError

from footlights.kernel import environment
from footlights.kernel.errors import FootlightsError


class SealBrokenError(FootlightsError):
    """This was sealed with another keyset, for another context, or was altered. Restore the keyset it belongs to."""

    code = "seal_broken"


def seal(plaintext: bytes, *, context: str) -> bytes:
    """AES-256-GCM ciphertext of `plaintext` that only opens with the same `context` (say, "content-key:<id>")."""
    return cast("bytes", _primitive().encrypt(plaintext, context.encode()))


def unseal(ciphertext: bytes, *, context: str) -> bytes:
    """The plaintext. Raises SealBrokenError."""
    try:
        return cast("bytes", _primitive().decrypt(ciphertext, context.encode()))
    except TinkError as error:
        raise SealBrokenError("A sealed value does not open with this installation's keyset.") from error


@cache
def _primitive() -> aead.Aead:
    aead.register()
    path = environment.load().secrets / "keyset.json"
    text = environment.read_or_create_secret(path, _new_keyset)
    handle = tink.json_proto_keyset_format.parse(text.decode(), secret_key_access.TOKEN)
    return handle.primitive(aead.Aead)


def _new_keyset() -> bytes:
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    return cast("str", tink.json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN)).encode()
