"""The names under which purchases stand in the books."""

import uuid


def reference_of(purchase_id: uuid.UUID) -> str:
    """What its payment and its tax evidence call it."""
    return f"purchase:{purchase_id}"


def sale_cause(purchase_id: uuid.UUID) -> str:
    return f"{reference_of(purchase_id)}:paid"


def refund_cause(purchase_id: uuid.UUID) -> str:
    return f"{sale_cause(purchase_id)}:refunded"
