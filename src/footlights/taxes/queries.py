"""Bounded reads: where the service is registered, where buyers are, and what a price is with tax."""

from datetime import datetime

from footlights.kernel.money import Money
from footlights.kernel.shared import Shared
from footlights.taxes.adapters.calculator import TaxedSale
from footlights.taxes.adapters.registry import calculator
from footlights.taxes.models import EvidenceRow, RegistrationRow
from footlights.taxes.policies import is_registered_for
from footlights.taxes.records import KeptEvidence, Registration, TaxQuote
from footlights.taxes.tables import rates_by_place

REGISTRATIONS_MAX = 500
CONFLICTS_MAX = 50
# The same for everybody and asked by every price of every page. Another process learns of a new one within seconds.
_registrations: Shared[tuple[Registration, ...]] = Shared(fresh_s=5, stale_s=5, capacity=1)


def quote_tax(*, price: Money, kind: str, buyer_country: str | None, at: datetime, buyer_region: str = "") -> TaxQuote:
    """`price` taken apart for a buyer in `buyer_country` (ISO 3166-1) at `at`; no tax where we are not registered.

    `kind` is what is sold: buy, rent, subscription, ticket, gift, tip. Days are those of UTC. `buyer_region` matters
    in Canada: without it the federal rate is taken.
    """
    sale = TaxedSale(
        price=price,
        kind=kind,
        country=buyer_country.upper() if buyer_country else None,
        region=buyer_region.upper(),
        on=at.date(),
        registrations=list_registrations(),
    )
    return calculator().quote(sale)


def needs_region(country: str, at: datetime) -> bool:
    """Whether a tax that is charged there depends on the buyer's province."""
    on = at.date()
    rates = [rate for (place, region), rows in rates_by_place().items() if place == country and region for rate in rows]
    return any(is_registered_for(rate, list_registrations(), on) for rate in rates)


def list_registrations() -> tuple[Registration, ...]:
    """All there ever were, by place, the newest first."""
    return _registrations.get("all", _read)


def find_evidence(reference: str) -> KeptEvidence | None:
    row = EvidenceRow.objects.filter(reference=reference).first()
    return row.to_record() if row else None


def list_conflicting_evidence() -> list[KeptEvidence]:
    """The newest purchases whose evidence does not agree; at most 50."""
    return [
        row.to_record() for row in EvidenceRow.objects.filter(is_conflicting=True).order_by("-noted_at")[:CONFLICTS_MAX]
    ]


def forget_registrations() -> None:
    _registrations.clear()


def _read() -> tuple[Registration, ...]:
    rows = RegistrationRow.objects.order_by("area", "-since", "-id")[:REGISTRATIONS_MAX]
    return tuple(row.to_record() for row in rows)
