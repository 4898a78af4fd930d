"""Bounded reads of collections that are sold: their price, and what of one somebody has already."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Q
from django.utils.translation import gettext as _

from footlights.catalog.api import list_public_ids_in
from footlights.kernel.money import Money
from footlights.monetization import crediting
from footlights.monetization.local import all_for_buyer
from footlights.monetization.models import (
    IS_CURRENT,
    EntitlementRow,
    GivenCollectionRow,
    OfferRow,
    PartRow,
    PurchaseRow,
)
from footlights.monetization.naming import name_of
from footlights.monetization.records import Offer, OfferKind, Part, PartState, PurchaseState
from footlights.payments.api import RefundState, list_refunds
from footlights.prices.api import AT_HOME, Buyer

WISH_LASTS = timedelta(minutes=10)
OPEN = (PurchaseState.PENDING, PurchaseState.UNKNOWN)
COUNTS = Q(state=PartState.HOLDS, purchase__state__in=[*OPEN, PurchaseState.PAID])


def find_collection_offer(collection_id: uuid.UUID, buyer: Buyer = AT_HOME) -> Offer | None:
    """What it costs now, as this buyer is asked for it; None when it is not sold as one."""
    return offers_for_collections([collection_id], buyer).get(collection_id)


def offers_for_collections(ids: Sequence[uuid.UUID], buyer: Buyer = AT_HOME) -> dict[uuid.UUID, Offer]:
    """The same for many, in one query, or two abroad; those that are not sold are left out."""
    rows = OfferRow.objects.filter(IS_CURRENT, collection_id__in=ids)
    at_home = {cast("uuid.UUID", row.collection_id): [row.to_record()] for row in rows}
    return {collection_id: offer for collection_id, [offer] in all_for_buyer(at_home, buyer).items()}


def list_parts(purchase_id: uuid.UUID) -> list[Part]:
    """What a purchase of a collection promised, and what counted towards it."""
    rows = PartRow.objects.filter(purchase_id=purchase_id).select_related("purchase").order_by("pk")
    return [Part(row.title_id, row.purchase.money(row.credit_minor), row.counted_id) for row in rows]


def list_granted_titles(purchase_id: uuid.UUID) -> list[uuid.UUID]:
    """The titles that one purchase let its buyer watch, taken back or not."""
    rows = EntitlementRow.objects.filter(purchase_id=purchase_id).order_by("pk")
    return [title_id for title_id in rows.values_list("title_id", flat=True) if title_id]


def has_bought(viewer_id: uuid.UUID, collection_id: uuid.UUID) -> bool:
    """Whether the collection is theirs: by a purchase that was paid, or cost nothing, and did not go back; or given."""
    bought = PurchaseRow.objects.filter(viewer_id=viewer_id, collection_id=collection_id, state=PurchaseState.PAID)
    given = GivenCollectionRow.objects.filter(viewer_id=viewer_id, collection_id=collection_id, revoked_at=None)
    return bought.exists() or given.exists()


def kept_titles(viewer_id: uuid.UUID, title_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of them that the viewer has for ever."""
    rows = EntitlementRow.objects.filter(
        viewer_id=viewer_id, title_id__in=title_ids, kind=OfferKind.BUY, revoked_at=None
    )
    return {title_id for title_id in rows.values_list("title_id", flat=True) if title_id}


def find_parts(
    *,
    collection_id: uuid.UUID,
    viewer_id: uuid.UUID,
    price: Money,
    floor: Money | None,
    at: datetime,
    is_reversed: bool = False,
) -> tuple[Part, ...]:
    """The titles that come with the collection at that moment, and what counts of what the viewer bought of it.

    `is_reversed`: the buyer owes the tax of this one themselves, so that what the price holds of it is taken out.

    A purchase counts that was paid in the same currency, of which no refund is on its way, and that does not count
    towards another collection; one towards this, which stands at the till, is given up for what this is for.
    """
    title_ids = list_public_ids_in(collection_id, at)
    elsewhere = PartRow.objects.filter(COUNTS, counted__isnull=False).exclude(
        purchase__viewer_id=viewer_id, purchase__collection_id=collection_id, purchase__state__in=OPEN
    )
    rows = PurchaseRow.objects.filter(
        viewer_id=viewer_id,
        title_id__in=title_ids,
        kind=OfferKind.BUY,
        currency=price.currency,
        state=PurchaseState.PAID,
        paid_at__isnull=False,
    ).exclude(pk__in=elsewhere.filter(counted__viewer_id=viewer_id).values("counted_id"))
    lasting = [row for row in rows if not is_going_back(row, at)]
    counts = {
        row.title_id: (row.pk, Money(_worth(row, is_reversed=is_reversed), row.currency))
        for row in lasting
        if row.title_id
    }
    return crediting.parts_of(title_ids, counts, price=price, floor=floor)


def is_going_back(row: PurchaseRow, at: datetime) -> bool:
    """Whether a refund of it was asked for and is not done. A wish that died before payments knew it is forgotten."""
    if row.returning_at is None or row.payment_id is None:
        return False
    is_fresh = at < row.returning_at + WISH_LASTS
    return is_fresh or any(refund.state is RefundState.ASKED for refund in list_refunds(row.payment_id))


def why_counted(purchase_id: uuid.UUID) -> str:
    """Why a purchase cannot be given back now: it counted towards a collection that was paid for, or is at the till."""
    part = (
        PartRow.objects.filter(COUNTS, counted_id=purchase_id, purchase__amount_minor__gt=0)
        .select_related("purchase")
        .first()
    )
    if part is None or part.purchase.collection_id is None:
        return ""
    words = _("What was paid for this counted towards “%(collection)s”. Give that back first.")
    return words % {"collection": name_of(part.purchase.collection_id)}


def _worth(row: PurchaseRow, *, is_reversed: bool) -> int:
    return crediting.worth_of(
        amount=row.amount_minor,
        tax=row.tax_minor,
        refunded=row.refunded_minor,
        refunded_tax=row.refunded_tax_minor,
        tax_inclusive=row.tax_inclusive,
        relief=row.relief_minor if is_reversed else 0,
    )
