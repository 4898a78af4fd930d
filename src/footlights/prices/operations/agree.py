"""Keep the prices a creator agreed to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.prices.models import LocalPriceRow
from footlights.prices.records import LocalPrice


def agree_prices(*, channel_id: UUID, prices: Mapping[str, Sequence[LocalPrice]], by_id: UUID, at: datetime) -> None:
    """For each subject exactly these prices from now on; those it had and are not among them end.

    They stay until somebody agrees to others: no rate changes them. Safe to repeat; a price that stays as it is keeps
    the moment it was agreed to. Joins the caller's transaction; whether `by_id` may is the caller's to ask, and so are
    the limits of the platform. A constraint keeps one price a market.
    """
    with transaction.atomic():
        rows = LocalPriceRow.objects.filter(subject__in=list(prices)).order_by("pk").select_for_update(no_key=True)
        kept = {(row.subject, row.to_record()): row.pk for row in rows}
        wanted = {(subject, price) for subject, each in prices.items() for price in each}
        LocalPriceRow.objects.filter(pk__in=[pk for key, pk in kept.items() if key not in wanted]).delete()
        LocalPriceRow.objects.bulk_create(
            [
                LocalPriceRow(
                    subject=subject,
                    channel_id=channel_id,
                    currency=price.currency,
                    country=price.country,
                    amount_minor=price.asked.price.amount_minor,
                    lesser_minor=None if price.asked.lesser is None else price.asked.lesser.amount_minor,
                    agreed_by=by_id,
                    agreed_at=at,
                )
                for subject, price in sorted(wanted - kept.keys(), key=lambda each: (each[0], each[1].currency))
            ]
        )
