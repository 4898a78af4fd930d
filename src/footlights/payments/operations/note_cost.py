"""Book what the gateway keeps for itself."""

from datetime import datetime

from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal
from footlights.payments.causes import cost_cause
from footlights.payments.models import PaymentRow


def note_cost(payment: PaymentRow, cost: Money, at: datetime) -> None:
    """Once for each payment, when the gateway first names it. Joins the caller's transaction."""
    first = PaymentRow.objects.filter(pk=payment.pk, cost_minor=None).update(
        cost_minor=cost.amount_minor, cost_currency=cost.currency
    )
    if first:
        post_journal(
            cause=cost_cause(payment.id),
            postings=[Posting(f"gatewaycost:{payment.gateway}", cost), Posting(f"gateway:{payment.gateway}", -cost)],
            at=at,
            memo="What the gateway keeps",
        )
