"""What moved an account in a time, told apart by what caused it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, F, QuerySet, Sum, Value
from django.db.models.functions import StrIndex, Substr, TruncDate

from footlights.kernel.money import Money
from footlights.ledger.models import PostingRow

WAY = Substr(F("journal__cause"), 1, StrIndex(F("journal__cause"), Value(":")) - 1)


@dataclass(frozen=True, slots=True)
class DayOfWay:
    """What one kind of cause moved on one UTC day: how often, and how much together."""

    day: date
    way: str
    count: int
    total: Money


def totals_by_way(account: str, currency: str, since: date, until: date) -> dict[str, Money]:
    """The sum of each word a cause begins with ("purchase", "invoice", "tip"), over the UTC days of both ends."""
    rows = (
        _moved(account, currency, since, until).annotate(way=WAY).values_list("way").annotate(total=Sum("amount_minor"))
    )
    return {way: Money(int(total), currency) for way, total in rows}


def days_by_way(account: str, currency: str, since: date, until: date) -> list[DayOfWay]:
    """The same for each day by itself, the oldest first."""
    rows = (
        _moved(account, currency, since, until)
        .annotate(way=WAY)
        .values_list(TruncDate("at", tzinfo=UTC), "way")
        .annotate(count=Count("line"), total=Sum("amount_minor"))
        .order_by(TruncDate("at", tzinfo=UTC), "way")
    )
    return [DayOfWay(day, way, count, Money(int(total), currency)) for day, way, count, total in rows]


def _moved(account: str, currency: str, since: date, until: date) -> QuerySet[PostingRow]:
    start, end = datetime.combine(since, time.min, UTC), datetime.combine(until + timedelta(days=1), time.min, UTC)
    return PostingRow.objects.filter(account=account, currency=currency, at__gte=start, at__lt=end)
