"""What plans cost and how subscriptions stand, in words a buyer reads. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from footlights.kernel.money import Money
from footlights.subscriptions.api import Interval, Joining, Plan, State, Subscription, Terms


@dataclass(frozen=True, slots=True)
class Choice:
    """One price of a plan: what its button says, and what it means."""

    terms: Terms
    label: str
    note: str


def price_words(terms: Terms) -> str:
    """“€5.00 a month”."""
    price = amount(terms.price)
    return (_("%(price)s a month") if terms.interval is Interval.MONTH else _("%(price)s a year")) % {"price": price}


def choices_of(plan: Plan, *, may_try: bool) -> list[Choice]:
    return [Choice(terms, price_words(terms), start_words(terms, may_try=may_try)) for terms in plan.terms]


def start_words(terms: Terms, *, may_try: bool) -> str:
    """How it begins, where that is cheaper than how it goes on; the empty text where it is not."""
    notes = []
    if terms.trial_days and may_try:
        words = ngettext("The first %(count)d day is free.", "The first %(count)d days are free.", terms.trial_days)
        notes.append(words % {"count": terms.trial_days})
    if terms.intro_price is not None and may_try:
        cheap = {"price": amount(terms.intro_price), "count": terms.intro_periods}
        if terms.interval is Interval.MONTH:
            words = ngettext(
                "The first month costs %(price)s.",
                "The first %(count)d months cost %(price)s each.",
                terms.intro_periods,
            )
        else:
            words = ngettext(
                "The first year costs %(price)s.", "The first %(count)d years cost %(price)s each.", terms.intro_periods
            )
        notes.append(words % cheap)
    return " ".join(notes)


def coupon_words(joining: Joining, terms: Terms) -> str:
    """What a coupon takes off the payments to come; empty where it takes nothing off them."""
    if not joining.discount:
        return ""
    off = {"off": amount(joining.discount), "count": joining.periods}
    if joining.periods is None:
        return _("Your coupon takes %(off)s off, for as long as you stay.") % off
    if terms.interval is Interval.MONTH:
        words = ngettext(
            "Your coupon takes %(off)s off the first month.",
            "Your coupon takes %(off)s off each of the first %(count)d months.",
            joining.periods,
        )
    else:
        words = ngettext(
            "Your coupon takes %(off)s off the first year.",
            "Your coupon takes %(off)s off each of the first %(count)d years.",
            joining.periods,
        )
    return words % off


def coupon_left_words(own: Subscription) -> str:
    """How long the coupon of a membership still holds; empty where there is none, or it is used up."""
    if own.state is State.ENDED or own.coupon_left == 0:
        return ""
    if own.coupon_left is None:
        return _("It is taken off for as long as you stay.")
    words = ngettext("It is taken off one more payment.", "It is taken off %(count)d more payments.", own.coupon_left)
    return words % {"count": own.coupon_left}


def free_words(joining: Joining) -> str:
    """How long nothing is charged: the days of a trial, a coupon's months; empty where a payment begins it."""
    times = []
    if joining.trial_days:
        words = ngettext("%(count)d day", "%(count)d days", joining.trial_days)
        times.append(words % {"count": joining.trial_days})
    if joining.free_months % 12 == 0 and joining.free_months:
        years = joining.free_months // 12
        times.append(ngettext("%(count)d year", "%(count)d years", years) % {"count": years})
    elif joining.free_months:
        words = ngettext("%(count)d month", "%(count)d months", joining.free_months)
        times.append(words % {"count": joining.free_months})
    return _(" and ").join(times)


def cheapest(plans: Sequence[Plan]) -> str:
    """“from €5.00 a month”, for a channel's page; empty where nothing is offered."""
    offered = [terms for plan in plans for terms in plan.terms]
    if not offered:
        return ""
    least = min(offered, key=lambda terms: (terms.interval is not Interval.MONTH, terms.price.amount_minor))
    words = price_words(least)
    return words if len(offered) == 1 else _("from %(price)s") % {"price": words}


def badge_of(subscription: Subscription) -> tuple[str, str]:
    """A word for where it stands, and the badge's kind."""
    return {
        State.PENDING: (_("Not paid yet"), ""),
        State.TRIALING: (_("Trial"), "gain"),
        State.ACTIVE: (_("Member"), "gain"),
        State.PAST_DUE: (_("Card declined"), "wrong"),
        State.PAUSED: (_("Paused"), ""),
        State.CANCELLING: (_("Ends soon"), ""),
        State.ENDED: (_("Ended"), ""),
    }[subscription.state]


def amount(price: Money) -> str:
    return price.format(get_language() or "en")
