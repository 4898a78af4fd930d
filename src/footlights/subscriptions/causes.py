"""The names under which subscriptions stand in the books."""

import uuid
from datetime import date


def paid_cause(invoice_id: uuid.UUID) -> str:
    return f"invoice:{invoice_id}:paid"


def day_cause(invoice_id: uuid.UUID, day: int) -> str:
    return f"invoice:{invoice_id}:day:{day}"


def refund_cause(invoice_id: uuid.UUID, refund_id: uuid.UUID) -> str:
    return f"invoice:{invoice_id}:refund:{refund_id}"


def refund_failed_cause(invoice_id: uuid.UUID, refund_id: uuid.UUID) -> str:
    return f"{refund_cause(invoice_id, refund_id)}:failed"


def unneeded_cause(attempt_id: uuid.UUID) -> str:
    return f"invoice:{attempt_id}:unneeded"


def unneeded_refund_cause(attempt_id: uuid.UUID) -> str:
    return f"{unneeded_cause(attempt_id)}:refunded"


def pass_cause(plan_id: uuid.UUID, month: date, currency: str) -> str:
    return f"pass:{plan_id}:{month:%Y-%m}:{currency.lower()}"
