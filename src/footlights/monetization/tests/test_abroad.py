"""Buyers pay in their currency what the creator agreed to there; everything after that stays in it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from footlights.audit.testing import recorded
from footlights.catalog.testing import make_collection
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of, list_balances, list_journal
from footlights.monetization import api
from footlights.monetization.api import Choice, EarlyPrice, NewOffer, OfferKind, PurchaseState
from footlights.monetization.causes import sale_cause
from footlights.monetization.testing import make_coupon_of
from footlights.payments.testing import pay
from footlights.prices.api import Asked, Buyer, LocalPrice, Market, close_market, list_prices
from footlights.prices.testing import know_rates, sell_in
from footlights.taxes.api import Evidence
from footlights.terms.api import NewTerm, SaleKind, Term, set_terms

pytestmark = pytest.mark.django_db
IN_US, IN_JAPAN, IN_INDIA = (Choice(Evidence(address=each)) for each in ("US", "JP", "IN"))


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def sell(creator, channel, title):
    """The title's one offer; its channel sells in dollars, yen, and cheaper in India."""
    know_rates()
    sell_in(channel, Market("USD"), Market("JPY"), Market("INR", "IN", 4_000))

    def sell(**offer) -> api.Offer:
        wanted = NewOffer(OfferKind.BUY, **{"price": eur(1000)} | offer)
        return api.set_offers(title_id=title.id, editor_id=creator.id, offers=[wanted], at=now())[0]

    return sell


def total(viewer, offer, choice) -> Money:
    return api.quote_offer(viewer_id=viewer.id, offer_id=offer.id, at=now(), choice=choice).total


def test_each_buyer_is_asked_in_their_own_currency(viewer, sell):
    offer = sell()
    assert total(viewer, offer, Choice()) == eur(1000)
    assert total(viewer, offer, IN_US) == Money(1099, "USD")
    assert total(viewer, offer, IN_JAPAN) == Money(1600, "JPY")
    assert total(viewer, offer, IN_INDIA) == Money(35900, "INR")
    assert total(viewer, offer, replace(IN_US, currency="EUR")) == eur(1000)
    assert total(viewer, offer, replace(IN_INDIA, currency="JPY")) == Money(1600, "JPY")


def test_a_country_that_other_evidence_speaks_against_has_no_price_of_its_own(viewer, sell):
    offer = sell()
    assert total(viewer, offer, Choice(Evidence(address="DE", billing="IN"))) == eur(1000)
    assert total(viewer, offer, Choice(Evidence(address="IN", billing="IN"))) == Money(35900, "INR")


def test_a_rate_that_moves_changes_no_price(viewer, sell):
    offer = sell()
    know_rates(USD="2.00")
    assert total(viewer, offer, IN_US) == Money(1099, "USD")


def test_another_price_at_home_goes_abroad_in_proportion(creator, viewer, sell):
    offer = sell()
    know_rates(USD="2.00")
    cheaper = api.change_price(offer_id=offer.id, editor_id=creator.id, price=eur(500), at=now())
    assert total(viewer, cheaper, IN_US) == Money(599, "USD")
    assert total(viewer, sell(price=eur(2000)), IN_JAPAN) == Money(3200, "JPY")


def test_floors_and_early_prices_are_local_as_well(viewer, sell):
    open_price = sell(floor=eur(200))
    assert total(viewer, open_price, IN_JAPAN) == Money(1600, "JPY")
    assert total(viewer, open_price, replace(IN_JAPAN, amount=Money(320, "JPY"))) == Money(320, "JPY")
    for wrong in (Money(319, "JPY"), eur(1000)):
        with pytest.raises(InvalidInputError):
            total(viewer, open_price, replace(IN_JAPAN, amount=wrong))
    early = sell(early=EarlyPrice(eur(500), None, now() + timedelta(days=1)))
    assert total(viewer, early, IN_US) == Money(599, "USD")


def test_what_was_paid_abroad_is_booked_and_given_back_in_its_currency(creator, viewer, sell):
    offer = sell()
    bought = api.buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="a", at=now(), choice=IN_JAPAN)
    pay("paid", bought.hosted_url)
    paid = api.get_purchase(bought.id, viewer.id)
    assert (paid.state, paid.price) == (PurchaseState.PAID, Money(1600, "JPY"))
    assert {entry.amount.currency for entry in list_journal(sale_cause(bought.id))} == {"JPY"}
    assert api.earnings(paid.channel_id, "JPY").net == Money(1440, "JPY")
    assert api.earnings(paid.channel_id, "EUR").net == eur(0)
    back = api.refund_purchase(purchase_id=bought.id, by_id=creator.id, idempotency_key="r", at=now())
    assert back.refunded == Money(1600, "JPY")
    assert {balance.amount.currency for balance in list_balances()} == {"JPY"}
    assert not balance_of(f"creator:{paid.channel_id}", "JPY")


def test_a_coupon_takes_the_same_part_of_a_price_in_every_currency(channel, viewer, sell):
    offer = sell()
    make_coupon_of(channel, percent_bps=None, amount=eur(200))
    assert total(viewer, offer, replace(IN_JAPAN, coupon="SPRING")) == Money(1280, "JPY")
    assert total(viewer, offer, Choice(coupon="SPRING")) == eur(800)


def test_whoever_began_in_one_currency_may_go_on_in_another(viewer, sell):
    offer = sell()
    begin = {"viewer_id": viewer.id, "offer_id": offer.id, "at": now()}
    first = api.buy_title(idempotency_key="a", choice=IN_US, **begin)
    second = api.buy_title(idempotency_key="b", choice=IN_JAPAN, **begin)
    assert (second.price, first.id == second.id) == (Money(1600, "JPY"), False)
    assert api.get_purchase(first.id, viewer.id).state is PurchaseState.DECLINED


def test_lists_of_offers_are_as_their_reader_is_asked(title, sell, django_assert_num_queries):
    sell()
    assert [each.price for each in api.list_offers(title.id)] == [eur(1000)]
    assert api.list_offers(title.id, Buyer("JP"))[0].price == Money(1600, "JPY")
    with django_assert_num_queries(2):
        assert api.list_offers(title.id, Buyer("US"))[0].price == Money(1099, "USD")


def dollars(minor: int) -> LocalPrice:
    return LocalPrice("USD", "", Asked(Money(minor, "USD")))


def test_the_creator_agrees_to_other_prices_and_nobody_else_does(creator, viewer, stranger, channel, sell):
    offer = sell()
    api.agree_abroad(editor_id=creator.id, prices={offer.id: [dollars(777)]}, at=now())
    assert total(viewer, offer, IN_US) == Money(777, "USD")
    assert total(viewer, offer, IN_JAPAN) == eur(1000)
    with pytest.raises(NotFoundError):
        api.agree_abroad(editor_id=stranger.id, prices={offer.id: [dollars(1)]}, at=now())
    with pytest.raises(InvalidInputError):
        api.agree_abroad(editor_id=creator.id, prices={offer.id: [dollars(0)]}, at=now())
    close_market(channel_id=channel.id, currency="USD", country="", by_id=creator.id)
    assert total(viewer, offer, IN_US) == eur(1000)
    sell(price=eur(300))
    with pytest.raises(NotFoundError):  # withdrawn meanwhile
        api.agree_abroad(editor_id=creator.id, prices={offer.id: [dollars(700)]}, at=now())


def test_a_collection_has_prices_of_its_own_abroad_that_its_creator_agrees_to(
    creator, viewer, stranger, channel, title
):
    know_rates()
    sell_in(channel, Market("USD"))
    season = make_collection(channel, title)
    offer = api.price_collection(collection_id=season.id, editor_id=creator.id, price=eur(1000), at=now())
    api.agree_abroad(editor_id=creator.id, prices={offer.id: [dollars(777)]}, at=now())
    assert total(viewer, offer, IN_US) == Money(777, "USD")
    assert api.find_collection_offer(season.id, Buyer("US")).price == Money(777, "USD")
    assert recorded("price.changed")[-1].object_kind == "collection"
    with pytest.raises(NotFoundError):
        api.agree_abroad(editor_id=stranger.id, prices={offer.id: [dollars(1)]}, at=now())


def test_a_price_that_the_platform_does_not_allow_there_is_not_asked(creator, viewer, staff, sell):
    at = now()
    floor = NewTerm(term=Term.PRICE_FLOOR_MINOR, kind=SaleKind.BUY, currency="USD", value=2000)
    set_terms(changes=[floor], by_id=staff.id, at=at, from_at=at)
    offer = sell()
    assert total(viewer, offer, IN_US) == eur(1000)
    assert [each.currency for each in list_prices([api.subject_of(offer.id)])[api.subject_of(offer.id)]] == [
        "INR",
        "JPY",
    ]
    with pytest.raises(InvalidInputError):
        api.agree_abroad(editor_id=creator.id, prices={offer.id: [dollars(700)]}, at=now())
