"""What a coupon makes of a membership's payments. Pure; amounts are exact.

It is taken off the first payments it reaches, so many as it says, each once it is paid. One that takes all of the price
off makes that long free, before anything is paid; one of the platform's leaves something to pay. Else a payment is left
of at least `floor`: a gateway cannot charge nothing.
"""

from footlights.kernel.money import Money
from footlights.monetization.api import Coupon, takes_off
from footlights.subscriptions.policies.periods import MONTHS
from footlights.subscriptions.records import Terms


def free_months(coupon: Coupon, *, terms: Terms, home: Terms) -> int:
    """How many months are free from the start on; `home` are the terms in the creator's currency."""
    is_whole = takes_off(coupon, terms.price, home.price) == terms.price
    return (coupon.periods or 0) * MONTHS[terms.interval] if is_whole else 0


def discount(coupon: Coupon, *, asked: Money, home: Money, floor: Money | None) -> Money:
    """What is taken off one payment that it reaches; `home` is what is asked for it in the creator's currency."""
    least = floor or Money(1, asked.currency)
    most = max(asked.amount_minor - least.amount_minor, 0)
    return Money(min(takes_off(coupon, asked, home).amount_minor, most), asked.currency)


def left_after(left: int | None) -> int | None:
    """How many payments more it is taken off, after one; None is all there will be."""
    return left if left is None else left - 1
