"""How a total comes about. Pure: prices, coupon, credit and tax are given to it; nothing here reads or keeps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.monetization.records import Breakdown, Offer, Tax


def asked_of(offer: Offer, amount: Money | None, at: datetime) -> tuple[Money, Money | None]:
    """The list price at that moment, and what the buyer chose to pay where that is theirs to say.

    Raises InvalidInputError below the floor and in another currency; an amount for a fixed price is not heard.
    """
    list_price = offer.price_at(at)
    if offer.floor is None:
        return list_price, None
    chosen = list_price if amount is None else amount
    if chosen.currency != list_price.currency:
        raise InvalidInputError(_("It is sold in %(currency)s.") % {"currency": list_price.currency}, field="amount")
    if chosen < offer.floor:
        words = _("The least one can pay for this is %(floor)s.") % {"floor": offer.floor.format()}
        raise InvalidInputError(words, field="amount")
    return list_price, chosen


def work_out(
    *, list_price: Money, chosen: Money | None, discount: Money, credit: Money, tax_of: Callable[[Money], Tax]
) -> Breakdown:
    """Discount first, then credit, neither below nothing; then tax: in the price, on top of it, or taken out of it."""
    nothing = Money(0, list_price.currency)
    base = list_price if chosen is None else chosen
    taken = min(discount, base)
    credited = min(credit, base - taken)
    price = base - taken - credited
    tax = tax_of(price) if price else Tax(nothing)
    return Breakdown(
        list_price=list_price,
        chosen=chosen,
        discount=taken,
        credit=credited,
        tax=tax,
        total=(price if tax.inclusive else price + tax.amount) - (tax.relief or nothing),
    )


def borne_by_house(breakdown: Breakdown, tax_of: Callable[[Money], Tax]) -> Breakdown:
    """With what the platform bears of the discount: its makers earn as if there were none, so that is its net."""
    whole = work_out(
        list_price=breakdown.list_price,
        chosen=breakdown.chosen,
        discount=Money(0, breakdown.total.currency),
        credit=breakdown.credit,
        tax_of=tax_of,
    )
    borne = whole.net - breakdown.net
    return replace(breakdown, borne=borne) if borne and breakdown.total else breakdown
