"""What Stripe Tax said of each place, kept for a moment in the process: asked by every price of every page."""

from collections.abc import Mapping

from footlights.kernel.shared import Shared
from footlights.taxes.models import PlaceRateRow
from footlights.taxes.records import KnownRate

PLACES_MAX = 1_000
_known: Shared[Mapping[tuple[str, str], KnownRate]] = Shared(fresh_s=5, stale_s=5, capacity=1)


def known_rates() -> Mapping[tuple[str, str], KnownRate]:
    """By country and region; without those of which Stripe never said anything."""
    return _known.get("all", _read)


def list_known_rates() -> list[KnownRate]:
    return sorted(known_rates().values(), key=lambda each: (each.country, each.region))


def forget_known_rates() -> None:
    _known.clear()


def _read() -> Mapping[tuple[str, str], KnownRate]:
    rows = PlaceRateRow.objects.exclude(learned_at=None).order_by("country", "region")[:PLACES_MAX]
    return {(row.country, row.region): row.to_record() for row in rows}
