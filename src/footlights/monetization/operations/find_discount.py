"""What a code takes off for one buyer of one title, of a collection, or of a membership."""

import uuid
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from footlights.kernel.money import Money
from footlights.monetization import couponing
from footlights.monetization.errors import CouponRefusedError
from footlights.monetization.models import CouponCodeRow, MembershipRow, OfferRow, PurchaseRow, RedemptionRow
from footlights.monetization.operations.redeeming import LIVE
from footlights.monetization.records import Coupon, CouponUse, RedemptionState


def find_coupon(
    typed: str, viewer_id: uuid.UUID, offer: OfferRow, channel_id: uuid.UUID, home: Money, at: datetime
) -> tuple[Coupon, CouponUse]:
    """The coupon, and the code it was found by: the channel's, or else the platform's. Reserves nothing.

    `home` is what it costs in its creator's own currency. Raises CouponRefusedError with the reason.
    """
    code = _find_code(typed, channel_id)
    mine = RedemptionRow.objects.filter(coupon=code.coupon, viewer_id=viewer_id, state__in=LIVE)
    # What stands at the till for the same is given up for the purchase this quote is for.
    same = mine.filter(
        purchase__title_id=offer.title_id,
        purchase__collection_id=offer.collection_id,
        purchase__broadcast_id=offer.broadcast_id,
        purchase__isnull=False,
    )
    held = list(same.filter(state=RedemptionState.RESERVED).values_list("code", flat=True))
    coupon = code.coupon.to_record()
    use = couponing.Use(
        title_id=offer.title_id,
        home=home,
        uses=coupon.used - len(held),
        code_uses=code.used - held.count(code.pk),
        code_uses_max=code.uses_max,
        own_uses=mine.count() - len(held),
        bought_before=coupon.first_purchase_only and _bought(viewer_id, coupon.channel_id).exists(),
    )
    if reason := couponing.why_not(coupon, use, at):
        raise CouponRefusedError(reason)
    return coupon, CouponUse(coupon.id, code.pk, code.code, coupon.is_house)


def find_member_coupon(
    *,
    typed: str,
    viewer_id: uuid.UUID,
    channel_id: uuid.UUID,
    plan_id: uuid.UUID,
    interval: str,
    home: Money,
    at: datetime,
    of_house: bool = True,
) -> tuple[Coupon, CouponUse]:
    """The coupon for somebody about to join a plan of a channel, for `home` each `interval`. Reserves nothing.

    One of the platform's counts where `of_house`. Raises CouponRefusedError with the reason.
    """
    code = _find_code(typed, channel_id, of_house=of_house)
    mine = RedemptionRow.objects.filter(coupon=code.coupon, viewer_id=viewer_id, state__in=LIVE)
    # What stands at the till for a membership of the same channel is given up for the one this is asked for.
    held = list(mine.filter(purchase=None, state=RedemptionState.RESERVED).values_list("code", flat=True))
    coupon = code.coupon.to_record()
    use = couponing.Use(
        title_id=None,
        plan_id=plan_id,
        interval=interval,
        home=home,
        uses=coupon.used - len(held),
        code_uses=code.used - held.count(code.pk),
        code_uses_max=code.uses_max,
        own_uses=mine.count() - len(held),
        bought_before=coupon.first_purchase_only and _belonged(viewer_id, coupon.channel_id),
    )
    if reason := couponing.why_not(coupon, use, at):
        raise CouponRefusedError(reason)
    return coupon, CouponUse(coupon.id, code.pk, code.code, coupon.is_house)


def get_member_coupon(subscription_id: uuid.UUID) -> Coupon | None:
    """The coupon that a membership uses, or had reserved; it holds whatever became of the coupon since."""
    row = RedemptionRow.objects.filter(pk=subscription_id).select_related("coupon").first()
    return row.coupon.to_record() if row else None


def takes_off(coupon: Coupon, price: Money, home: Money) -> Money:
    """What a coupon takes off a payment, never more than all of it; `home` is its price at the creator's."""
    return min(couponing.discount_of(coupon, price, home), price)


def _find_code(typed: str, channel_id: uuid.UUID, *, of_house: bool = True) -> CouponCodeRow:
    """The channel's own goes before the platform's of the same word."""
    whose = Q(channel_id=channel_id) | Q(channel_id=None) if of_house else Q(channel_id=channel_id)
    rows = CouponCodeRow.objects.filter(whose, code=couponing.normal(typed)).select_related("coupon")
    code = rows.order_by(F("channel_id").asc(nulls_last=True)).first()
    if code is None:
        raise CouponRefusedError(_("There is no coupon with this code here."))
    return code


def _bought(viewer_id: uuid.UUID, channel_id: uuid.UUID | None) -> QuerySet[PurchaseRow]:
    """What they paid for at the channel; at any, where there is none."""
    rows = PurchaseRow.objects.filter(viewer_id=viewer_id, paid_at__isnull=False)
    return rows.filter(channel_id=channel_id) if channel_id else rows


def _belonged(viewer_id: uuid.UUID, channel_id: uuid.UUID | None) -> bool:
    """Whether they ever bought something of the channel (of any, where there is none), or were a member of it."""
    memberships = MembershipRow.objects.filter(viewer_id=viewer_id)
    own = memberships.filter(channel_id=channel_id) if channel_id else memberships
    return _bought(viewer_id, channel_id).exists() or own.exists()
