"""Add a line to a payment's story."""

from datetime import datetime

from footlights.payments.models import PaymentEventRow, PaymentRow

DETAIL_LENGTH_MAX = 500


def tell(payment: PaymentRow, at: datetime, name: str, detail: str) -> None:
    """Joins the caller's transaction."""
    PaymentEventRow.objects.create(payment=payment, at=at, name=name, detail=detail[:DETAIL_LENGTH_MAX])
