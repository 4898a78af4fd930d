"""The arithmetic of members' figures, in whole units."""

from footlights.kernel.money import Money
from footlights.subscriptions.policies.periods import MONTHS
from footlights.subscriptions.records import Interval

WHOLE_BPS = 10_000


def monthly_minor(amount_minor: int, interval: Interval) -> int:
    """What an amount comes to in a month; the part of a unit that a year leaves over is dropped."""
    return amount_minor // MONTHS[interval]


def churn_bps(*, lost: int, at_start: int) -> int | None:
    """How many of those who were members at the start have left since; None where there were none."""
    return lost * WHOLE_BPS // at_start if at_start else None


def lifetime_value(monthly: Money, *, members: int, churn: int | None) -> Money | None:
    """What a member brings until they leave: a month's average divided by the share that leaves in one.

    None while nobody has left, or nobody is there: there is nothing to tell it from.
    """
    if not churn or not members:
        return None
    return Money(monthly.amount_minor * WHOLE_BPS // (members * churn), monthly.currency)
