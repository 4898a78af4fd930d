"""What Stripe Tax said of each place, kept for a moment in the process: asked by every price of every page."""

from collections.abc import Mapping

from footlights.kernel.shared import Shared
from footlights.taxes.models import PlaceRateRow
from footlights.taxes.policies import BY_POSTCODE
from footlights.taxes.records import KnownRate

PLACES_MAX = 1_000
Known = Mapping[tuple[str, str], KnownRate]
_known: Shared[Known] = Shared(fresh_s=5, stale_s=5, capacity=1)
# There are forty thousand postcodes: they are read one by one.
_postcodes: Shared[KnownRate | None] = Shared(fresh_s=5, stale_s=5, capacity=1_000)


def find_known_rate(country: str, region: str) -> KnownRate | None:
    """What Stripe Tax said of it last; none where it never said anything."""
    if country == BY_POSTCODE:
        return _postcodes.get(region, lambda: _read_postcode(region)) if region else None
    return known_rates().get((country, region))


def known_rates() -> Known:
    """By country and region, without postcodes and without those of which Stripe never said anything."""
    return _known.get("all", _read)


def list_known_rates() -> list[KnownRate]:
    return sorted(known_rates().values(), key=lambda each: (each.country, each.region))


def forget_known_rates() -> None:
    _known.clear()
    _postcodes.clear()


def _read_postcode(postcode: str) -> KnownRate | None:
    row = PlaceRateRow.objects.exclude(learned_at=None).filter(country=BY_POSTCODE, region=postcode).first()
    return row.to_record() if row else None


def _read() -> Known:
    rows = (
        PlaceRateRow.objects.exclude(learned_at=None)
        .exclude(country=BY_POSTCODE)
        .order_by("country", "region")[:PLACES_MAX]
    )
    return {(row.country, row.region): row.to_record() for row in rows}
