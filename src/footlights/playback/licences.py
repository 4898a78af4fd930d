"""ClearKey licences as browsers write and read them (W3C Encrypted Media Extensions §9.1). Pure: decides nothing."""

import base64
import binascii
from collections.abc import Mapping, Sequence

from footlights.kernel.errors import InvalidInputError
from footlights.playback.policies import MAX_KEY_IDS

KEY_ID_BYTES = 16


def read_key_ids(written: Sequence[str]) -> list[str]:
    """Each as 32 hex digits. InvalidInputError unless they are 1 to MAX_KEY_IDS of 16 bytes in unpadded base64url."""
    if not 0 < len(written) <= MAX_KEY_IDS:
        raise InvalidInputError(f"Ask for 1 to {MAX_KEY_IDS} key ids.", field="kids")
    return [_hex_of(key_id) for key_id in written]


def write_licence(key_ids: Sequence[str], keys: Mapping[str, bytes]) -> dict[str, object]:
    """The licence that holds `keys` of `key_ids`, in hex, each of which must be there."""
    return {
        "keys": [
            {"kty": "oct", "kid": _base64url(bytes.fromhex(key_id)), "k": _base64url(keys[key_id])}
            for key_id in key_ids
        ],
        "type": "temporary",
    }


def _hex_of(key_id: str) -> str:
    try:
        raw = base64.b64decode(key_id + "=" * (-len(key_id) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidInputError("A key id is 16 bytes in base64url.", field="kids") from error
    if len(raw) != KEY_ID_BYTES:
        raise InvalidInputError("A key id is 16 bytes in base64url.", field="kids")
    return raw.hex()


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
