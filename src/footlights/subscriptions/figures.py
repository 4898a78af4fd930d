"""What a channel's members come to: how many, what they bring a month, who came and who left. Bounded reads.

Nothing is counted ahead: who is a member on a day follows from when subscriptions began and ended.
"""

import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from footlights.kernel.money import Money
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.policies.figures import churn_bps, lifetime_value, monthly_minor
from footlights.subscriptions.records import DayOfMembers, Interval, MemberFigures, State

PAYING = (State.ACTIVE, State.PAST_DUE, State.CANCELLING)
WINDOW = timedelta(days=30)


def member_figures(channel_id: uuid.UUID | None, at: datetime) -> list[MemberFigures]:
    """For each currency its members pay in, the largest first; None is of all channels together. Six queries."""
    rows = _begun(channel_id)
    now_in = _by_currency(rows.exclude(state=State.ENDED))
    paying = rows.filter(state__in=PAYING, paid_periods__gt=0)
    monthly: Counter[str] = Counter()
    for currency, interval, total in paying.values_list("terms__currency", "terms__interval").annotate(
        total=Sum("terms__amount_minor")
    ):
        monthly[currency] += monthly_minor(int(total), Interval(interval))
    before = at - WINDOW
    came = _by_currency(rows.filter(began_at__gt=before))
    at_start = _by_currency(rows.filter(Q(ended_at=None) | Q(ended_at__gt=before), began_at__lte=before))
    lost = _by_currency(rows.filter(ended_at__gt=before, began_at__lte=before))
    left = _by_currency(rows.filter(ended_at__gt=before))
    figures = [
        MemberFigures(
            members=now_in[currency],
            monthly=Money(monthly[currency], currency),
            came=came[currency],
            left=left[currency],
            churn_bps=churn_bps(lost=lost[currency], at_start=at_start[currency]),
            lifetime=lifetime_value(
                Money(monthly[currency], currency),
                members=now_in[currency],
                churn=churn_bps(lost=lost[currency], at_start=at_start[currency]),
            ),
        )
        for currency in {*now_in, *left, *came}
    ]
    return sorted(figures, key=lambda each: (-each.members, each.monthly.currency))


def members_by_day(channel_id: uuid.UUID | None, days: int, at: datetime, *, currency: str = "") -> list[DayOfMembers]:
    """How many there were at the end of each of the last `days` UTC days, and who came and left on it; two queries.

    Of all channels where none is named, of all currencies likewise.
    """
    rows = _begun(channel_id)
    if currency:
        rows = rows.filter(terms__currency=currency)
    first = at.astimezone(UTC).date() - timedelta(days=days - 1)
    came, left = _per_day(rows, "began_at"), _per_day(rows, "ended_at")
    count = sum(number for day, number in came.items() if day < first)
    count -= sum(number for day, number in left.items() if day < first)
    listed = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        count += came[day] - left[day]
        listed.append(DayOfMembers(day, count, came[day], left[day]))
    return listed


def _begun(channel_id: uuid.UUID | None) -> QuerySet[SubscriptionRow]:
    rows = SubscriptionRow.objects.filter(began_at__isnull=False)
    return rows.filter(channel_id=channel_id) if channel_id else rows


def _per_day(rows: QuerySet[SubscriptionRow], moment: str) -> Counter[date]:
    counted = (
        rows.filter(**{f"{moment}__isnull": False})
        .values_list(TruncDate(moment, tzinfo=UTC))
        .annotate(count=Count("pk"))
    )
    return Counter(dict(counted))


def _by_currency(rows: QuerySet[SubscriptionRow]) -> Counter[str]:
    return Counter(dict(rows.values_list("terms__currency").annotate(count=Count("pk"))))
