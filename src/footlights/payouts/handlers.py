"""What payments tell us. Each may come twice, late, or in another order than it happened."""

import uuid
from datetime import timedelta

from footlights.giving.events import GiftRedeemed, TipGiven
from footlights.kernel.events import subscribe
from footlights.kernel.ids import parse_id
from footlights.payments.events import (
    DestinationReady,
    DisputeClosed,
    DisputeOpened,
    PaymentRefunded,
    PayoutPaid,
    PayoutReturned,
    RefundFailed,
)
from footlights.payouts.jobs import fit, release
from footlights.payouts.operations.hold_burst import hold_again, hold_bursts
from footlights.payouts.operations.hold_disputed import hold_disputed
from footlights.payouts.operations.send_payout import REFERENCE
from footlights.payouts.operations.set_destination import set_destination
from footlights.payouts.operations.settle_payout import note_paid, note_returned
from footlights.payouts.policies import is_payee

TAKEN_BACK_WITHIN = timedelta(hours=1)
GIVEN = ("tip:", "gift:")


@subscribe(DestinationReady)
def take_the_destination(event: DestinationReady) -> None:
    if is_payee(event.reference):
        set_destination(
            destination_id=uuid.UUID(event.destination_ref), account=event.reference, label=event.label, at=event.at
        )


@subscribe(PayoutPaid)
def book_what_was_paid(event: PayoutPaid) -> None:
    if payout_id := _payout_of(event.reference):
        note_paid(payout_id=payout_id, gateway=event.gateway, at=event.at)


@subscribe(PayoutReturned)
def give_back_what_came_back(event: PayoutReturned) -> None:
    if payout_id := _payout_of(event.reference):
        note_returned(payout_id=payout_id, reason=event.reason, at=event.at)


@subscribe(DisputeOpened)
def keep_what_is_disputed(event: DisputeOpened) -> None:
    hold_disputed(reference=event.reference, dispute_id=event.dispute_id, at=event.at)


@subscribe(DisputeClosed)
def let_go_what_was_decided(event: DisputeClosed) -> None:
    """What was won at once; what was lost after its share was surely taken back, so that it cannot leave before."""
    after = timedelta(0) if event.won else TAKEN_BACK_WITHIN
    release.configure(schedule_at=event.at + after).defer(reference=event.reference, dispute_id=str(event.dispute_id))


@subscribe(PaymentRefunded)
def let_go_what_went_back(event: PaymentRefunded) -> None:
    """Of what was held as given with stolen cards, after its share was surely taken back."""
    if event.reference.startswith(GIVEN):
        fit.configure(schedule_at=event.at + TAKEN_BACK_WITHIN).defer(reference=event.reference)


@subscribe(RefundFailed)
def keep_again_what_came_back(event: RefundFailed) -> None:
    """Of what was held as given with stolen cards: at once, before its share is there again and could leave."""
    if event.reference.startswith(GIVEN):
        hold_again(reference=event.reference)
        fit.configure(schedule_at=event.at + TAKEN_BACK_WITHIN).defer(reference=event.reference)


@subscribe(TipGiven)
def keep_tips_of_stolen_cards(event: TipGiven) -> None:
    hold_bursts(reference=f"tip:{event.tip_id}", at=event.at)


@subscribe(GiftRedeemed)
def keep_gifts_of_stolen_cards(event: GiftRedeemed) -> None:
    hold_bursts(reference=f"gift:{event.gift_id}", at=event.at)


def _payout_of(reference: str) -> uuid.UUID | None:
    """Other contexts may pay out too; theirs are not ours to handle."""
    return parse_id(reference.removeprefix(REFERENCE)) if reference.startswith(REFERENCE) else None
