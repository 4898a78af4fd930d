"""Bounded reads: where the service is registered, where buyers are, and what a price is with tax."""

from datetime import datetime, timedelta

from django.conf import settings

from footlights.kernel.money import Money
from footlights.kernel.shared import Shared
from footlights.taxes.adapters.calculator import TaxedSale
from footlights.taxes.adapters.registry import BY_STRIPE, calculator, register_for
from footlights.taxes.known_rates import find_known_rate
from footlights.taxes.models import EvidenceRow, NumberCheckRow, RegistrationRow, ReverseChargeRow
from footlights.taxes.numbers import tidy_number
from footlights.taxes.policies import SAME_TAXES_AS, is_registered_for, rate_at, reverse_charge_number
from footlights.taxes.records import Answer, KeptEvidence, NumberCheck, Registration, ReverseCharge, TaxQuote
from footlights.taxes.tables import rates_by_place

REGISTRATIONS_MAX = 500
CONFLICTS_MAX = 50
COUNTS_FOR = timedelta(days=90)  # an answer, while its register is silent since
# The same for everybody and asked by every price of every page. Another process learns of a new one within seconds.
_registrations: Shared[tuple[Registration, ...]] = Shared(fresh_s=5, stale_s=5, capacity=1)


def quote_tax(
    *,
    price: Money,
    kind: str,
    buyer_country: str | None,
    at: datetime,
    buyer_region: str = "",
    business_number: str = "",
) -> TaxQuote:
    """`price` taken apart for a buyer in `buyer_country` (ISO 3166-1) at `at`; no tax where we are not registered.

    `kind` is what is sold: buy, rent, subscription, ticket, gift, tip. Days are those of UTC. `buyer_region` matters
    in Canada, where without it the federal rate is taken, and is the postcode where one is needed. With the number of
    a business there, as `check_number` last found it, that owes the tax itself; a number that does not count changes
    nothing. Asks nobody.
    """
    country = buyer_country.upper() if buyer_country else None
    sale = TaxedSale(
        price=price,
        kind=kind,
        country=country,
        region=buyer_region.upper(),
        on=at.date(),
        registrations=list_registrations(),
        is_business=bool(country and business_number and counting_check(business_number, country, at)),
    )
    return calculator().quote(sale)


def needs_region(country: str, at: datetime) -> bool:
    """Whether a tax that is charged there depends on the buyer's province."""
    on = at.date()
    rates = [rate for (place, region), rows in rates_by_place().items() if place == country and region for rate in rows]
    return any(is_registered_for(rate, list_registrations(), on) for rate in rates)


def needs_postcode(country: str) -> bool:
    """Whether the tax there depends on the buyer's postcode, which is told as their region then."""
    return calculator().needs_postcode(country)


def knows_rate(country: str, region: str) -> bool:
    """Whether Stripe Tax ever said what that place asks."""
    return find_known_rate(country, region) is not None


def asks_where() -> bool:
    """Whether a price depends on where its buyer is: the service pays taxes somewhere, or Stripe Tax may say so."""
    return bool(list_registrations()) or settings.TAX_CALCULATOR == BY_STRIPE


def takes_number(country: str, at: datetime) -> bool:
    """Whether a business there owes the tax itself, so that its number is worth asking for."""
    return bool(own_number_for(country, at))


def own_number_for(country: str, at: datetime) -> str:
    """The seller's own number on invoices to businesses in that country; empty where the seller collects the tax."""
    rate = rate_at(country, "", at.date())
    return reverse_charge_number(rate, list_registrations(), at.date()) if rate else ""


def counting_check(number: str, country: str, at: datetime) -> NumberCheck | None:
    """The check by which the number counts in that country; None when it does not count.

    That is the newest answer, of at most 90 days ago, if it says yes. A register's silence is no answer; where a
    register is asked, the form alone is none either.
    """
    tidy, place = tidy_number(number, country), SAME_TAXES_AS.get(country, country)
    answers = [Answer.VALID, Answer.INVALID] if register_for(place) else [Answer.FORM, Answer.VALID, Answer.INVALID]
    rows = NumberCheckRow.objects.filter(number=tidy, country=place, answer__in=answers, at__gt=at - COUNTS_FOR)
    last = rows.order_by("-at", "-pk").first() if tidy else None
    return last.to_record() if last and last.answer != Answer.INVALID else None


def find_reverse_charge(reference: str) -> ReverseCharge | None:
    row = ReverseChargeRow.objects.select_related("check_made").filter(pk=reference).first()
    return row.to_record() if row else None


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
