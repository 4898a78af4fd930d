"""What may be offered. Each refusal is a sentence for the creator."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import MAX_AMOUNT_MINOR
from footlights.subscriptions.records import NewTerms

MAX_TIER = 9
MAX_NAME = 60
MAX_TRIAL_DAYS = 90
MAX_INTRO_PERIODS = 12


def check_terms(*, tier: int, name: str, terms: Sequence[NewTerms]) -> None:
    """Raises InvalidInputError."""
    if not 1 <= tier <= MAX_TIER:
        raise InvalidInputError(_("There are at most %(count)d tiers.") % {"count": MAX_TIER}, field="tier")
    if not 0 < len(name.strip()) <= MAX_NAME:
        raise InvalidInputError(_("Give the membership a name of at most 60 letters."), field="name")
    if not terms:
        raise InvalidInputError(_("Name a price for a month, for a year, or for both."), field="month")
    kinds = [(each.interval, each.price.currency) for each in terms]
    if len(set(kinds)) < len(kinds):
        raise InvalidInputError(_("Name one price for each."), field="month")
    for each in terms:
        _check(each)


def _check(each: NewTerms) -> None:
    if not 0 < each.price.amount_minor <= MAX_AMOUNT_MINOR:
        raise InvalidInputError(_("A price must be above zero."), field=each.interval)
    if not 0 <= each.trial_days <= MAX_TRIAL_DAYS:
        raise InvalidInputError(_("A trial lasts at most 90 days."), field="trial_days")
    intro = each.intro_price
    if intro is None:
        if each.intro_periods:
            raise InvalidInputError(_("Say how much the first ones cost."), field="intro")
        return
    if intro.currency != each.price.currency or not 0 < intro.amount_minor < each.price.amount_minor:
        raise InvalidInputError(_("The first price is above zero and below the usual one."), field="intro")
    if not 1 <= each.intro_periods <= MAX_INTRO_PERIODS:
        raise InvalidInputError(_("The first price holds one to twelve times."), field="intro_periods")
