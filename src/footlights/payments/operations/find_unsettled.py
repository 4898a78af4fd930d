"""What nobody told us, and what did not reach the gateway: found here, asked by a job for each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet

from footlights.payments import policies
from footlights.payments.models import DisputeRow, PaymentRow, PayoutRow, RefundRow
from footlights.payments.records import DisputeState, RefundState

FOUND_MAX = 1_000  # of each kind, what may wait in the queue at a time
DISPUTES_ASKED_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Their ids, those that wait longest first."""

    payments: list[UUID]
    refunds: list[UUID]
    payouts: list[UUID]
    evidence: list[UUID]  # disputes whose evidence was not handed in
    disputes: list[UUID]  # whose outcome is asked for, each once a day


def find_unsettled(*, at: datetime) -> Unsettled:
    """Up to 1,000 of each kind. Five queries."""
    since, retried = at - DISPUTES_ASKED_AGAIN_AFTER, at - policies.REFUND_RETRY_AFTER
    open_ = DisputeRow.objects.filter(state=DisputeState.OPEN)
    unasked = open_.filter(Q(looked_at=None, opened_at__lte=since) | Q(looked_at__lte=since))
    return Unsettled(
        payments=_first(PaymentRow.objects.filter(next_check_at__lte=at), "next_check_at"),
        refunds=_first(RefundRow.objects.filter(state=RefundState.ASKED, asked_at__lte=retried), "asked_at"),
        payouts=_first(PayoutRow.objects.filter(next_check_at__lte=at), "next_check_at"),
        evidence=_first(open_.filter(sent_at=None, answered_at__lte=retried), "answered_at"),
        disputes=_first(unasked, F("looked_at").asc(nulls_first=True), "opened_at"),
    )


def _first(due: QuerySet[Any, Model], *order: Any) -> list[UUID]:
    return list(due.order_by(*order).values_list("pk", flat=True)[:FOUND_MAX])
