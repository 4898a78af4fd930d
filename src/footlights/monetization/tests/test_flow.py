"""A title is priced, bought, watched, refunded; and the books follow."""

import pytest

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import (
    NewOffer,
    OfferKind,
    PurchaseState,
    Reason,
    buy_title,
    earnings,
    explain_payment,
    get_purchase,
    may_watch,
    refund_purchase,
    set_offers,
)
from footlights.payments.testing import pay, taken_by_gateway

pytestmark = pytest.mark.django_db


def test_a_sale_from_the_click_to_the_earnings_and_back(creator, viewer, channel, title) -> None:
    offers = [NewOffer(OfferKind.BUY, Money(400, "EUR"))]
    offer = set_offers(title_id=title.id, editor_id=creator.id, offers=offers, at=now())[0]
    assert may_watch(viewer.id, title.id, now()).reason is Reason.MUST_BUY
    purchase = buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="k", at=now())
    pay("paid", purchase.hosted_url)
    assert get_purchase(purchase.id, viewer.id).state is PurchaseState.PAID
    assert may_watch(viewer.id, title.id, now()).reason is Reason.BOUGHT
    earned = earnings(channel.id, "EUR")
    assert (earned.gross, earned.fees, earned.net, earned.available) == tuple(
        Money(m, "EUR") for m in (400, 40, 360, 360)
    )

    refund_purchase(purchase_id=purchase.id, by_id=creator.id, idempotency_key="r", at=now())
    run_jobs(only="monetization")
    assert get_purchase(purchase.id, viewer.id).state is PurchaseState.REFUNDED
    assert may_watch(viewer.id, title.id, now()).reason is Reason.REFUNDED
    assert not earnings(channel.id, "EUR").available
    assert not taken_by_gateway("EUR")

    story = explain_payment(purchase.payment_id)
    assert [event.name for event in story.events] == [
        "asked",
        "open",
        "webhook",
        "captured",
        "refund_asked",
        "refunded",
    ]
    assert [entry.amount.amount_minor for entry in story.entries] == [31, -31, 400, -40, -360, 360, 40, -400]
    assert story.purchase.id == purchase.id
    assert story.entitlements[0].revoked_at
