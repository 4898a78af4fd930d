"""What a code takes off for one buyer of one title, or of a collection."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.kernel.money import Money
from footlights.monetization import couponing
from footlights.monetization.errors import CouponRefusedError
from footlights.monetization.models import CouponCodeRow, OfferRow, PurchaseRow, RedemptionRow
from footlights.monetization.operations.redeeming import LIVE
from footlights.monetization.records import CouponUse, RedemptionState


def find_discount(
    typed: str, viewer_id: uuid.UUID, offer: OfferRow, channel_id: uuid.UUID, base: Money, home: Money, at: datetime
) -> tuple[Money, CouponUse]:
    """The discount, and the code it comes from. Reserves nothing. Raises CouponRefusedError with the reason.

    `base` is what is to pay; `home` what it costs in its creator's own currency: an amount in that one takes the same
    part of a price in any other.
    """
    code = (
        CouponCodeRow.objects.filter(channel_id=channel_id, code=couponing.normal(typed))
        .select_related("coupon")
        .first()
    )
    if code is None:
        raise CouponRefusedError(_("There is no coupon with this code here."))
    mine = RedemptionRow.objects.filter(coupon=code.coupon, viewer_id=viewer_id, state__in=LIVE)
    # What stands at the till for the same is given up for the purchase this quote is for.
    same = mine.filter(purchase__title_id=offer.title_id, purchase__collection_id=offer.collection_id)
    held = list(same.filter(state=RedemptionState.RESERVED).values_list("code", flat=True))
    coupon = code.coupon.to_record()
    use = couponing.Use(
        title_id=offer.title_id,
        home=home,
        uses=coupon.used - len(held),
        code_uses=code.used - held.count(code.pk),
        code_uses_max=code.uses_max,
        own_uses=mine.count() - len(held),
        bought_before=coupon.first_purchase_only
        and PurchaseRow.objects.filter(viewer_id=viewer_id, channel_id=channel_id, paid_at__isnull=False).exists(),
    )
    if reason := couponing.why_not(coupon, use, at):
        raise CouponRefusedError(reason)
    return couponing.discount_of(coupon, base, home), CouponUse(coupon.id, code.pk, code.code)
