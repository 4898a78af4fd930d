"""The names under which purchases stand in the books."""

import uuid


def sale_cause(purchase_id: uuid.UUID) -> str:
    return f"purchase:{purchase_id}:paid"


def refund_cause(purchase_id: uuid.UUID) -> str:
    return f"{sale_cause(purchase_id)}:refunded"
