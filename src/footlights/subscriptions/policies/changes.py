"""What another tier or interval costs, and when it begins. Amounts are exact; days are whole; nothing is a float."""

from datetime import datetime

from footlights.kernel.money import Money
from footlights.subscriptions.policies.periods import MONTHS, days_in, days_over
from footlights.subscriptions.records import Change, Paid, Terms


def credit_of(paid: Paid, at: datetime) -> Money:
    """What is left of a paid period: its price less the days that are over, each day rounded down.

    Never below zero and never above what was paid.
    """
    days = days_in(paid.start, paid.end)
    used = paid.amount.amount_minor * days_over(paid.start, paid.end, at) // days
    return Money(paid.amount.amount_minor - used, paid.amount.currency)


def plan_change(*, tier: int, terms: Terms, to_tier: int, to: Terms, paid: Paid | None, at: datetime) -> Change:
    """More begins now: a new period whose price is lowered by what is left of the old. Less begins when that is over.

    More is a higher tier, or the same one for longer. Where what is left would pay for all of the new period, and where
    nothing was paid yet (a trial), it begins at the end too, so that nothing has to be given back.
    """
    is_more = (to_tier, MONTHS[to.interval]) > (tier, MONTHS[terms.interval])
    nothing = Money(0, to.price.currency)
    if not is_more or paid is None or paid.amount.currency != to.price.currency:
        return Change(is_now=False, credit=nothing, due=nothing)
    credit = credit_of(paid, at)
    if to.price.amount_minor <= credit.amount_minor:
        return Change(is_now=False, credit=nothing, due=nothing)
    return Change(is_now=True, credit=credit, due=to.price - credit)


def price_of_period(terms: Terms, *, number: int) -> Money:
    """What the n-th paid period costs, from 1: the first ones may be cheaper."""
    return terms.intro_price if terms.intro_price is not None and number <= terms.intro_periods else terms.price
