"""Which tax a sale bears, and how much of a price it is. Pure: dated tables and registrations are given.

Everything sold here is an electronically supplied service: it is taxed where the buyer is, at the standard rate
(Directive 2006/112/EC art. 58, and the like elsewhere).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from footlights.kernel.money import Money
from footlights.taxes.records import Evidence, KnownRate, Rate, Registration, TaxQuote, Whereabouts
from footlights.taxes.tables import all_rates, rates_by_place

WHOLE_BPS = 10_000
WHOLE_MICRO = 1_000_000
SAME_TAXES_AS = {"MC": "FR", "IM": "GB", "LI": "CH"}  # Monaco, the Isle of Man, Liechtenstein
BY_POSTCODE = "US"  # where what a sale bears depends on the city
NO_CONSIDERATION = frozenset({"tip"})  # given freely, for nothing in return: CJEU C-16/93 Tolsma


def rate_at(country: str, region: str, on: date) -> Rate | None:
    """The rate of a region, or of its country where the region has none of its own."""
    place = SAME_TAXES_AS.get(country, country)
    for where in (region, "") if region else ("",):
        for rate in rates_by_place().get((place, where), ()):
            if rate.valid_from <= on and (rate.valid_until is None or on < rate.valid_until):
                return rate
    return None


def is_registered_for(rate: Rate, registrations: Iterable[Registration], on: date) -> bool:
    return any(each.area in {rate.area, rate.country} and each.holds(on) for each in registrations)


def reverse_charge_number(rate: Rate, registrations: Sequence[Registration], on: date) -> str:
    """The seller's own number, where a business owes the tax itself; empty where the seller collects it.

    That is so in places whose law says it (the tables), when the seller is registered but not established there, and
    has a number to put on the invoice: that of its seat in the same union, or of the registration.
    """
    holding = [each for each in registrations if each.holds(on)]
    covering = [each for each in holding if each.area in {rate.area, rate.country}]
    is_home = any(each.is_seat and each.area == rate.country for each in holding)
    if not rate.is_owed_by_business or is_home:
        return ""
    members = {each.country for each in all_rates() if each.area == rate.area}
    seats = [each for each in holding if each.is_seat and each.area in members]
    return next((each.number for each in [*seats, *covering] if each.number), "") if covering else ""


def decide_country(evidence: Evidence) -> Whereabouts:
    """The country two pieces agree on; with a conflict that no third piece settles, the buyer's own word counts."""
    pieces = [piece for piece in (evidence.billing, evidence.payment, evidence.address) if piece]
    agreed = next((piece for piece in pieces if pieces.count(piece) > 1), "")
    if agreed:
        return Whereabouts(agreed, is_conflicting=False)
    return Whereabouts(pieces[0] if pieces else "", is_conflicting=len(pieces) > 1)


def apply(rate: Rate, price: Money, *, country: str) -> TaxQuote:
    """The price with its tax: taken out of it where prices hold it, put on top elsewhere; rounded half to even."""
    net, tax, gross = _apart(price, rate.rate_bps, WHOLE_BPS, is_inclusive=rate.is_inclusive)
    return TaxQuote(
        net=net,
        tax=tax,
        gross=gross,
        rate_bps=rate.rate_bps,
        country=country,
        name=rate.name,
        inclusive=rate.is_inclusive,
        region=rate.region,
    )


def apply_known(rate: KnownRate, price: Money, *, country: str, is_inclusive: bool) -> TaxQuote:
    """The same at a rate in millionths. What is shown of the rate is rounded half to even to a ten-thousandth."""
    net, tax, gross = _apart(price, rate.rate_micro, WHOLE_MICRO, is_inclusive=is_inclusive)
    return TaxQuote(
        net=net,
        tax=tax,
        gross=gross,
        rate_bps=round(Fraction(rate.rate_micro * WHOLE_BPS, WHOLE_MICRO)),
        country=country,
        name=rate.name,
        inclusive=is_inclusive,
        region=rate.region,
    )


def _apart(price: Money, rate: int, whole: int, *, is_inclusive: bool) -> tuple[Money, Money, Money]:
    tax = part_of(price, rate, whole + rate if is_inclusive else whole)
    return (price - tax, tax, price) if is_inclusive else (price, tax, price + tax)


def reversed_charge(rate: Rate, price: Money, *, country: str) -> TaxQuote:
    """The price without the tax its buyer owes: what it held of it is taken out; rounded half to even."""
    nothing = Money(0, price.currency)
    relief = part_of(price, rate.rate_bps, WHOLE_BPS + rate.rate_bps) if rate.is_inclusive else nothing
    net = price - relief
    return TaxQuote(
        net=net,
        tax=nothing,
        gross=net,
        rate_bps=0,
        country=country,
        name="",
        inclusive=True,
        region=rate.region,
        is_reversed=True,
        relief=relief,
    )


def untaxed(price: Money, country: str | None) -> TaxQuote:
    nothing = Money(0, price.currency)
    return TaxQuote(net=price, tax=nothing, gross=price, rate_bps=0, country=country, name="", inclusive=True)


def tax_returned(*, tax: Money, gross: Money, returned_before: Money, returned: Money) -> Money:
    """The tax in a part of `gross` that goes back, when `returned_before` of it has gone back already.

    Counted from the running total, rounded half to even, so that the parts of a whole refund sum to the tax exactly.
    """
    if not gross:
        return tax
    so_far = part_of(tax, returned_before.amount_minor, gross.amount_minor)
    return part_of(tax, (returned_before + returned).amount_minor, gross.amount_minor) - so_far


def part_of(amount: Money, numerator: int, denominator: int) -> Money:
    """`numerator / denominator` of the amount, rounded half to even."""
    quotient, remainder = divmod(amount.amount_minor * numerator, denominator)
    if remainder * 2 > denominator or (remainder * 2 == denominator and quotient % 2):
        quotient += 1
    return Money(quotient, amount.currency)
