"""How who somebody is to a tax office is sealed and opened: as one, bound to the person."""

from uuid import UUID

import msgspec

from footlights.accounts.records import Taxpayer
from footlights.kernel import crypto


def of_taxpayer(person_id: UUID) -> str:
    return f"taxpayer:{person_id}"


def seal_taxpayer(taxpayer: Taxpayer, person_id: UUID) -> bytes:
    return crypto.seal(msgspec.json.encode(taxpayer), context=of_taxpayer(person_id))


def unseal_taxpayer(sealed: bytes | memoryview, person_id: UUID) -> Taxpayer:
    """Raises SealBrokenError."""
    return msgspec.json.decode(crypto.unseal(bytes(sealed), context=of_taxpayer(person_id)), type=Taxpayer)
