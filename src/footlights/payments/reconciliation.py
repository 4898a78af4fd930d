"""Bounded reads of what gateways were compared with."""

from dataclasses import replace
from datetime import date

from django.db.models import Count, Q

from footlights.kernel.ids import parse_id
from footlights.payments.booked import ALONE
from footlights.payments.models import DifferenceRow, PaymentRow, PayoutRow, ReconciledDayRow
from footlights.payments.records import Difference, ReconciledDay

DAYS_SHOWN = 90
LIMIT_MAX = 200


def list_gateways_in_use() -> list[str]:
    """Those that somebody was asked for money with."""
    return list(PaymentRow.objects.order_by("gateway").values_list("gateway", flat=True).distinct())


def list_reconciled_days() -> list[ReconciledDay]:
    """The newest first, of each gateway."""
    days = list(ReconciledDayRow.objects.order_by("-day", "gateway")[:DAYS_SHOWN])
    counted = (
        DifferenceRow.objects.filter(day__in={each.day for each in days})
        .values_list("gateway", "day")
        .annotate(still_open=Count("id", filter=Q(settled_at=None)), all=Count("id"))
    )
    found = {(gateway, day): (still_open, all_ - still_open) for gateway, day, still_open, all_ in counted}
    return [
        ReconciledDay(
            each.gateway,
            each.day,
            each.matched,
            *found.get((each.gateway, each.day), (0, 0)),
            is_over=each.compared_until is None,
        )
        for each in days
    ]


def list_differences(*, day: date | None = None, limit: int = 50, offset: int = 0) -> list[Difference]:
    """Those that are open first, then the newest."""
    rows = DifferenceRow.objects.order_by("-settled_at", "-found_at", "pk")
    if day:
        rows = rows.filter(day=day)
    return _with_stories([row.to_record() for row in rows[offset : offset + min(limit, LIMIT_MAX)]])


def _with_stories(found: list[Difference]) -> list[Difference]:
    ids = [ours for each in found if (ours := parse_id(each.reference))]
    payments = set(PaymentRow.objects.filter(pk__in=ids).values_list("pk", flat=True))
    payouts = set(PayoutRow.objects.filter(pk__in=ids).values_list("pk", flat=True))
    return [
        replace(
            each,
            payment_id=parse_id(each.reference) if parse_id(each.reference) in payments else None,
            payout_id=parse_id(each.reference) if parse_id(each.reference) in payouts else None,
            journal_id=parse_id(each.reference.removeprefix(ALONE)) if each.reference.startswith(ALONE) else None,
        )
        for each in found
    ]
