"""A code at the till: reserved with the purchase or membership, used with the money, released without.

All join the caller's transaction.
"""

import uuid
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from footlights.monetization.errors import CouponRefusedError
from footlights.monetization.models import CouponCodeRow, CouponRow, PurchaseRow, RedemptionRow
from footlights.monetization.records import CouponUse, RedemptionState

HAS_USES_LEFT = Q(uses_max__isnull=True) | Q(used__lt=F("uses_max"))
LIVE = (RedemptionState.RESERVED, RedemptionState.USED)


def reserve(purchase: PurchaseRow, use: CouponUse, at: datetime) -> None:
    """Take one use of the code for a purchase. Raises CouponRefusedError."""
    state = RedemptionState.RESERVED if purchase.amount_minor else RedemptionState.USED
    _reserve(RedemptionRow(id=purchase.pk, purchase=purchase, viewer_id=purchase.viewer_id, state=state, at=at), use)


def reserve_for_member(*, subscription_id: uuid.UUID, viewer_id: uuid.UUID, use: CouponUse, at: datetime) -> None:
    """The same for a membership that is about to begin; settled and released by the subscription's id."""
    _reserve(RedemptionRow(id=subscription_id, viewer_id=viewer_id, state=RedemptionState.RESERVED, at=at), use)


def _reserve(row: RedemptionRow, use: CouponUse) -> None:
    """Exactly one use, however many stand at the till: a compare-and-set on coupon and code.

    The first of them keeps the coupon's row locked until the caller commits, so a person's own uses can be counted.
    """
    if not _take(use.coupon_id, use.code_id):
        raise CouponRefusedError(_("This coupon is used up."))
    own = RedemptionRow.objects.filter(coupon_id=use.coupon_id, viewer_id=row.viewer_id, state__in=LIVE).count()
    if own >= CouponRow.objects.values_list("per_person_max", flat=True).get(pk=use.coupon_id):
        raise CouponRefusedError(_("You have used this coupon already."))
    row.coupon_id, row.code_id = use.coupon_id, use.code_id
    row.save(force_insert=True)


def release(redeemed_by: uuid.UUID) -> None:
    """Nothing was paid: somebody else may use it. Once, however often it is called."""
    row = RedemptionRow.objects.filter(pk=redeemed_by).first()
    if row and _move(row, RedemptionState.RESERVED, RedemptionState.RELEASED):
        CouponRow.objects.filter(pk=row.coupon_id).update(used=F("used") - 1)
        CouponCodeRow.objects.filter(pk=row.code_id).update(used=F("used") - 1)


def settle(redeemed_by: uuid.UUID) -> None:
    """It was paid. What was released meanwhile is taken again; with no use left the price is honoured all the same."""
    row = RedemptionRow.objects.filter(pk=redeemed_by).first()
    if row is None or _move(row, RedemptionState.RESERVED, RedemptionState.USED):
        return
    if row.state == RedemptionState.RELEASED:
        is_taken = _take(row.coupon_id, row.code_id, even_withdrawn=True)
        _move(row, RedemptionState.RELEASED, RedemptionState.USED if is_taken else RedemptionState.LATE)


def _take(coupon_id: uuid.UUID, code_id: uuid.UUID, *, even_withdrawn: bool = False) -> bool:
    """One use of both or of neither."""
    coupons = CouponRow.objects.filter(HAS_USES_LEFT, pk=coupon_id)
    if not even_withdrawn:
        coupons = coupons.filter(withdrawn_at=None)
    if not coupons.update(used=F("used") + 1):
        return False
    if not CouponCodeRow.objects.filter(HAS_USES_LEFT, pk=code_id).update(used=F("used") + 1):
        CouponRow.objects.filter(pk=coupon_id).update(used=F("used") - 1)
        return False
    return True


def _move(row: RedemptionRow, source: RedemptionState, to: RedemptionState) -> bool:
    return bool(RedemptionRow.objects.filter(pk=row.pk, state=source).update(state=to))
