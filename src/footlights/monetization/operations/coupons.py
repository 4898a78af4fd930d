"""Make coupons and end them."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import list_titles, may
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.monetization import couponing
from footlights.monetization.models import CouponCodeRow, CouponRow
from footlights.monetization.records import Coupon, NewCoupon


def make_coupon(*, channel_id: uuid.UUID, editor_id: uuid.UUID, new: NewCoupon, at: datetime) -> Coupon:
    """A coupon of a channel, with its code or its batch of codes. One transaction.

    Raises InvalidInputError (a code the channel has already, a title of another channel), and NotFoundError to whoever
    may not set its prices.
    """
    _require_seller(channel_id, editor_id)
    couponing.check_new(new, at)
    title = list_titles([new.title_id]).get(new.title_id) if new.title_id else None
    if new.title_id and (title is None or title.channel_id != channel_id):
        raise InvalidInputError(_("There is no such title on this channel."), field="title_id")
    return _make(channel_id, editor_id, new, at)


def make_house_coupon(*, editor_id: uuid.UUID, new: NewCoupon, at: datetime) -> Coupon:
    """A coupon of the platform's, good at every channel, whose makers earn as if it took nothing off.

    Whether `editor_id` may is the caller's to ask. One transaction. Raises InvalidInputError.
    """
    couponing.check_new(new, at)
    couponing.check_house(new)
    return _make(None, editor_id, new, at)


def _make(channel_id: uuid.UUID | None, editor_id: uuid.UUID, new: NewCoupon, at: datetime) -> Coupon:
    money = new.amount or new.most
    try:
        with transaction.atomic():
            row = CouponRow.objects.create(
                channel_id=channel_id,
                covers=new.covers,
                title_id=new.title_id,
                plan_id=new.plan_id,
                interval=new.interval,
                periods=new.periods,
                name=new.name,
                percent_bps=new.percent_bps,
                amount_minor=new.amount.amount_minor if new.amount else None,
                most_minor=new.most.amount_minor if new.most else None,
                currency=money.currency if money else "",
                starts_at=new.starts_at,
                ends_at=new.ends_at,
                uses_max=new.uses_max or (new.batch if channel_id is None else None),
                per_person_max=new.per_person_max,
                first_purchase_only=new.first_purchase_only,
                created_by=editor_id,
                created_at=at,
            )
            CouponCodeRow.objects.bulk_create(_codes(row, new))
            _tell(Act.COUPON_MADE, row, editor_id)
    except IntegrityError as error:
        taken = _("There is a coupon with that code already.")
        if channel_id:
            taken = _("This channel has a coupon with that code already.")
        raise InvalidInputError(taken, field="code") from error
    return row.to_record()


def withdraw_coupon(*, coupon_id: uuid.UUID, editor_id: uuid.UUID, at: datetime) -> None:
    """From now on it takes nothing off; what stands at a till already is honoured. Safe to repeat.

    Raises NotFoundError, also to whoever may not set the channel's prices.
    """
    row = CouponRow.objects.filter(pk=coupon_id, channel_id__isnull=False).first()
    if row is None or row.channel_id is None:
        raise NotFoundError("There is no such coupon.")
    _require_seller(row.channel_id, editor_id)
    _withdraw(row, editor_id, at)


def withdraw_house_coupon(*, coupon_id: uuid.UUID, editor_id: uuid.UUID, at: datetime) -> None:
    """The same of one of the platform's. Whether `editor_id` may is the caller's to ask. Raises NotFoundError."""
    row = CouponRow.objects.filter(pk=coupon_id, channel_id=None).first()
    if row is None:
        raise NotFoundError("There is no such coupon.")
    _withdraw(row, editor_id, at)


def _withdraw(row: CouponRow, editor_id: uuid.UUID, at: datetime) -> None:
    with transaction.atomic():
        if CouponRow.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=at):
            _tell(Act.COUPON_WITHDRAWN, row, editor_id)


def _codes(row: CouponRow, new: NewCoupon) -> list[CouponCodeRow]:
    if new.code:
        return [CouponCodeRow(coupon=row, channel_id=row.channel_id, code=couponing.normal(new.code))]
    codes: set[str] = set()
    while len(codes) < new.batch:
        codes.add(couponing.random_code())
    return [CouponCodeRow(coupon=row, channel_id=row.channel_id, code=code, uses_max=1) for code in sorted(codes)]


def _require_seller(channel_id: uuid.UUID, editor_id: uuid.UUID) -> None:
    if not may(editor_id, Permission.SET_PRICES, channel_id):
        raise NotFoundError("There is no such channel.")


def _tell(act: Act, row: CouponRow, editor_id: uuid.UUID) -> None:
    off = f"{row.percent_bps / 100:g} %" if row.percent_bps else f"{row.amount_minor} {row.currency}"
    record(
        act=act,
        object_kind="coupon",
        object_id=row.pk,
        actor_id=editor_id,
        channel_id=row.channel_id,
        after={"name": row.name, "takes_off": off, "uses_max": row.uses_max},
    )
