"""Payees with earnings and a destination, for tests of this context and of others."""

from datetime import datetime, timedelta
from uuid import UUID

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal
from footlights.payouts import causes, policies
from footlights.payouts.models import IS_CURRENT, DestinationRow, HoldRow, PayoutRow
from footlights.payouts.policies import creator_account
from footlights.payouts.records import PayoutState


def make_destination(account: str, *, set_at: datetime | None = None) -> DestinationRow:
    """Set long enough ago to be used."""
    set_at = set_at or now() - timedelta(days=10)
    return DestinationRow.objects.create(
        pk=new_id(),
        account=account,
        label="Bank •••• 3000",
        set_at=set_at,
        usable_from=set_at + timedelta(hours=72),
    )


def earn(channel_id: UUID, amount: Money, *, at: datetime) -> None:
    """As a sale would: the channel's balance grows by `amount` at `at`."""
    postings = [Posting("gateway:sandbox", amount), Posting(creator_account(channel_id), -amount)]
    post_journal(cause=f"purchase:{new_id()}:paid", postings=postings, at=at)


def make_waiting_payout(channel_id: UUID, *, asked_by: UUID | None = None) -> PayoutRow:
    """Large enough that a second person decides, with its money set aside."""
    account, at = creator_account(channel_id), now()
    earn(channel_id, Money(500_000, "EUR"), at=at - timedelta(days=30))
    destination = DestinationRow.objects.filter(IS_CURRENT, account=account).first()
    row = PayoutRow.objects.create(
        account=account,
        amount_minor=500_000,
        currency="EUR",
        period=new_id().hex[:20],
        state=PayoutState.WAITING,
        destination=destination or make_destination(account),
        asked_by=asked_by,
        created_at=at,
        state_at=at,
    )
    post_journal(
        cause=causes.asked_cause(row.pk),
        postings=policies.asked_postings(account=account, amount=row.amount),
        at=at,
    )
    return row


def make_hold(channel_id: UUID) -> HoldRow:
    return HoldRow.objects.create(
        cause=f"dispute:{new_id()}",
        account=creator_account(channel_id),
        amount_minor=400,
        currency="EUR",
        reason="A payment is disputed",
        placed_at=now(),
    )
