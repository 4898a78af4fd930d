"""Offers and entitlements for tests, of this context and of others."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.monetization.models import EntitlementRow, OfferRow
from footlights.monetization.operations.buy_title import buy_title
from footlights.monetization.operations.coupons import make_coupon, make_house_coupon
from footlights.monetization.operations.press_passes import make_press_pass
from footlights.monetization.press import list_press_codes
from footlights.monetization.queries import get_purchase
from footlights.monetization.records import Coupon, Entitlement, NewCoupon, Offer, OfferKind, Purchase
from footlights.monetization.screening import NewPressPass, PressCode
from footlights.payments.testing import pay


def make_offer(title: Any, kind: str = "buy", price: Money | None = None, tier: int = 1) -> Offer:
    """A current offer of `title` (a record, or an id): 4.00 EUR unless told otherwise, or nothing when it is free."""
    if price is None:
        price = Money(0 if kind in {"free", "members"} else 400, "EUR")
    row = OfferRow.objects.create(
        title_id=_id(title),
        kind=OfferKind(kind),
        amount_minor=price.amount_minor,
        currency=price.currency,
        tier=tier if kind == "members" else None,
        created_by=new_id(),
        created_at=now(),
    )
    return row.to_record()


def make_collection_offer(collection: Any, price: Money | None = None) -> Offer:
    """A current price of all of `collection` (a record, or an id): 10.00 EUR unless told otherwise."""
    price = price or Money(1_000, "EUR")
    row = OfferRow.objects.create(
        collection_id=_id(collection),
        kind=OfferKind.BUY,
        amount_minor=price.amount_minor,
        currency=price.currency,
        created_by=new_id(),
        created_at=now(),
    )
    return row.to_record()


def make_sale(title: Any, viewer: Any, price: Money | None = None) -> Purchase:
    """`viewer` bought `title`, the money came, and the books know."""
    offer = make_offer(title, price=price)
    bought = buy_title(viewer_id=_id(viewer), offer_id=offer.id, idempotency_key=str(offer.id), at=now())
    pay("paid", bought.hosted_url)
    return get_purchase(bought.id, _id(viewer))


def make_coupon_of(channel: Any, **new: Any) -> Coupon:
    """A coupon of `channel`: SPRING, which takes 25 % off, unless told otherwise."""
    asked: dict[str, Any] = {"name": "A coupon", "code": "SPRING", "percent_bps": 2_500} | new
    return make_coupon(channel_id=channel.id, editor_id=channel.owner_id, new=NewCoupon(**asked), at=now())


def make_house_coupon_of(staff: Any, **new: Any) -> Coupon:
    """A coupon of the platform's: HOUSE, which takes 30 % and at most 5.00 EUR off, a hundred times."""
    asked: dict[str, Any] = {"name": "Ours", "code": "HOUSE", "percent_bps": 3_000, "uses_max": 100} | new
    if asked["percent_bps"]:
        asked = {"most": Money(500, "EUR")} | asked
    return make_house_coupon(editor_id=staff.id, new=NewCoupon(**asked), at=now())


def make_press_codes(
    channel: Any, title: Any = None, *, editor_id: UUID | None = None, at: datetime | None = None, **new: Any
) -> list[PressCode]:
    """Codes of a press pass of `title` (None: all the channel has out): one, for a month, unless told otherwise."""
    at = at or now()
    asked: dict[str, Any] = {"title_id": _id(title) if title else None, "ends_at": at + timedelta(days=30)} | new
    made = make_press_pass(
        channel_id=channel.id, editor_id=editor_id or channel.owner_id, new=NewPressPass(**asked), at=at
    )
    return list_press_codes(made.id)


def grant(viewer: Any, title: Any, kind: str = "buy", at: datetime | None = None) -> Entitlement:
    """Let `viewer` watch `title` without a purchase, from `at` on."""
    at = at or now()
    terms = {"start_by": at + timedelta(days=30), "watch_hours": 48} if kind == "rent" else {}
    row = EntitlementRow.objects.create(
        viewer_id=_id(viewer), title_id=_id(title), kind=OfferKind(kind), granted_at=at, **terms
    )
    return row.to_record()


def _id(thing: Any) -> UUID:
    return thing if isinstance(thing, UUID) else thing.id
