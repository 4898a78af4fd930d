"""What the house trades by the day: money in, money back, disputes. Bounded reads, each over one index."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate

from footlights.kernel.money import Money
from footlights.payments.models import DisputeRow, PaymentRow, RefundRow
from footlights.payments.records import RefundState


@dataclass(frozen=True, slots=True)
class DayOfTrade:
    """One UTC day in one currency. What went back counts on the day it went, whenever it had come."""

    day: date
    captured: Money
    refunded: Money
    payments: int
    disputes: int


def trade_by_day(currency: str, since: date, until: date) -> list[DayOfTrade]:
    """Each day from `since` to `until`, both included; three queries."""
    came = _by_day(_captured(currency, since, until), "captured_at")
    refunds = RefundRow.objects.filter(currency=currency, state=RefundState.DONE, done_at__range=_moments(since, until))
    back = _by_day(refunds, "done_at")
    disputed = _by_day(
        DisputeRow.objects.filter(currency=currency, opened_at__range=_moments(since, until)), "opened_at"
    )
    nothing = (0, 0)
    return [
        DayOfTrade(
            day=day,
            captured=Money(came.get(day, nothing)[0], currency),
            refunded=Money(back.get(day, nothing)[0], currency),
            payments=came.get(day, nothing)[1],
            disputes=disputed.get(day, nothing)[1],
        )
        for day in (since + timedelta(days=offset) for offset in range((until - since).days + 1))
    ]


def count_payers(currency: str, since: date, until: date) -> int:
    """How many people paid in these days; a payment that names nobody counts as one."""
    paid = _captured(currency, since, until)
    return int(paid.aggregate(people=Count(Coalesce("payer_id", "id"), distinct=True))["people"])


def _captured(currency: str, since: date, until: date) -> QuerySet[PaymentRow]:
    return PaymentRow.objects.filter(currency=currency, captured_at__range=_moments(since, until))


def _moments(since: date, until: date) -> tuple[datetime, datetime]:
    """The first and the last moment of these days."""
    return datetime.combine(since, time.min, UTC), datetime.combine(until, time.max, UTC)


def _by_day(
    rows: QuerySet[PaymentRow] | QuerySet[RefundRow] | QuerySet[DisputeRow], moment: str
) -> Mapping[date, tuple[int, int]]:
    """Minor units and how many, by day."""
    found = rows.values_list(TruncDate(moment, tzinfo=UTC)).annotate(total=Sum("amount_minor"), count=Count("pk"))
    return {day: (int(total), count) for day, total, count in found}
