"""A dispute that is lost comes out of the shares of its sale, once, and ends what was bought."""

from datetime import timedelta

import pytest

from footlights.kernel.clock import now
from footlights.kernel.events import publish
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.monetization.api import (
    PurchaseState,
    Reason,
    buy_title,
    get_purchase,
    may_watch,
    refund_purchase,
)
from footlights.monetization.testing import make_offer, make_sale
from footlights.payments.adapters.sandbox.disputes import open_dispute
from footlights.payments.api import DisputeState, get_payment, list_disputes
from footlights.payments.events import DisputeClosed
from footlights.payments.testing import pay, webhooks_arrive

pytestmark = pytest.mark.django_db


def left() -> dict[str, int]:
    """What the books hold, but for what the gateway keeps for itself."""
    balances = {each.account: each.amount.amount_minor for each in list_balances() if each.amount}
    return {account: minor for account, minor in balances.items() if not account.startswith("gateway")}


def lost(purchase, *, won=False, dispute_id=None):
    told = DisputeClosed(
        payment_id=purchase.payment_id,
        reference=f"purchase:{purchase.id}",
        dispute_id=dispute_id or new_id(),
        amount=purchase.price,
        won=won,
        at=now(),
    )
    publish(told)
    run_jobs(only="monetization")


def test_the_bank_decides_for_the_buyer_and_nothing_of_the_sale_is_left(viewer, title) -> None:
    offer = make_offer(title)
    bought = buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="k", at=now())
    pay("disputed", bought.hosted_url)
    with webhooks_arrive():
        run_jobs(until=now() + timedelta(days=8), but="media.")
    assert get_purchase(bought.id, viewer.id).state is PurchaseState.REFUNDED
    assert may_watch(viewer.id, title.id, now()).reason is Reason.REFUNDED
    assert left() == {}


def test_what_was_lost_is_taken_out_of_the_shares_once(viewer, title, channel) -> None:
    purchase, dispute_id = make_sale(title, viewer), new_id()
    for _ in range(2):
        lost(purchase, dispute_id=dispute_id)
    assert left() == {"platform:suspense": -400}  # which payments has filled when it lost the dispute
    assert get_purchase(purchase.id, viewer.id).state is PurchaseState.REFUNDED


@pytest.mark.parametrize("back", [100, 400])
def test_a_refund_and_a_lost_dispute_of_all_of_one_purchase_take_from_its_makers_what_was_paid_and_no_more(
    viewer, title, creator, back
) -> None:
    purchase = make_sale(title, viewer)
    refund_purchase(purchase_id=purchase.id, by_id=creator.id, idempotency_key="r", at=now(), amount=Money(back, "EUR"))
    open_dispute(get_payment(purchase.payment_id).gateway_ref, at=now())
    with webhooks_arrive():
        run_jobs(until=now() + timedelta(days=8), but="media.")
    assert get_purchase(purchase.id, viewer.id).refunded == purchase.price
    assert left() == {"platform:suspense": back}  # what the bank took beyond what was there, for a person to claim
    assert [each.state for each in list_disputes()] == [DisputeState.LOST]


def test_what_was_won_changes_nothing(viewer, title, channel) -> None:
    purchase = make_sale(title, viewer)
    lost(purchase, won=True)
    assert left() == {"platform:fees": -40, f"creator:{channel.id}": -360}
    assert get_purchase(purchase.id, viewer.id).state is PurchaseState.PAID


def test_what_was_charged_otherwise_than_asked_has_no_shares_to_take_from(viewer, title) -> None:
    offer = make_offer(title)
    bought = buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="k", at=now())
    pay("altered", bought.hosted_url)
    before = left()
    lost(get_purchase(bought.id, viewer.id))
    assert left() == before
