"""What was given, and what may be. Bounded reads."""

import uuid
from datetime import datetime

from django.db.models import Count, F, Sum

from footlights.giving import policies
from footlights.giving.models import TipJarRow, TipRow
from footlights.giving.records import ReceivedTip, State, Tip, TipJar, TipLimits, TipTotals
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.terms.api import SaleKind, price_limits, refund_terms

LIMIT_MAX = 500
GIVEN = (State.PAID, State.REFUNDED)


def tip_jar(channel_id: uuid.UUID) -> TipJar:
    """Whether the channel takes tips; closed until it says so."""
    row = TipJarRow.objects.filter(pk=channel_id).first()
    return row.to_record() if row else TipJar()


def tip_limits(currency: str, at: datetime) -> TipLimits:
    """What a tip may be, by the platform's terms, and what is suggested."""
    return policies.tip_limits(price_limits(SaleKind.TIP, currency, at), currency)


def get_tip(tip_id: uuid.UUID, giver_id: uuid.UUID) -> Tip:
    """A tip of this giver; anybody else's does not exist. Raises NotFoundError."""
    row = TipRow.objects.filter(pk=tip_id, giver_id=giver_id).first()
    if row is None:
        raise NotFoundError("There is no such tip.")
    return row.to_record()


def why_tip_not_returned(tip: Tip, at: datetime) -> str:
    """Why its giver cannot take it back by themselves now; nothing when they can."""
    return policies.why_tip_not_returned(state=tip.state, paid_at=tip.paid_at, terms=refund_terms(at), at=at)


def list_received_tips(channel_id: uuid.UUID, limit: int = 50, offset: int = 0) -> list[ReceivedTip]:
    """The newest first, those that went back included."""
    rows = TipRow.objects.filter(channel_id=channel_id, paid_at__isnull=False, state__in=GIVEN)
    return [row.to_received() for row in rows.order_by("-paid_at", "-id")[offset : offset + min(limit, LIMIT_MAX)]]


def get_received_tip(*, channel_id: uuid.UUID, tip_id: uuid.UUID) -> ReceivedTip:
    """One tip of this channel. Raises NotFoundError, also for one that was not paid."""
    rows = TipRow.objects.filter(pk=tip_id, channel_id=channel_id, paid_at__isnull=False, state__in=GIVEN)
    row = rows.first()
    if row is None:
        raise NotFoundError("There is no such tip.")
    return row.to_received()


def tip_totals(channel_id: uuid.UUID) -> list[TipTotals]:
    """One line for each currency."""
    rows = TipRow.objects.filter(channel_id=channel_id, paid_at__isnull=False, state__in=GIVEN)
    left = F("amount_minor") - F("refunded_minor")
    kept = F("fee_minor") - F("refunded_fee_minor") + F("shared_minor") - F("refunded_shared_minor")
    sums = rows.values("currency").annotate(count=Count("id"), given=Sum(left), kept=Sum(kept)).order_by("currency")
    return [
        TipTotals(
            count=each["count"],
            given=Money(int(each["given"]), each["currency"]),
            net=Money(int(each["given"] - each["kept"]), each["currency"]),
        )
        for each in sums
    ]
