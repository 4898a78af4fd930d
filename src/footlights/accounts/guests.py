"""What a guest is called before they proved the address they typed."""

from uuid import UUID

DOMAIN = "guest.invalid"  # RFC 2606 §2: no mail ever goes there


def stand_in(person_id: UUID) -> str:
    """An address of their own in place of one that may be somebody else's."""
    return f"{person_id.hex}@{DOMAIN}"


def is_stand_in(address: str) -> bool:
    return address.endswith(f"@{DOMAIN}")
