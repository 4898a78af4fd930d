"""What moved an account since a moment: for whoever must not count the newest of it yet."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, Q, Sum
from django.db.models.functions import Cast, Coalesce

from footlights.ledger.models import PostingRow


@dataclass(frozen=True, slots=True)
class Movement:
    """Minor units, debits > 0. `before`: the balance at the moment; from it on `debits`, `credits` and `apart`."""

    before: int
    debits: int
    credits: int
    apart: int


def movement_of(account: str, currency: str, *, since: datetime, apart: str) -> Movement:
    """The account's postings, divided at `since`; from there on, causes that begin with `apart` are summed apart."""
    fresh, is_apart = Q(at__gte=since), Q(journal__cause__startswith=apart)
    own = fresh & ~is_apart
    sums = PostingRow.objects.filter(account=account, currency=currency).aggregate(
        before=_sum(~fresh),
        debits=_sum(own & Q(amount_minor__gt=0)),
        credits=_sum(own & Q(amount_minor__lt=0)),
        apart=_sum(fresh & is_apart),
    )
    return Movement(**sums)


def _sum(which: Q) -> Coalesce:
    return Coalesce(Cast(Sum("amount_minor", filter=which), BigIntegerField()), 0)
