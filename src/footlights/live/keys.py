"""How the keys of this context are sealed, and what is kept of one to find it by."""

import hashlib
from uuid import UUID

KEY_BYTES = SECRET_BYTES = 16


def content_context(key_id: UUID) -> str:
    """What a broadcast's key is sealed for, and behind it the secret that the keys of its runs are made from."""
    return f"broadcast-key:{key_id.hex}"


def stream_context(channel_id: UUID) -> str:
    """What a channel's stream key is sealed for."""
    return f"stream-key:{channel_id.hex}"


def digest_of(stream_key: str) -> bytes:
    return hashlib.sha256(f"footlights.live:{stream_key}".encode()).digest()
