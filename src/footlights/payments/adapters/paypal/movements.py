"""PayPal's own account of what it holds for us: its transactions.

Source: https://developer.paypal.com/docs/transaction-search/ and its table of event codes. It is some three hours
behind.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import Movement, MovementKind, MovementPage
from footlights.payments.adapters.paypal import calls
from footlights.payments.adapters.paypal.amounts import from_paypal, written
from footlights.payments.adapters.paypal.truths import BETWEEN

PAGE = 500  # the most PayPal gives at once
SPAN = timedelta(days=31)  # the most it searches at once
SEARCH = "/v1/reporting/transactions"
KINDS = {
    "T0001": MovementKind.PAYOUT,
    "T1114": MovementKind.PAYOUT,  # reversed
    "T1115": MovementKind.PAYOUT,  # refunded
    "T1107": MovementKind.REFUND,
    "T0106": MovementKind.FEE,  # for a chargeback
    "T0114": MovementKind.FEE,  # for a dispute
    "T1106": MovementKind.DISPUTE,  # payment reversed
    "T1110": MovementKind.DISPUTE,  # held
    "T1111": MovementKind.DISPUTE,  # and let go
    "T1201": MovementKind.DISPUTE,  # chargeback
    "T1202": MovementKind.DISPUTE,  # and back
}
CHARGES = re.compile("T00[0-9]{2}")
COUNTED = frozenset({"S", "V"})  # done, or done and undone since by a line of its own; not pending, not denied
NEXT_TO_IT = ":fee"


def list_page(*, since: datetime, until: datetime, after: str) -> MovementPage:
    """`after` is where a span of at most 31 days begins, and a page in it."""
    begins, _, page = (after or f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} 1").partition(" ")
    start = datetime.fromisoformat(begins)
    end = min(start + SPAN, until)
    if start >= end:
        return MovementPage(())
    told = _search(start, end, page_size=str(PAGE), page=page)
    rows = [each["transaction_info"] for each in told.get("transaction_details") or ()]
    within = tuple(movement for row in rows for movement in _movements_of(row) if since <= movement.at < until)
    if int(page) < int(told.get("total_pages") or 1):
        return MovementPage(within, f"{begins} {int(page) + 1}")
    return MovementPage(within, f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} 1" if end < until else "")


def find_capture(reference: str, amount: Money, *, until: datetime) -> str | None:
    """The capture that was made under our reference in the last days, whose answer was lost."""
    minor = str(amount.amount_minor)
    told = _search(
        until - SPAN + timedelta(hours=1),
        until,
        page_size=str(PAGE),
        transaction_currency=amount.currency,
        transaction_amount=f"{minor} TO {minor}" if "." in written(amount) else "",
    )
    rows = [each["transaction_info"] for each in told.get("transaction_details") or ()]
    ours = [row for row in rows if _named(row) == reference and CHARGES.fullmatch(str(row["transaction_event_code"]))]
    return str(ours[0]["transaction_id"]) if ours else None


def _search(start: datetime, end: datetime, **more: str) -> dict[str, Any]:
    asked = {name: value for name, value in more.items() if value}
    return calls.get(
        SEARCH,
        start_date=f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        end_date=f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        fields="transaction_info",
        **asked,
    )


def _movements_of(row: dict[str, Any]) -> Iterator[Movement]:
    if row.get("transaction_status") not in COUNTED:
        return
    code = str(row["transaction_event_code"])
    kind = KINDS.get(code) or (MovementKind.CHARGE if CHARGES.fullmatch(code) else MovementKind.OTHER)
    reference = "" if kind is MovementKind.OTHER else _reference(row)
    at = datetime.fromisoformat(str(row["transaction_initiation_date"]))
    amount = from_paypal(row["transaction_amount"])
    if amount:
        yield Movement(str(row["transaction_id"]), kind, reference, amount, at)
    fee = from_paypal(row["fee_amount"]) if row.get("fee_amount") else None
    if fee:
        of = MovementKind.OTHER if kind is MovementKind.OTHER else MovementKind.FEE
        yield Movement(f"{row['transaction_id']}{NEXT_TO_IT}", of, reference, fee, at)


def _reference(row: dict[str, Any]) -> str:
    """On the transaction, or on the capture it is about."""
    about = str(row.get("paypal_reference_id") or "")
    if _named(row) or row.get("paypal_reference_id_type") != "TXN":
        return _named(row)
    try:
        return str(calls.get(f"/v2/payments/captures/{about}").get("custom_id") or "")
    except calls.PayPalRefusedError:
        return ""


def _named(row: dict[str, Any]) -> str:
    return str(row.get("custom_field") or row.get("invoice_id") or "").partition(BETWEEN)[0]
