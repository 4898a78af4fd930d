"""The names under which what is given stands in the books: of a reference, such as `tip:<id>`."""

import uuid


def paid_cause(reference: str) -> str:
    return f"{reference}:paid"


def redeemed_cause(reference: str) -> str:
    """Of a gift: from here on it is earned."""
    return f"{reference}:redeemed"


def refund_cause(reference: str, refund_id: uuid.UUID) -> str:
    return f"{paid_cause(reference)}:refunded:{refund_id}"


def undone_cause(reference: str, refund_id: uuid.UUID) -> str:
    return f"{refund_cause(reference, refund_id)}:undone"
