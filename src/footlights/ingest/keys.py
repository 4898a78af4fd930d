"""What segments are sealed with: one key a broadcast, or one a run, made from a secret that no viewer ever gets.

Pure. The key of run n is HMAC-SHA-256 of the secret over its number, as NIST SP 800-108r1 §4.1 makes keys: 12 bytes
that show whoever has the secret that a key id is right, and 16 bytes of key. The key id is the number and those 12.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

_LABEL = b"footlights.live run key\0"
_NUMBER_BYTES, _PROOF_BYTES, _KEY_BYTES = 4, 12, 16


@dataclass(frozen=True, slots=True)
class Key:
    """Both are 16 bytes in hex."""

    key_id: str
    key: str


def key_of_run(secret: bytes, number: int) -> Key:
    """The key of a broadcast's run. `secret` is the broadcast's, 16 bytes; `number` counts from 1."""
    counted = number.to_bytes(_NUMBER_BYTES, "big")
    made = hmac.digest(secret, b"\x01" + _LABEL + counted, sha256)
    return Key((counted + made[:_PROOF_BYTES]).hex(), made[_PROOF_BYTES:][:_KEY_BYTES].hex())


def find_key(secret: bytes, key_id: str) -> Key | None:
    """The key of this id, if it is of a run of the broadcast with this secret."""
    number = int.from_bytes(bytes.fromhex(key_id)[:_NUMBER_BYTES], "big")
    key = key_of_run(secret, number)
    return key if hmac.compare_digest(key.key_id, key_id) else None
