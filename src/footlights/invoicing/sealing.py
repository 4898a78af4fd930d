"""How names and addresses are sealed and opened."""

from typing import TypeVar
from uuid import UUID

import msgspec

from footlights.kernel import crypto

Kept = TypeVar("Kept")


def of_document(document_id: UUID) -> str:
    return f"document:{document_id}"


def of_seller(seller_id: UUID) -> str:
    return f"seller:{seller_id}"


def of_buyer(person_id: UUID) -> str:
    return f"buyer:{person_id}"


def seal(kept: object, *, context: str) -> bytes:
    return crypto.seal(msgspec.json.encode(kept), context=context)


def unseal(sealed: bytes | memoryview, kind: type[Kept], *, context: str) -> Kept:
    """Raises SealBrokenError."""
    return msgspec.json.decode(crypto.unseal(bytes(sealed), context=context), type=kind)
