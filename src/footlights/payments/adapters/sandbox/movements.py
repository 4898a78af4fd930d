"""The account the sandbox gateway keeps for its merchant: a line for each time money moved."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from footlights.kernel.money import Money, exponent_of
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxMovement

COST_BPS, COST_FIXED = 150, Decimal("0.25")  # of each payment: 1.5 % and a quarter of the currency's unit
PAGE = 500


def note_charge(checkout: SandboxCheckout, at: datetime) -> None:
    """What was charged, and what the gateway keeps of it. Joins the caller's transaction."""
    reference, currency = checkout.merchant_reference, checkout.currency
    note_movement("charge", reference, Money(checkout.charged_minor, currency), at)
    note_movement("fee", reference, Money(-cost_minor(checkout), currency), at)


def note_movement(kind: str, reference: str, amount: Money, at: datetime) -> None:
    """Joins the caller's transaction."""
    SandboxMovement.objects.create(
        kind=kind,
        merchant_reference=reference,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        created_at=at,
    )


def list_movements(*, since: datetime, until: datetime, after: str) -> dict[str, Any]:
    rows = SandboxMovement.objects.filter(created_at__gte=since, created_at__lt=until, pk__gt=int(after or 0))
    page = list(rows.order_by("pk")[: PAGE + 1])
    return {
        "data": [
            {
                "id": str(row),
                "kind": row.kind,
                "merchant_reference": row.merchant_reference,
                "amount_minor": row.amount_minor,
                "currency": row.currency,
                "created_at": row.created_at,
            }
            for row in page[:PAGE]
        ],
        "after": str(page[PAGE - 1].pk) if len(page) > PAGE else "",
    }


def cost_of(merchant_reference: str) -> int:
    """What was kept so far of what was asked for under a reference."""
    fees = SandboxMovement.objects.filter(merchant_reference=merchant_reference, kind="fee")
    return -int(fees.aggregate(sum=Sum("amount_minor", default=0))["sum"])


def sending_cost_minor(currency: str) -> int:
    """0.25 of the currency's unit for each payout; none of it where there are no such pieces."""
    return int(COST_FIXED.scaleb(exponent_of(currency)))


def cost_minor(checkout: SandboxCheckout) -> int:
    """1.5 % rounded half to even, and 0.25 of the currency's unit (none of it where there are no such pieces)."""
    charged = Money(checkout.charged_minor, checkout.currency)
    fixed = sending_cost_minor(checkout.currency)
    return min(charged.share_bps(COST_BPS).amount_minor + fixed, checkout.charged_minor)
