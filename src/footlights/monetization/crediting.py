"""How much of a collection's price is paid already. Pure: what somebody bought before is given."""

import uuid
from collections.abc import Mapping, Sequence

from footlights.kernel.money import Money
from footlights.monetization.records import Part

Counts = Mapping[uuid.UUID, tuple[uuid.UUID, Money]]  # of a title: the purchase it is theirs by, and what is paid of it


def worth_of(*, amount: int, tax: int, refunded: int, refunded_tax: int, tax_inclusive: bool, relief: int = 0) -> int:
    """What a purchase counts, in minor units: what was paid net of refunds; without the tax that came on top of it.

    `relief` is the tax that was taken out of its price, where this price holds it too and it is taken out again: it
    counts with what was paid, rounded down. So both together cost what the whole does in that treatment.
    """
    left = amount - refunded - (0 if tax_inclusive else tax - refunded_tax)
    return left + (relief * left // amount if relief else 0)


def parts_of(title_ids: Sequence[uuid.UUID], counts: Counts, *, price: Money, floor: Money | None) -> tuple[Part, ...]:
    """The titles in their order, each with what counts of it, while the price lasts.

    What is left of `price` is nothing, or at least `floor`: where it would lie between, less is counted. What counts
    nothing is not counted, so that it can be given back by itself.
    """
    nothing = Money(0, price.currency)
    left = min(price, sum((worth for _purchase, worth in counts.values()), nothing))
    if floor is not None and nothing < price - left < floor:
        left = max(price - floor, nothing)
    parts = []
    for title_id in title_ids:
        counted_id, worth = counts.get(title_id, (None, nothing))
        credit = min(worth, left)
        left -= credit
        parts.append(Part(title_id, credit, counted_id) if credit and counted_id else Part(title_id, nothing))
    return tuple(parts)
