"""What moved an account in a time, told apart by what caused it."""

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import F, Sum, Value
from django.db.models.functions import StrIndex, Substr

from footlights.kernel.money import Money
from footlights.ledger.models import PostingRow


def totals_by_way(account: str, currency: str, since: date, until: date) -> dict[str, Money]:
    """The sum of each word a cause begins with ("purchase", "invoice", "tip"), over the UTC days of both ends."""
    start, end = datetime.combine(since, time.min, UTC), datetime.combine(until + timedelta(days=1), time.min, UTC)
    cause = F("journal__cause")
    rows = (
        PostingRow.objects.filter(account=account, currency=currency, at__gte=start, at__lt=end)
        .annotate(way=Substr(cause, 1, StrIndex(cause, Value(":")) - 1))
        .values_list("way")
        .annotate(total=Sum("amount_minor"))
    )
    return {way: Money(int(total), currency) for way, total in rows}
