"""What the trail is told of a payment. Joins the caller's transaction."""

from typing import Any

from footlights.audit.api import Act, record
from footlights.payments.models import PaymentRow


def tell_trail(act: Act, payment: PaymentRow, **after: Any) -> None:
    record(
        act=act,
        object_kind="payment",
        object_id=payment.pk,
        after={
            "reference": payment.reference,
            "amount": f"{payment.amount.decimal} {payment.amount.currency}",
            "gateway": payment.gateway,
            **after,
        },
    )
