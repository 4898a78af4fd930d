"""Book what the gateway keeps for itself."""

from datetime import datetime

from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal
from footlights.payments.causes import cost_cause, sending_cause
from footlights.payments.models import PaymentRow, PayoutRow


def note_cost(payment: PaymentRow, cost: Money, at: datetime) -> None:
    """Once for each payment, when the gateway first names it. Joins the caller's transaction."""
    first = PaymentRow.objects.filter(pk=payment.pk, cost_minor=None).update(
        cost_minor=cost.amount_minor, cost_currency=cost.currency
    )
    if first:
        _book(cost_cause(payment.id), payment.gateway, cost, at, memo="What the gateway keeps")


def note_cost_of_sending(payout: PayoutRow, cost: Money, at: datetime) -> None:
    """Once for each payout; the platform bears it, and the payee gets all of theirs. Joins the caller's transaction."""
    first = PayoutRow.objects.filter(pk=payout.pk, cost_minor=None).update(
        cost_minor=cost.amount_minor, cost_currency=cost.currency
    )
    if first:
        _book(sending_cause(payout.reference), payout.gateway, cost, at, memo="What sending it cost")


def _book(cause: str, gateway: str, cost: Money, at: datetime, *, memo: str) -> None:
    taken = [Posting(f"gatewaycost:{gateway}", cost), Posting(f"gateway:{gateway}", -cost)]
    post_journal(cause=cause, postings=taken, at=at, memo=memo)
