"""Bounded reads of what is sold, bought and earned."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Avg, Count, F, Sum
from django.utils.translation import gettext as _

from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of, list_balances, list_daily_totals, list_journal
from footlights.monetization import policies, refunding
from footlights.monetization.causes import refund_cause, sale_cause, undone_cause, whole_refund_cause
from footlights.monetization.collections import why_counted
from footlights.monetization.couponing import BATCH_MAX
from footlights.monetization.local import all_for_buyer
from footlights.monetization.models import (
    IS_CURRENT,
    CouponCodeRow,
    CouponRow,
    EntitlementRow,
    EventRow,
    MembershipRow,
    OfferRow,
    PurchaseRow,
)
from footlights.monetization.records import (
    Coupon,
    CouponCode,
    Entitlement,
    Membership,
    Offer,
    OfferKind,
    Purchase,
    PurchaseState,
)
from footlights.monetization.takings import DailyEarnings, Earnings, PaymentStory, Sale, Share, TitleEarnings
from footlights.payments.api import get_payment, list_payment_causes, list_payment_events
from footlights.prices.api import AT_HOME, Buyer
from footlights.terms import api as terms
from footlights.terms.api import SaleKind

LIMIT_MAX = 200
LIBRARY_MAX = 500
NOT_THE_CHANNELS = (  # what of a price others have, less what the platform put in
    F("tax_minor") + F("fee_minor") + F("shared_minor") - F("borne_minor")
    - F("refunded_tax_minor") - F("refunded_fee_minor") - F("refunded_shared_minor") + F("refunded_borne_minor")
)  # fmt: skip
SOLD = (PurchaseState.PAID, PurchaseState.REFUNDED)
DEAREST_LAST = ("amount_minor", "kind")


# Offers.


def list_offers(title_id: uuid.UUID, buyer: Buyer = AT_HOME) -> list[Offer]:
    """The ways to get a title now, the cheapest first, as this buyer is asked for them."""
    return offers_for_titles([title_id], buyer)[title_id]


def offers_for_titles(title_ids: Sequence[uuid.UUID], buyer: Buyer = AT_HOME) -> dict[uuid.UUID, list[Offer]]:
    """The same for many titles, in one query, or two abroad; a title without offers has an empty list."""
    offers: dict[uuid.UUID, list[Offer]] = {title_id: [] for title_id in title_ids}
    for row in OfferRow.objects.filter(IS_CURRENT, title_id__in=title_ids).order_by(*DEAREST_LAST):
        offers[cast("uuid.UUID", row.title_id)].append(row.to_record())
    return all_for_buyer(offers, buyer)


def get_offer(offer_id: uuid.UUID) -> Offer:
    """An offer that can be taken now. Raises NotFoundError."""
    row = OfferRow.objects.filter(IS_CURRENT, pk=offer_id).first()
    if row is None:
        raise NotFoundError(_("This price is not offered any more."))
    return row.to_record()


def find_offer(offer_id: uuid.UUID) -> Offer | None:
    """An offer as it was made, withdrawn or not."""
    row = OfferRow.objects.filter(pk=offer_id).first()
    return row.to_record() if row else None


def share_of(price: Money, *, kind: OfferKind | SaleKind, channel_id: uuid.UUID, at: datetime) -> Share:
    """Where a price without tax goes, at the terms of that moment, before collaborators have their part."""
    fee_bps = terms.fee_bps(SaleKind(kind), channel_id, at)
    fee = policies.fee_of(price, fee_bps=fee_bps)
    return Share(price=price, fee=fee, fee_bps=fee_bps, net=price - fee)


# What a viewer has.


def get_purchase(purchase_id: uuid.UUID, viewer_id: uuid.UUID) -> Purchase:
    """A purchase of this viewer; anybody else's does not exist. Raises NotFoundError."""
    row = PurchaseRow.objects.filter(pk=purchase_id, viewer_id=viewer_id).first()
    if row is None:
        raise NotFoundError("There is no such purchase.")
    return row.to_record()


def why_not_returned(*, purchase_id: uuid.UUID, viewer_id: uuid.UUID, watched_percent: int, at: datetime) -> str:
    """Why its buyer cannot give a purchase back by themselves now; nothing when they can. Raises NotFoundError."""
    purchase = get_purchase(purchase_id, viewer_id)
    held = EntitlementRow.objects.filter(purchase_id=purchase_id).aggregate(percent=Avg("watched_percent"))["percent"]
    before = PurchaseRow.objects.filter(
        viewer_id=viewer_id,
        title_id=purchase.title_id,
        collection_id=purchase.collection_id,
        broadcast_id=purchase.broadcast_id,
        state=PurchaseState.REFUNDED,
        paid_at__isnull=False,
    ).exclude(pk=purchase_id)
    return refunding.why_not_returned(
        purchase,
        terms=terms.refund_terms(at),
        watched_percent=max(watched_percent, round(held or 0)),
        returned_before=before.exists(),
        counted=why_counted(purchase_id),
        event=_event_of(purchase),
        at=at,
    )


def _event_of(purchase: Purchase) -> refunding.Event | None:
    event = EventRow.objects.filter(pk=purchase.broadcast_id).first() if purchase.broadcast_id else None
    return refunding.Event(began=bool(event.began_at), moved_at=event.moved_at) if event else None


def find_purchase(purchase_id: uuid.UUID) -> Purchase | None:
    """Anybody's purchase: for administrators."""
    row = PurchaseRow.objects.filter(pk=purchase_id).first()
    return row.to_record() if row else None


def list_purchases(viewer_id: uuid.UUID, limit: int = 50, offset: int = 0) -> list[Purchase]:
    """The newest first."""
    rows = PurchaseRow.objects.filter(viewer_id=viewer_id).order_by("-created_at")
    return [row.to_record() for row in rows[offset : offset + min(limit, LIMIT_MAX)]]


def list_library(viewer_id: uuid.UUID, at: datetime | None = None) -> list[Entitlement]:
    """What the viewer holds, the newest first; with `at` only what can be watched then."""
    entitlements = [entitlement for entitlement in list_entitlements(viewer_id) if not entitlement.revoked_at]
    if at is None:
        return entitlements
    return [entitlement for entitlement in entitlements if not policies.is_over(entitlement, at)]


def list_entitlements(viewer_id: uuid.UUID) -> list[Entitlement]:
    """Every title the viewer was ever granted, revoked and over included, the newest first."""
    rows = EntitlementRow.objects.filter(viewer_id=viewer_id, title_id__isnull=False).order_by("-granted_at", "-id")
    return [row.to_record() for row in rows[:LIBRARY_MAX]]


def list_memberships(viewer_id: uuid.UUID, at: datetime) -> list[Membership]:
    """Those that last at that moment, the longest first."""
    rows = MembershipRow.objects.filter(viewer_id=viewer_id, until__gt=at).order_by("-until", "-id")[:LIMIT_MAX]
    return [each for each in (row.to_record() for row in rows) if policies.is_member(each, at)]


# Coupons.


def list_coupons(channel_id: uuid.UUID | None, limit: int = 50, offset: int = 0) -> list[Coupon]:
    """Of a channel, or the platform's (None); the newest first."""
    rows = CouponRow.objects.filter(channel_id=channel_id).order_by("-created_at", "-id")
    return [row.to_record() for row in rows[offset : offset + min(limit, LIMIT_MAX)]]


def get_coupon(*, coupon_id: uuid.UUID, channel_id: uuid.UUID | None) -> Coupon:
    """A coupon of this channel, or of the platform's (None); another's does not exist. Raises NotFoundError."""
    row = CouponRow.objects.filter(pk=coupon_id, channel_id=channel_id).first()
    if row is None:
        raise NotFoundError("There is no such coupon.")
    return row.to_record()


def list_codes(coupon_id: uuid.UUID) -> list[CouponCode]:
    """All its codes, at most a batch's."""
    rows = CouponCodeRow.objects.filter(coupon_id=coupon_id).order_by("code")
    return [CouponCode(row.code, row.used, row.uses_max) for row in rows[:BATCH_MAX]]


def borne_with(coupon_id: uuid.UUID) -> list[Money]:
    """What the platform put in for one of its coupons at sales that stand, by currency."""
    rows = PurchaseRow.objects.filter(redemption__coupon_id=coupon_id, paid_at__isnull=False, borne_minor__gt=0)
    sums = rows.values("currency").annotate(put_in=Sum(F("borne_minor") - F("refunded_borne_minor")))
    return [Money(int(each["put_in"]), each["currency"]) for each in sums.order_by("currency")]


# What a channel earned.


def earning_currencies(channel_id: uuid.UUID) -> list[str]:
    """The currencies this channel ever earned in."""
    account = policies.creator_account(channel_id)
    return [balance.amount.currency for balance in list_balances(account) if balance.account == account]


def earnings(channel_id: uuid.UUID, currency: str) -> Earnings:
    """What was refunded counts as never paid. `available` is what the books say the channel is owed."""
    sums = PurchaseRow.objects.filter(
        channel_id=channel_id, currency=currency, state__in=SOLD, paid_at__isnull=False
    ).aggregate(
        gross=Sum(F("amount_minor") - F("refunded_minor"), default=0),
        tax=Sum(F("tax_minor") - F("refunded_tax_minor"), default=0),
        fees=Sum(F("fee_minor") - F("refunded_fee_minor"), default=0),
        shared=Sum(F("shared_minor") - F("refunded_shared_minor"), default=0),
        borne=Sum(F("borne_minor") - F("refunded_borne_minor"), default=0),
    )
    parts = {name: Money(int(minor), currency) for name, minor in sums.items()}
    net = parts["gross"] + parts["borne"] - parts["tax"] - parts["fees"] - parts["shared"]
    return Earnings(**parts, net=net, available=-balance_of(policies.creator_account(channel_id), currency))


def earnings_by_title(channel_id: uuid.UUID, currency: str, limit: int = 100) -> list[TitleEarnings]:
    """The best earners first; a collection is a line of its own, whatever titles are in it, and so is a broadcast."""
    rows = (
        PurchaseRow.objects.filter(
            channel_id=channel_id, currency=currency, state=PurchaseState.PAID, paid_at__isnull=False
        )
        .values("title_id", "collection_id", "broadcast_id")
        .annotate(
            sales=Count("id"),
            gross=Sum(F("amount_minor") - F("refunded_minor")),
            kept=Sum(NOT_THE_CHANNELS),
        )
        .order_by(F("gross").desc(), "title_id", "collection_id", "broadcast_id")[: min(limit, LIMIT_MAX)]
    )
    return [
        TitleEarnings(
            title_id=row["title_id"],
            collection_id=row["collection_id"],
            broadcast_id=row["broadcast_id"],
            sales=row["sales"],
            gross=Money(int(row["gross"]), currency),
            net=Money(int(row["gross"] - row["kept"]), currency),
        )
        for row in rows
    ]


def daily_earnings(channel_id: uuid.UUID, currency: str, days: int, at: datetime) -> list[DailyEarnings]:
    """The channel's share on each of the last `days` UTC days up to `at`; a refund counts on the day it was made."""
    until = at.date()
    totals = list_daily_totals(policies.creator_account(channel_id), currency, until - timedelta(days=days - 1), until)
    return [DailyEarnings(day, -total) for day, total in totals]


def list_sales(
    channel_id: uuid.UUID, *, title_id: uuid.UUID | None = None, limit: int = 50, offset: int = 0
) -> list[Sale]:
    """What was sold, the newest first, refunded sales included."""
    rows = PurchaseRow.objects.filter(channel_id=channel_id, paid_at__isnull=False, state__in=SOLD).order_by(
        "-paid_at", "-id"
    )
    if title_id:
        rows = rows.filter(title_id=title_id)
    return [row.to_sale() for row in rows[offset : offset + min(limit, LIMIT_MAX)]]


def get_sale(*, channel_id: uuid.UUID, purchase_id: uuid.UUID) -> Sale:
    """One sale of this channel. Raises NotFoundError, also for a purchase that was not paid."""
    row = PurchaseRow.objects.filter(
        pk=purchase_id, channel_id=channel_id, paid_at__isnull=False, state__in=SOLD
    ).first()
    if row is None:
        raise NotFoundError("There is no such sale.")
    return row.to_sale()


# What happened, for support.


def explain_payment(payment_id: uuid.UUID) -> PaymentStory:
    """A payment's whole story, from the click to the bookings and the entitlement. Raises NotFoundError."""
    payment = get_payment(payment_id)
    purchase = PurchaseRow.objects.filter(payment_id=payment_id).first()
    causes = list_payment_causes(payment_id)
    if purchase:
        returns = purchase.returns.order_by("at").values_list("refund_id", flat=True)
        causes += [sale_cause(purchase.pk), whole_refund_cause(purchase.pk)]
        for refund_id in returns:
            causes += [refund_cause(purchase.pk, refund_id), undone_cause(purchase.pk, refund_id)]
    granted = EntitlementRow.objects.filter(purchase=purchase, title_id__isnull=False) if purchase else None
    return PaymentStory(
        payment=payment,
        events=list_payment_events(payment_id),
        entries=[entry for cause in causes for entry in list_journal(cause)],
        purchase=purchase.to_record() if purchase else None,
        entitlements=[row.to_record() for row in granted.order_by("granted_at", "pk")] if granted else [],
    )
