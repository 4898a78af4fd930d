"""The lines of a bill, in the reader's words. Pure: monetization worked the amounts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footlights.kernel.money import Money
from footlights.monetization.api import Breakdown, Offer, Part, Tax


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` below zero is what the buyer saves."""

    label: str
    amount: Money


def lines_of(breakdown: Breakdown, *, coupon: str = "", had: str = "") -> list[Line]:
    """What leads to the total; nothing where the total says it all. `had` says what the credit is for."""
    base = breakdown.list_price if breakdown.chosen is None else breakdown.chosen
    lines = [Line(_("Price") if breakdown.chosen is None else _("What you chose to pay"), base)]
    if breakdown.discount:
        lines.append(Line(_("Coupon %(code)s") % {"code": coupon}, -breakdown.discount))
    if breakdown.credit:
        lines.append(Line(had, -breakdown.credit))
    if breakdown.tax.relief:
        lines.append(Line(_("Tax your business owes itself"), -breakdown.tax.relief))
    if breakdown.tax.amount and not breakdown.tax.inclusive:
        lines.append(Line(tax_name(breakdown.tax), breakdown.tax.amount))
    return lines if len(lines) > 1 else []


def had_words(parts: Sequence[Part]) -> str:
    """Of a collection: how much of it is theirs by what counts."""
    counted = sum(1 for part in parts if part.counted_id)
    return _("You already have %(had)d of %(all)d") % {"had": counted, "all": len(parts)}


def tax_words(breakdown: Breakdown) -> str:
    """The sentence below the total."""
    tax = breakdown.tax
    if not breakdown.total:
        return _("Nothing is charged.")
    if tax.is_reversed:
        return _("No tax is charged: your business accounts for it itself (reverse charge).")
    if tax.amount and tax.inclusive:
        return _("Includes %(amount)s %(name)s. Nothing is added.") % {
            "amount": _as_read(tax.amount),
            "name": tax_name(tax),
        }
    return _("This is all you pay. Nothing is added.")


def tax_name(tax: Tax) -> str:
    return _("%(name)s (%(percent)s %%)") % {"name": tax.name, "percent": f"{tax.rate_bps / 100:g}"}


def floor_words(offer: Offer) -> str:
    """What somebody who says their own price may say."""
    if offer.floor is None:
        return ""
    words = (
        _("%(floor)s or more. %(suggested)s is suggested.")
        if offer.floor
        else _("Whatever you like. %(suggested)s is suggested.")
    )
    return words % {"floor": _as_read(offer.floor), "suggested": _as_read(offer.price)}


def later_price(offer: Offer, at: datetime) -> Money | None:
    """What it costs once the early price is over."""
    return offer.price if offer.is_early(at) else None


def _as_read(amount: Money) -> str:
    return amount.format(get_language() or "en")
