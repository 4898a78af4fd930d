"""Somebody buys a title, a collection, or a ticket for somebody else, for the price they saw."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.catalog.api import get_collection, list_titles
from footlights.giving import policies
from footlights.giving.models import GiftRow
from footlights.giving.operations.note_origin import note_origin
from footlights.giving.operations.pay import ask_for_payment
from footlights.giving.operations.telling import tell
from footlights.giving.records import Gift, NewGift
from footlights.kernel.codes import random_code
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError
from footlights.kernel.money import Money
from footlights.monetization.api import Choice, Quote, QuoteChangedError, event_name, full_name, quote_gift
from footlights.taxes.api import note_evidence, note_reverse_charge

NO_CHOICE = Choice()


def buy_gift(
    *,
    giver_id: uuid.UUID,
    new: NewGift,
    idempotency_key: str,
    at: datetime,
    choice: Choice = NO_CHOICE,
    shown: Money | None = None,
) -> Gift:
    """Buy a gift by the hosted page it names. Call outside a transaction.

    `shown` is the total the giver saw: another one is never charged. The same key is the same gift; with another offer
    it raises IdempotencyConflictError. Raises NotFoundError, OfferChangedError, QuoteChangedError, InvalidInputError,
    GatewayUnreachableError (nothing was charged; repeat).
    """
    repeated = GiftRow.objects.filter(giver_id=giver_id, idempotency_key=idempotency_key).first()
    if repeated and (repeated.offer_id != new.offer_id or (shown is not None and shown != repeated.amount)):
        raise IdempotencyConflictError(_("This gift was begun for something else. Load the page again."))
    row = repeated or _begin(giver_id, new, choice, shown, idempotency_key, at)
    words = _("Gift: %(name)s") % {"name": _name_of(row)}
    ask_for_payment(row, description=words, return_path=f"/gifts/{row.pk}", at=at)
    return row.to_record()


def _name_of(row: GiftRow) -> str:
    if row.collection_id:
        return full_name(get_collection(row.collection_id))
    if row.broadcast_id:
        return event_name(row.broadcast_id)
    return next(title.name for title in list_titles([row.title_id] if row.title_id else []).values())


def _begin(
    giver_id: uuid.UUID, new: NewGift, choice: Choice, shown: Money | None, idempotency_key: str, at: datetime
) -> GiftRow:
    kept = policies.check_gift(new, at)
    quote = quote_gift(giver_id=giver_id, offer_id=new.offer_id, at=at, choice=choice)
    if shown is not None and shown != quote.total:
        raise QuoteChangedError(_("The price has changed since you saw it."), was=shown, quote=quote)
    if not quote.total:
        raise InvalidInputError(_("This costs nothing: send them the address of its page."), field="amount")
    with transaction.atomic(durable=True):
        row, is_new = GiftRow.objects.get_or_create(
            giver_id=giver_id, idempotency_key=idempotency_key, defaults=_columns(kept, quote, at)
        )
        if is_new:
            tell(Act.GIFT_BEGUN, row, actor_id=giver_id)
            note_origin(reference=row.reference, at=at)
            note_evidence(reference=row.reference, evidence=choice.evidence, at=at)
            if quote.breakdown.tax.is_reversed:
                number, country = choice.business_number, choice.country or ""
                note_reverse_charge(reference=row.reference, number=number, country=country, at=at)
    return row


def _columns(new: NewGift, quote: Quote, at: datetime) -> dict[str, object]:
    tax = quote.breakdown.tax
    return {
        "channel_id": quote.channel_id,
        "title_id": quote.offer.title_id,
        "collection_id": quote.offer.collection_id,
        "broadcast_id": quote.offer.broadcast_id,
        "promised": [part.title_id for part in quote.parts],
        "offer_id": quote.offer.id,
        "amount_minor": quote.total.amount_minor,
        "currency": quote.total.currency,
        "tax_minor": tax.amount.amount_minor,
        "tax_rate_bps": tax.rate_bps,
        "tax_place": tax.place,
        "tax_name": tax.name,
        "code": random_code(),
        "recipient": new.recipient,
        "sender": new.sender,
        "message": new.message,
        "send_at": (new.send_at or at) if new.recipient else None,
        "created_at": at,
    }
