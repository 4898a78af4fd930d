"""Bounded reads of payments."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, Sum

from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import parse_id
from footlights.kernel.money import Money
from footlights.payments.causes import cost_cause, dispute_cause, flagged_cause, flagged_refund_cause
from footlights.payments.models import (
    DestinationRow,
    DisputeRow,
    FingerprintRow,
    MethodRow,
    PaymentEventRow,
    PaymentRow,
    PayoutRow,
    RefundRow,
)
from footlights.payments.records import (
    Destination,
    Dispute,
    DisputeState,
    Method,
    Payment,
    PaymentEvent,
    PaymentState,
    Payout,
    Refund,
    Totals,
)

LIMIT_MAX = 200
EVENTS_MAX = 500


def get_payment(payment_id: uuid.UUID) -> Payment:
    """Raises NotFoundError."""
    row = PaymentRow.objects.filter(pk=payment_id).first()
    if row is None:
        raise NotFoundError("There is no such payment.")
    return row.to_record()


def find_payment_by_reference(reference: str) -> Payment | None:
    row = PaymentRow.objects.filter(reference=reference).first()
    return row.to_record() if row else None


def list_payments(
    *,
    text: str = "",
    state: PaymentState | str | None = None,
    amount_minor: int | None = None,
    references: Sequence[str] = (),
    payer_ids: Sequence[uuid.UUID] = (),
    limit: int = 50,
    offset: int = 0,
) -> list[Payment]:
    """The newest first. `text` finds by either id, a reference or its end, a part of the description.

    With `references` or `payer_ids` those of either.
    """
    rows = PaymentRow.objects.order_by("-created_at")
    if text.strip():
        rows = rows.filter(_matches(text.strip()))
    if state:
        rows = rows.filter(state=state)
    if amount_minor is not None:
        rows = rows.filter(Q(amount_minor=amount_minor) | Q(seen_amount_minor=amount_minor))
    if references or payer_ids:
        rows = rows.filter(Q(reference__in=references) | Q(payer_id__in=payer_ids))
    return [row.to_record() for row in rows[offset : offset + min(limit, LIMIT_MAX)]]


def list_payment_events(payment_id: uuid.UUID) -> list[PaymentEvent]:
    """A payment's story, from the first line."""
    rows = PaymentEventRow.objects.filter(payment_id=payment_id).order_by("id")
    return [row.to_record() for row in rows[:EVENTS_MAX]]


def list_refunds(payment_id: uuid.UUID) -> list[Refund]:
    """In the order in which they were asked for."""
    rows = RefundRow.objects.filter(payment_id=payment_id).order_by("asked_at", "pk")
    return [row.to_record() for row in rows[:LIMIT_MAX]]


def list_payment_causes(payment_id: uuid.UUID) -> list[str]:
    """The journals that payments itself may have posted about a payment."""
    refunds = RefundRow.objects.filter(payment_id=payment_id).order_by("asked_at").values_list("pk", flat=True)
    flagged = [flagged_cause(payment_id), *(flagged_refund_cause(payment_id, refund) for refund in refunds)]
    disputes = DisputeRow.objects.filter(payment_id=payment_id).order_by("opened_at").values_list("pk", flat=True)
    steps = [dispute_cause(dispute, step) for dispute in disputes for step in ("opened", "won", "lost")]
    return [cost_cause(payment_id), *flagged, *steps]


def list_disputes(
    *, state: DisputeState | None = None, payment_id: uuid.UUID | None = None, limit: int = 50, offset: int = 0
) -> list[Dispute]:
    """The newest first."""
    rows = DisputeRow.objects.order_by("-opened_at", "-pk")
    if state:
        rows = rows.filter(state=state)
    if payment_id:
        rows = rows.filter(payment_id=payment_id)
    return [row.to_record() for row in rows[offset : offset + min(limit, LIMIT_MAX)]]


def count_unanswered(at: datetime) -> int:
    """Open disputes that nobody answered, while an answer still counts."""
    unanswered = DisputeRow.objects.filter(state=DisputeState.OPEN, answered_at=None)
    return unanswered.exclude(answer_by__lt=at).count()


def get_dispute(dispute_id: uuid.UUID) -> Dispute:
    """Raises NotFoundError."""
    row = DisputeRow.objects.filter(pk=dispute_id).first()
    if row is None:
        raise NotFoundError("There is no such dispute.")
    return row.to_record()


def find_evidence(dispute_id: uuid.UUID) -> str:
    """What speaks for us, as it was handed in; empty while nothing was."""
    row = DisputeRow.objects.filter(pk=dispute_id).first()
    return row.evidence if row else ""


def get_payout(payout_id: uuid.UUID) -> Payout:
    """Raises NotFoundError."""
    row = PayoutRow.objects.filter(pk=payout_id).first()
    if row is None:
        raise NotFoundError("There is no such payout.")
    return row.to_record()


def get_destination(destination_ref: str) -> Destination:
    """Raises NotFoundError."""
    ours = parse_id(destination_ref)
    row = DestinationRow.objects.filter(pk=ours).first() if ours else None
    if row is None:
        raise NotFoundError("There is no such destination.")
    return row.to_record()


def list_methods(payer_id: uuid.UUID) -> list[Method]:
    """The ways of paying kept for somebody, the default first, then the newest."""
    rows = MethodRow.objects.filter(payer_id=payer_id, forgotten_at=None).order_by("-is_default", "-saved_at")
    return [row.to_record() for row in rows[:LIMIT_MAX]]


def find_default_method(payer_id: uuid.UUID) -> Method | None:
    row = MethodRow.objects.filter(payer_id=payer_id, is_default=True).first()
    return row.to_record() if row else None


def list_fingerprints(payer_id: uuid.UUID) -> list[bytes]:
    """Keyed digests of what they paid with, the latest first: at most LIMIT_MAX."""
    rows = FingerprintRow.objects.filter(payer_id=payer_id).order_by("-paid_at")
    return [bytes(digest) for digest in rows.values_list("digest", flat=True)[:LIMIT_MAX]]


def list_payers(digests: Sequence[bytes]) -> list[uuid.UUID]:
    """Who paid with any of these (list_fingerprints), the latest first: at most LIMIT_MAX."""
    rows = FingerprintRow.objects.filter(digest__in=digests).order_by("-paid_at")
    return list(rows.values_list("payer_id", flat=True)[:LIMIT_MAX])


def count_payments_by_state() -> dict[str, int]:
    return dict(PaymentRow.objects.values_list("state").annotate(count=Count("id")))


def payment_totals(since: datetime, until: datetime) -> list[Totals]:
    """What came in and what went back of the payments decided from `since` up to `until`, for each currency."""
    rows = (
        PaymentRow.objects.filter(state_at__gte=since, state_at__lt=until)
        .values_list("currency")
        .annotate(
            captured=Sum("amount_minor", filter=Q(state=PaymentState.CAPTURED), default=0),
            refunded=Sum("refunded_minor", filter=~Q(state=PaymentState.FLAGGED), default=0),
        )
        .order_by("currency")
    )
    return [
        Totals(Money(int(captured), currency), Money(int(refunded), currency)) for currency, captured, refunded in rows
    ]


def _matches(text: str) -> Q:
    matches = Q(gateway_ref=text) | Q(reference__endswith=text) | Q(description__icontains=text)
    try:
        return matches | Q(pk=uuid.UUID(text))
    except ValueError:
        return matches
