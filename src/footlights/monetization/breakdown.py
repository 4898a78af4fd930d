"""What a channel sold in a time, told apart by kind, country or source. Bounded reads."""

import uuid
from datetime import datetime

from django.db.models import Count, F, Sum

from footlights.kernel.money import Money
from footlights.monetization.facets import Facet, PartEarnings
from footlights.monetization.models import PurchaseRow
from footlights.monetization.queries import NOT_THE_CHANNELS
from footlights.monetization.records import PurchaseState

PARTS_MAX = 50


def earnings_by(*, channel_id: uuid.UUID, currency: str, since: datetime) -> dict[Facet, list[PartEarnings]]:
    """Of what was paid since then and is not given back whole; in each, the best earners first. One query."""
    facets = [facet.value for facet in Facet]
    rows = (
        PurchaseRow.objects.filter(
            channel_id=channel_id, currency=currency, state=PurchaseState.PAID, paid_at__gte=since
        )
        .values_list(*facets)
        .annotate(sales=Count("id"), gross=Sum(F("amount_minor") - F("refunded_minor")), kept=Sum(NOT_THE_CHANNELS))
    )
    found: dict[Facet, dict[str, list[int]]] = {facet: {} for facet in Facet}
    for *keys, sales, gross, kept in rows:
        for facet, key in zip(Facet, keys, strict=True):
            sums = found[facet].setdefault(key, [0, 0, 0])
            for place, number in enumerate((sales, int(gross), int(gross - kept))):
                sums[place] += number
    return {facet: _best_first(parts, currency) for facet, parts in found.items()}


def _best_first(parts: dict[str, list[int]], currency: str) -> list[PartEarnings]:
    listed = [
        PartEarnings(key, sales, Money(gross, currency), Money(net, currency))
        for key, (sales, gross, net) in parts.items()
    ]
    return sorted(listed, key=lambda part: (-part.gross.amount_minor, part.key))[:PARTS_MAX]
