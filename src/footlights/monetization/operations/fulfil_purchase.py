"""The money is there: book it and grant what was bought."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel.money import Money
from footlights.ledger.api import post_journal
from footlights.monetization import policies
from footlights.monetization.causes import sale_cause
from footlights.monetization.models import PurchaseRow
from footlights.monetization.operations.document import document_sale
from footlights.monetization.operations.grant import grant
from footlights.monetization.operations.promising import hold_parts_again
from footlights.monetization.operations.redeeming import settle
from footlights.monetization.operations.telling import tell
from footlights.monetization.records import PurchaseState
from footlights.payments.api import get_payment
from footlights.splits.api import SubjectKind, shares_of
from footlights.terms import api as terms
from footlights.terms.api import SaleKind


def fulfil_purchase(*, purchase_id: uuid.UUID, payment_id: uuid.UUID, at: datetime) -> None:
    """Journal, entitlement, state and invoice in one transaction, once for each purchase however often it is called.

    Locks the purchase. Raises IdempotencyConflictError if the books already say otherwise, which no retry mends.
    """
    payment = get_payment(payment_id)
    with transaction.atomic():
        purchase = PurchaseRow.objects.select_for_update(no_key=True).get(pk=purchase_id)
        if purchase.state in {PurchaseState.PAID, PurchaseState.REFUNDED}:
            return
        sold_at = purchase.created_at  # the terms are those of the click, however late the money comes
        fee_bps = terms.fee_bps(SaleKind(purchase.kind), purchase.channel_id, sold_at)
        fee = policies.fee_of(purchase.breakdown.earned, fee_bps=fee_bps)
        parts = policies.shares_of(
            purchase.breakdown,
            fee=fee,
            channel_id=purchase.channel_id,
            shares=shares_of(*_subject_of(purchase), sold_at),
        )
        post_journal(
            cause=sale_cause(purchase_id),
            postings=policies.sale_postings(
                breakdown=purchase.breakdown, fee=fee, gateway=payment.gateway, parts=parts
            ),
            at=at,
            memo=f"{purchase.kind} {purchase.thing_id}",
            about=purchase.about,
        )
        grant(purchase, at)
        settle(purchase_id)
        hold_parts_again(purchase_id)
        purchase.state = PurchaseState.PAID
        purchase.reason = ""
        purchase.payment_id = payment_id
        purchase.paid_at = at
        purchase.fee_minor = fee.amount_minor
        purchase.shared_minor = _shared(parts, purchase.channel_id)
        purchase.save(update_fields=["state", "reason", "payment_id", "paid_at", "fee_minor", "shared_minor"])
        tell(Act.PURCHASE_PAID, purchase, actor_id=None, payment_id=payment_id)
        document_sale(purchase, description=payment.description, at=at)


def _subject_of(purchase: PurchaseRow) -> tuple[SubjectKind, uuid.UUID]:
    if purchase.title_id:
        return SubjectKind.TITLE, purchase.title_id
    kind = SubjectKind.COLLECTION if purchase.collection_id else SubjectKind.EVENT
    return kind, purchase.thing_id


def _shared(parts: Iterable[tuple[str, Money]], channel_id: uuid.UUID) -> int:
    own = policies.creator_account(channel_id)
    return sum(part.amount_minor for account, part in parts if account != own)
