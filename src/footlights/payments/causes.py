"""The names under which payments stand in the books."""

import uuid


def flagged_cause(payment_id: uuid.UUID) -> str:
    return f"payment:{payment_id}:flagged"


def flagged_refund_cause(payment_id: uuid.UUID, refund_id: uuid.UUID) -> str:
    return f"{flagged_cause(payment_id)}:refunded:{refund_id}"


def cost_cause(payment_id: uuid.UUID) -> str:
    return f"payment:{payment_id}:cost"


def sending_cause(reference: str) -> str:
    """Of what it costs to send a payout."""
    return f"{reference}:cost"


def dispute_cause(dispute_id: uuid.UUID, what: str) -> str:
    """`what` is opened, won or lost."""
    return f"dispute:{dispute_id}:{what}"
