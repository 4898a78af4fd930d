"""The rules of coupons. Pure: the coupon, and what its user did before, are given."""

import secrets
import string
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.monetization.records import INTERVALS, PERIODS_MAX, Coupon, Covers, NewCoupon
from footlights.taxes.api import part_of

WHOLE_BPS = 10_000
BATCH_MAX = 1_000
USES_MAX = 1_000_000
CODE_LENGTH_MAX = 40
UNMISTAKABLE = string.digits[2:] + "".join(sorted({*string.ascii_uppercase} - {*"IOL"}))  # no 0 and O, no 1, I and L
RANDOM_LENGTH = 10  # of 31 letters each: 8 · 10¹⁴ codes
HOUSE_MOST_BPS = 9_000  # whoever uses one of the platform's pays a tenth: a payment that can be traced and given back


@dataclass(frozen=True, slots=True)
class Use:
    """Somebody at the till with a code. Counts leave out what they themselves have reserved for the same."""

    title_id: UUID | None  # None: a collection, or a membership
    home: Money  # what it costs in its creator's own currency
    uses: int
    code_uses: int
    code_uses_max: int | None
    own_uses: int
    bought_before: bool
    plan_id: UUID | None = None  # of a membership, paid each `interval`
    interval: str = ""


def normal(code: str) -> str:
    """Codes are the same in any case, with or without spaces."""
    return "".join(code.split()).upper()[:CODE_LENGTH_MAX]


def random_code() -> str:
    return "".join(secrets.choice(UNMISTAKABLE) for _each in range(RANDOM_LENGTH))


def check_new(new: NewCoupon, at: datetime) -> None:
    """Raises InvalidInputError with a sentence for the creator."""
    if (new.percent_bps is None) == (new.amount is None):
        raise InvalidInputError(_("Say either how many percent it takes off, or how much money."), field="percent")
    if new.percent_bps is not None and not 0 < new.percent_bps <= WHOLE_BPS:
        raise InvalidInputError(_("A coupon takes off more than 0 and at most 100 %."), field="percent")
    if new.amount is not None and new.amount.amount_minor <= 0:
        raise InvalidInputError(_("A coupon takes off more than nothing."), field="amount")
    if bool(normal(new.code)) == bool(new.batch):
        raise InvalidInputError(_("Say either the code, or how many codes to make."), field="code")
    if not 0 <= new.batch <= BATCH_MAX:
        raise InvalidInputError(_("Make at most %(most)d codes at once.") % {"most": BATCH_MAX}, field="batch")
    if new.uses_max is not None and not 0 < new.uses_max <= USES_MAX:
        raise InvalidInputError(_("How often it can be used is a number above zero, or empty."), field="uses_max")
    if new.per_person_max < 1:
        raise InvalidInputError(_("Each person can use it once at least."), field="per_person_max")
    if new.ends_at is not None and (new.ends_at <= at or (new.starts_at and new.ends_at <= new.starts_at)):
        raise InvalidInputError(_("It must end in the future, after it begins."), field="ends_at")
    _check_covers(new)


def check_house(new: NewCoupon) -> None:
    """What must hold of a coupon of the platform's as well, so that what it can cost is known before it is handed out.

    Raises InvalidInputError with a sentence for the administrator.
    """
    if new.title_id or new.plan_id:
        raise InvalidInputError(_("A coupon of the platform is good at every channel."), field="title")
    if new.percent_bps is not None and new.percent_bps > HOUSE_MOST_BPS:
        raise InvalidInputError(_("A coupon of the platform takes off at most 90 %."), field="percent")
    if new.percent_bps is not None and (new.most is None or new.most.amount_minor <= 0):
        raise InvalidInputError(_("Say how much it takes off at most: the platform bears it."), field="most")
    if new.uses_max is None and not new.batch:
        raise InvalidInputError(_("Say how often it can be used: the platform bears each."), field="uses_max")
    if new.covers is Covers.MEMBERSHIPS and new.periods is None:
        raise InvalidInputError(_("Say how many payments: the platform bears each."), field="periods")


def costs_at_most(coupon: Coupon) -> Money | None:
    """What one of the platform's can cost it in all; None of a channel's."""
    each = coupon.amount or coupon.most
    if not coupon.is_house or each is None or coupon.uses_max is None:
        return None
    return Money(each.amount_minor * coupon.uses_max * (coupon.periods or 1), each.currency)


def _check_covers(new: NewCoupon) -> None:
    if new.covers is Covers.SALES:
        if new.plan_id or new.interval or new.periods is not None:
            raise InvalidInputError(_("How many payments it lasts is for memberships only."), field="periods")
        return
    if new.title_id is not None or new.interval not in {"", *INTERVALS}:
        raise InvalidInputError(_("Choose what it is for."), field="title")
    if new.periods is not None and not 1 <= new.periods <= PERIODS_MAX:
        words = _("It lasts for at most %(most)d payments, or for as long as the membership does.")
        raise InvalidInputError(words % {"most": PERIODS_MAX}, field="periods")
    if new.periods is None and new.percent_bps == WHOLE_BPS:
        words = _("A membership cannot be free for ever. Say how many payments are free.")
        raise InvalidInputError(words, field="periods")


def why_not(coupon: Coupon, use: Use, at: datetime) -> str:  # noqa: PLR0911  one sentence for each rule
    """Why this coupon takes nothing off here, in a sentence for the buyer; nothing when it does."""
    if coupon.withdrawn_at or (coupon.ends_at and at >= coupon.ends_at):
        return _("This coupon is over.")
    if coupon.starts_at and at < coupon.starts_at:
        return _("This coupon does not work yet.")
    if not _is_for(coupon, use):
        return _("This coupon is for something else.")
    if coupon.currency not in {"", use.home.currency}:
        return _("This coupon is in another currency.")
    if _is_used_up(use.uses, coupon.uses_max) or _is_used_up(use.code_uses, use.code_uses_max):
        return _("This coupon is used up.")
    if use.own_uses >= coupon.per_person_max:
        return _("You have used this coupon already.")
    if coupon.first_purchase_only and use.bought_before:
        return _("This coupon is for a first purchase.")
    return ""


def discount_of(coupon: Coupon, base: Money, home: Money) -> Money:
    """What it takes off: its amount, or its part of the price, rounded half to even.

    In another currency than its own an amount takes off the part of the price that it takes off at `home`. One of the
    platform's never takes off more than it says, and leaves a tenth.
    """
    off = base.share_bps(coupon.percent_bps or 0) if coupon.amount is None else _there(coupon.amount, base, home)
    if not coupon.is_house:
        return off
    most = min(off, Money(base.amount_minor * HOUSE_MOST_BPS // WHOLE_BPS, base.currency))
    return most if coupon.most is None else min(most, _there(coupon.most, base, home))


def _there(amount: Money, base: Money, home: Money) -> Money:
    if amount.currency == base.currency:
        return amount
    return part_of(base, min(amount, home).amount_minor, home.amount_minor)


def _is_for(coupon: Coupon, use: Use) -> bool:
    if use.plan_id is not None:
        return coupon.reaches(use.plan_id, use.interval)
    return coupon.covers is Covers.SALES and coupon.title_id in {None, use.title_id}


def _is_used_up(uses: int, most: int | None) -> bool:
    return most is not None and uses >= most
