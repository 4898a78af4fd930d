"""What payments and the catalog tell us. Each may come twice, late, or in another order than it happened."""

import uuid

from footlights.accounts.events import GuestJoined
from footlights.catalog.api import list_collections_with
from footlights.catalog.events import CollectionGrew, TitlePublished
from footlights.kernel.events import subscribe
from footlights.monetization.operations.close_purchase import close_purchase
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.operations.give_collection import give_later_titles
from footlights.monetization.operations.grant_parts import grant_later_titles
from footlights.monetization.operations.hand_over import hand_over
from footlights.monetization.operations.hold_disputed import fit_to_disputes
from footlights.monetization.operations.mark_unsettled import mark_unsettled
from footlights.monetization.operations.note_refund import note_lost_dispute, note_refund, undo_refund
from footlights.payments.events import (
    DisputeClosed,
    DisputeOpened,
    PaymentCaptured,
    PaymentDeclined,
    PaymentRefunded,
    PaymentUnsettled,
    RefundFailed,
)


@subscribe(PaymentCaptured)
def grant_what_was_paid(event: PaymentCaptured) -> None:
    if purchase_id := _purchase_of(event.reference):
        fulfil_purchase(purchase_id=purchase_id, payment_id=event.payment_id, at=event.at)


@subscribe(PaymentDeclined)
def close_what_was_not_paid(event: PaymentDeclined) -> None:
    if purchase_id := _purchase_of(event.reference):
        close_purchase(purchase_id=purchase_id, reason=event.reason)


@subscribe(PaymentUnsettled)
def mark_what_is_unknown(event: PaymentUnsettled) -> None:
    if purchase_id := _purchase_of(event.reference):
        mark_unsettled(purchase_id=purchase_id, reason=event.reason)


@subscribe(PaymentRefunded)
def take_back_what_was_refunded(event: PaymentRefunded) -> None:
    if purchase_id := _purchase_of(event.reference):
        note_refund(
            purchase_id=purchase_id,
            payment_id=event.payment_id,
            refund_id=event.refund_id,
            amount=event.amount,
            charged=event.charged,
            is_whole=event.is_whole,
            at=event.at,
        )


@subscribe(RefundFailed)
def give_again_what_came_back(event: RefundFailed) -> None:
    if purchase_id := _purchase_of(event.reference):
        undo_refund(purchase_id=purchase_id, refund_id=event.refund_id, amount=event.amount, at=event.at)


@subscribe(DisputeOpened)
def hold_what_is_disputed(event: DisputeOpened) -> None:
    if purchase_id := _purchase_of(event.reference):
        fit_to_disputes(purchase_id=purchase_id, payment_id=event.payment_id, at=event.at)


@subscribe(DisputeClosed)
def let_go_what_was_decided(event: DisputeClosed) -> None:
    if (purchase_id := _purchase_of(event.reference)) and event.won:
        fit_to_disputes(purchase_id=purchase_id, payment_id=event.payment_id, at=event.at)


@subscribe(DisputeClosed)
def take_back_what_was_lost(event: DisputeClosed) -> None:
    purchase_id = _purchase_of(event.reference)
    if purchase_id and not event.won:
        note_lost_dispute(
            purchase_id=purchase_id,
            payment_id=event.payment_id,
            dispute_id=event.dispute_id,
            amount=event.amount,
            at=event.at,
        )


@subscribe(CollectionGrew)
def grant_what_came_into_a_season(event: CollectionGrew) -> None:
    grant_later_titles(collection_id=event.collection_id, at=event.at)
    give_later_titles(collection_id=event.collection_id, at=event.at)


@subscribe(TitlePublished)
def grant_what_came_out(event: TitlePublished) -> None:
    """An episode stood in its season before it was out."""
    for collection_id in list_collections_with([event.title_id]):
        grant_later_titles(collection_id=collection_id, at=event.at)
        give_later_titles(collection_id=collection_id, at=event.at)


@subscribe(GuestJoined)
def give_the_guests_to_their_person(event: GuestJoined) -> None:
    hand_over(guest_id=event.guest_id, person_id=event.person_id)


def _purchase_of(reference: str) -> uuid.UUID | None:
    """Other contexts may take payments too; theirs are not ours to handle."""
    kind, _, identifier = reference.partition(":")
    return uuid.UUID(identifier) if kind == "purchase" else None
