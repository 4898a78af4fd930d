"""Stripe's own account of what it holds for us: its balance transactions.

Source: https://docs.stripe.com/reports/balance-transaction-types. What a buyer paid is told in
their currency, as it was asked; the fee in the one it was taken in.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import stripe

from footlights.payments.adapters.gateway import Movement, MovementKind, MovementPage
from footlights.payments.adapters.stripe.amounts import from_stripe
from footlights.payments.adapters.stripe.calls import asking, client
from footlights.payments.adapters.stripe.truths import OURS

PAGE = 100  # the most Stripe gives at once
KINDS = {
    "charge": MovementKind.CHARGE,
    "payment": MovementKind.CHARGE,
    "refund": MovementKind.REFUND,
    "payment_refund": MovementKind.REFUND,
    "refund_failure": MovementKind.REFUND,
    "payment_failure_refund": MovementKind.REFUND,
    "adjustment": MovementKind.DISPUTE,
    "transfer": MovementKind.PAYOUT,
    "transfer_refund": MovementKind.PAYOUT,
}
NEXT_TO_IT = ":fee"  # after the id of the transaction a fee was taken with


def list_page(*, since: datetime, until: datetime, after: str) -> MovementPage:
    params: Any = {
        "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
        "limit": PAGE,
        "expand": ["data.source", "data.source.payment_intent"],
    }
    if after:
        params["starting_after"] = after
    with asking():
        page = client().v1.balance_transactions.list(params)
    found = tuple(movement for row in page.data for movement in _movements_of(row))
    return MovementPage(found, page.data[-1].id if page.has_more else "")


def _movements_of(row: stripe.BalanceTransaction) -> Iterator[Movement]:
    told: dict[str, Any] = row.to_dict()
    source = told["source"] if isinstance(told["source"], dict) else {}
    kind = KINDS.get(row.type, MovementKind.OTHER)
    if kind is MovementKind.DISPUTE and source.get("object") != "dispute":
        kind = MovementKind.OTHER
    reference, at = _reference(source), datetime.fromtimestamp(row.created, UTC)
    amount = from_stripe(row.amount, row.currency)
    if "currency" in source and kind is not MovementKind.OTHER:
        moved = from_stripe(source["amount"], source["currency"])
        amount = moved if row.amount > 0 else -moved
    if row.amount:
        yield Movement(row.id, kind, reference, amount, at)
    if row.fee:
        of = MovementKind.FEE if kind is not MovementKind.OTHER else kind
        yield Movement(f"{row.id}{NEXT_TO_IT}", of, reference, from_stripe(-row.fee, row.currency), at)


def _reference(source: dict[str, Any]) -> str:
    """On the payment it came from; a transfer carries it itself."""
    intent = source.get("payment_intent")
    carrier = intent if isinstance(intent, dict) else source
    return str((carrier.get("metadata") or {}).get(OURS, ""))
