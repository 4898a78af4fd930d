"""What all memberships of the house bring a month, day by day, and who stays how long. Bounded reads."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate

from footlights.kernel.money import Money
from footlights.kernel.reads import fetch_rows
from footlights.subscriptions.models import InvoiceRow
from footlights.subscriptions.policies.figures import cohorts_of, month_before, monthly_minor
from footlights.subscriptions.records import Cohort, Interval

STAYED = """
select date_trunc('month', subscription.began_at at time zone 'UTC')::date,
    (extract(year from stayed) * 12 + extract(month from stayed))::int, count(*)
from subscriptions_subscription subscription
join subscriptions_terms terms on terms.id = subscription.terms_id,
        lateral (
        select age(
            subscription.ended_at at time zone 'UTC' - interval '1 day', subscription.began_at at time zone 'UTC'
        ) as stayed
    ) lasted
where subscription.began_at >= %(since)s and terms.currency = %(currency)s
group by 1, 2
"""


def recurring_by_day(currency: str, since: date, until: date) -> list[tuple[date, Money]]:
    """At the end of each UTC day from `since` to `until`: what the periods that are paid then come to in a month.

    Each counts as its price is written, before a credit, a year's as a twelfth. Three queries.
    """
    paid = InvoiceRow.objects.filter(currency=currency, paid_at__isnull=False).annotate(
        over_at=Coalesce("closed_at", "period_end")
    )
    start, end = datetime.combine(since, time.min, UTC), datetime.combine(until + timedelta(days=1), time.min, UTC)
    running: Counter[str] = Counter()
    before = paid.filter(period_start__lt=start, over_at__gte=start, over_at__gt=F("period_start"))
    for interval, total in before.values_list("terms__interval").annotate(total=Sum("price_minor")):
        running[interval] += int(total)
    begun = _by_day(paid.filter(period_start__gte=start, period_start__lt=end), "period_start")
    over = _by_day(paid.filter(over_at__gte=start, over_at__lt=end), "over_at")
    listed = []
    for day in (since + timedelta(days=offset) for offset in range((until - since).days + 1)):
        for interval in Interval:
            running[interval] += begun[day, interval] - over[day, interval]
        monthly = sum(monthly_minor(running[interval], interval) for interval in Interval)
        listed.append((day, Money(monthly, currency)))
    return listed


def cohorts(currency: str, months: int, at: datetime) -> list[Cohort]:
    """Of those who joined in each of the last `months` UTC months before this one, the oldest first; one query.

    Who leaves when a month that was paid is over did not stay for the next: a day less is counted than they lasted.
    """
    since = datetime.combine(month_before(at.astimezone(UTC).date(), months), time.min, UTC)
    rows = fetch_rows(STAYED, {"since": since, "currency": currency})
    return cohorts_of([(month, stayed, count) for month, stayed, count in rows], months=months, at=at)


def _by_day(rows: QuerySet[InvoiceRow], moment: str) -> Counter[tuple[date, str]]:
    found = rows.values_list(TruncDate(moment, tzinfo=UTC), "terms__interval").annotate(total=Sum("price_minor"))
    return Counter({(day, interval): int(total) for day, interval, total in found})
