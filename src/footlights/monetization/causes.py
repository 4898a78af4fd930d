"""The names under which purchases stand in the books."""

import uuid

COUPONS = "platform:coupons"  # what the platform bears of discounts, so that makers earn of the whole price


def reference_of(purchase_id: uuid.UUID) -> str:
    """What its payment and its tax evidence call it."""
    return f"purchase:{purchase_id}"


def sale_cause(purchase_id: uuid.UUID) -> str:
    return f"{reference_of(purchase_id)}:paid"


def refund_cause(purchase_id: uuid.UUID, refund_id: uuid.UUID) -> str:
    return f"{sale_cause(purchase_id)}:refunded:{refund_id}"


def undone_cause(purchase_id: uuid.UUID, refund_id: uuid.UUID) -> str:
    return f"{refund_cause(purchase_id, refund_id)}:undone"


def whole_refund_cause(purchase_id: uuid.UUID) -> str:
    """What the one refund of a purchase was called while there were no parts."""
    return f"{sale_cause(purchase_id)}:refunded"
