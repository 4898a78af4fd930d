"""Prices and money are in the trail, in the transaction that changed them."""

import pytest

from footlights.audit.testing import recorded
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import NewOffer, OfferKind, buy_title, change_price, refund_purchase, set_offers
from footlights.payments.testing import pay

pytestmark = pytest.mark.django_db


def told(act: str):
    [only] = recorded(act)
    return only


def test_a_price_is_told_before_and_after_and_only_when_it_changes(creator, title):
    def ask(minor: int):
        offers = [NewOffer(OfferKind.RENT, Money(minor, "EUR"))]
        return set_offers(title_id=title.id, editor_id=creator.id, offers=offers, at=now())

    ask(400)
    [offer] = ask(400)
    assert told("price.changed").after == {"offers": ["rent 4.00 EUR"]}
    change_price(offer_id=offer.id, editor_id=creator.id, price=Money(550, "EUR"), at=now())
    set_offers(title_id=title.id, editor_id=creator.id, offers=[], at=now())
    _, second, third = recorded("price.changed")
    assert (second.before, second.after) == ({"offers": ["rent 4.00 EUR"]}, {"offers": ["rent 5.50 EUR"]})
    assert third.after == {"offers": []}
    assert (third.object_id, third.channel_id, third.person_ids) == (str(title.id), title.channel_id, (creator.id,))


def test_a_sale_and_its_refund_are_told_from_the_click_to_the_money_back(creator, viewer, title):
    offers = [NewOffer(OfferKind.BUY, Money(499, "EUR"))]
    [offer] = set_offers(title_id=title.id, editor_id=creator.id, offers=offers, at=now())
    purchase = buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="k", at=now())
    pay("paid", purchase.hosted_url)
    run_jobs(only="monetization")
    refund_purchase(purchase_id=purchase.id, by_id=creator.id, idempotency_key="r", at=now())
    assert [each.act for each in recorded() if each.act.split(".")[0] in {"purchase", "payment", "refund"}] == [
        "purchase.begun",
        "payment.opened",
        "payment.settled",
        "purchase.paid",
        "refund.asked",
        "payment.settled",
        "purchase.refunded",
    ]
    paid = told("purchase.paid")
    assert (paid.actor_id, paid.person_ids, paid.channel_id) == (None, (viewer.id,), title.channel_id)
    assert paid.after["price"] == "buy 4.99 EUR"
    assert [each.after["state"] for each in recorded("payment.settled")] == ["captured", "refunded"]
