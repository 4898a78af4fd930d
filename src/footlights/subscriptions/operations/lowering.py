"""A coupon on a membership: found before one joins, reserved with it, taken off its payments."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from footlights.kernel.money import Money
from footlights.monetization.api import (
    Coupon,
    CouponUse,
    find_member_coupon,
    get_member_coupon,
    release_coupon,
    reserve_for_member,
    settle_coupon,
)
from footlights.subscriptions.models import SubscriptionRow, TermsRow
from footlights.subscriptions.operations.moving import move
from footlights.subscriptions.operations.taxing import tax_of
from footlights.subscriptions.policies import coupons
from footlights.subscriptions.policies.changes import price_of_period
from footlights.subscriptions.policies.states import Move
from footlights.subscriptions.records import Terms
from footlights.terms.api import SaleKind, price_limits


@dataclass(frozen=True, slots=True)
class Lowering:
    """A coupon that somebody who joins brings along."""

    coupon: Coupon
    use: CouponUse
    free_months: int

    @property
    def columns(self) -> dict[str, object]:
        """What the subscription keeps of it."""
        left = 0 if self.free_months else self.coupon.periods
        return {"coupon_id": self.coupon.id, "coupon_left": left, "free_months": self.free_months}


def find_lowering(subscriber_id: uuid.UUID, terms: TermsRow, typed: str, at: datetime) -> Lowering | None:
    """None where no code was typed. Reserves nothing. Raises CouponRefusedError with the reason."""
    if not typed.strip():
        return None
    own, home = terms.to_record(), home_of(terms)
    coupon, use = find_member_coupon(
        typed=typed,
        viewer_id=subscriber_id,
        channel_id=terms.plan.channel_id,
        plan_id=terms.plan_id,
        interval=own.interval,
        home=home.price,
        at=at,
        of_house=not terms.plan.is_pass,  # what the platform sells itself it makes cheaper itself
    )
    return Lowering(coupon, use, coupons.free_months(coupon, terms=own, home=home))


def reserve(row: SubscriptionRow, lowering: Lowering, at: datetime) -> None:
    """Take a use of it for a subscription that begins. Joins the transaction. Raises CouponRefusedError."""
    reserve_for_member(subscription_id=row.pk, viewer_id=row.subscriber_id, use=lowering.use, at=at)


def settle(row: SubscriptionRow) -> None:
    """It has begun: the use counts from now on. Joins the transaction; safe to repeat."""
    if row.coupon_id:
        settle_coupon(row.pk)


def lapse(row: SubscriptionRow, at: datetime) -> None:
    """It never began, and its coupon is free for somebody else. Joins the transaction, which holds the row."""
    move(row, Move.LAPSE, ended_at=at, end_reason="unpaid", due_at=None)
    if row.coupon_id:
        release_coupon(row.pk)


def asked_for(row: SubscriptionRow, terms: TermsRow, *, is_change: bool) -> tuple[Money, Money]:
    """What the next period costs by these terms, and that in the creator's currency; before a coupon."""
    number = row.paid_periods + 1
    own, home = terms.to_record(), home_of(terms)
    if is_change:
        return own.price, home.price
    return price_of_period(own, number=number), price_of_period(home, number=number)


def discount_on(row: SubscriptionRow, terms: TermsRow, *, is_change: bool, at: datetime) -> Money:
    """What its coupon takes off the next payment, in these terms: nothing where it does not reach or is used up."""
    asked, home = asked_for(row, terms, is_change=is_change)
    return taken_off(_coupon_of(row), terms, asked, home, at)


def borne_of(row: SubscriptionRow, *, owed: Money, discount: Money, at: datetime) -> Money:
    """What the platform bears of a discount on what is owed, when the coupon is its own: the makers' net of it."""
    coupon = _coupon_of(row) if discount else None
    if coupon is None or not coupon.is_house:
        return Money(0, owed.currency)
    whole, paid = tax_of(row, owed + discount, at), tax_of(row, owed, at)
    return (whole.gross - whole.tax) - (paid.gross - paid.tax)


def _coupon_of(row: SubscriptionRow) -> Coupon | None:
    return get_member_coupon(row.pk) if row.coupon_id and row.coupon_left != 0 else None


def taken_off(coupon: Coupon | None, terms: TermsRow, asked: Money, home: Money, at: datetime) -> Money:
    if coupon is None or not coupon.reaches(terms.plan_id, terms.interval):
        return Money(0, asked.currency)
    floor = price_limits(SaleKind.SUBSCRIPTION, asked.currency, at).floor
    return coupons.discount(coupon, asked=asked, home=home, floor=floor)


def home_of(terms: TermsRow) -> Terms:
    """The plan's own terms that these are, in its creator's currency."""
    return (terms.local_of or terms).to_record()
