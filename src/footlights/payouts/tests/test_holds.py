"""What is disputed does not leave, and does again once the bank has decided."""

from datetime import timedelta

import pytest

from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.events import publish
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import Posting, post_journal
from footlights.payments.events import DisputeClosed, DisputeOpened
from footlights.payouts import api

pytestmark = pytest.mark.django_db
PRICE = Money(1_000, "EUR")


@pytest.fixture
def sale(channel, stranger):
    """A month old, of which a collaborator has a share."""
    reference = f"purchase:{new_id()}"
    parts = {
        "gateway:sandbox": 1_000,
        "platform:fees": -100,
        api.creator_account(channel.id): -600,
        api.person_account(stranger.pk): -300,
    }
    postings = [Posting(account, Money(amount, "EUR")) for account, amount in parts.items()]
    post_journal(cause=f"{reference}:paid", postings=postings, at=now() - timedelta(days=30))
    return reference


def opened(reference, dispute_id):
    for _ in range(2):
        publish(
            DisputeOpened(
                payment_id=new_id(),
                reference=reference,
                dispute_id=dispute_id,
                amount=PRICE,
                fee=None,
                reason="fraud",
                at=now(),
            )
        )
    run_jobs(only="payouts")


def closed(reference, dispute_id, *, won):
    publish(
        DisputeClosed(payment_id=new_id(), reference=reference, dispute_id=dispute_id, amount=PRICE, won=won, at=now())
    )
    run_jobs(only="payouts")


def held(account):
    return api.standing_of(account, "EUR", now()).held.amount_minor


@pytest.mark.parametrize("won", [True, False])
def test_every_partys_share_waits_for_the_bank(channel, stranger, sale, won):
    accounts, dispute_id = (api.creator_account(channel.id), api.person_account(stranger.pk)), new_id()
    opened(sale, dispute_id)
    assert [held(each) for each in accounts] == [600, 300]
    closed(sale, dispute_id, won=won)
    assert [held(each) for each in accounts] == ([0, 0] if won else [600, 300])
    run_jobs(only="payouts", until=now() + timedelta(hours=2))
    assert [held(each) for each in accounts] == [0, 0]


def test_a_dispute_that_is_heard_of_after_it_was_decided_holds_nothing(channel, sale):
    dispute_id = new_id()
    closed(sale, dispute_id, won=True)
    opened(sale, dispute_id)
    assert held(api.creator_account(channel.id)) == 0


def test_a_dispute_about_what_was_never_booked_holds_nothing(channel):
    opened(f"purchase:{new_id()}", new_id())
    assert api.list_holds() == []


def test_the_house_lets_go_what_is_not_its_own(account, channel, creator, staff, stranger):
    api.place_hold(cause="c", account=account, amount=PRICE, reason="Unusual tips", at=now())
    [hold] = api.list_holds()
    with pytest.raises(api.OwnPayoutError):
        creator.roles = staff.roles
        creator.save(update_fields=["roles"])
        api.release_hold_by_hand(hold_id=hold.id, by_id=creator.pk, at=now())
    with pytest.raises(NotFoundError):
        api.release_hold_by_hand(hold_id=hold.id, by_id=stranger.pk, at=now())
    api.release_hold_by_hand(hold_id=hold.id, by_id=staff.pk, at=now())
    assert api.list_holds() == []
