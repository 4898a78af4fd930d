"""Currencies in the studio: opened, prices seen with what stays, agreed to, closed; and not by others."""

import pytest
from django.test import Client
from django.urls import reverse

from footlights.catalog.testing import make_collection
from footlights.kernel.money import Money
from footlights.monetization.api import find_collection_offer, list_offers
from footlights.monetization.testing import make_collection_offer, make_offer
from footlights.prices.api import Buyer, Market, list_markets
from footlights.prices.testing import know_rates, sell_in
from footlights.taxes.testing import make_registration
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_creator(creator):
    return sign_in_proven(Client(), creator)


@pytest.fixture
def offer(title):
    know_rates()
    return make_offer(title, price=Money(1000, "EUR"))


def shown(client, name, *args, **query) -> str:
    return client.get(reverse(f"studio:{name}", args=args), query).content.decode()


def test_a_currency_is_opened_and_its_prices_are_proposed_but_not_asked(as_creator, channel, title, offer):
    assert "second currency" in shown(as_creator, "markets")
    answer = as_creator.post(reverse("studio:markets"), {"currency": "USD"})
    assert answer["Location"] == reverse("studio:market", args=["USD"])
    page = shown(as_creator, "market", "USD")
    for words in ("10.99", "not asked yet", "You get <strong>$9.89</strong>", title.name):
        assert words in page
    assert list_offers(title.id, Buyer("US"))[0].price == Money(1000, "EUR")
    assert "US dollars" in shown(as_creator, "markets")


def test_the_creator_agrees_to_what_is_typed(as_creator, channel, title, offer):
    sell_in(channel, Market("USD"), Market("JPY"))
    where = reverse("studio:market", args=["USD"])
    assert as_creator.post(where, {f"price-{offer.id}": "9.49"}).status_code == 302
    assert list_offers(title.id, Buyer("US"))[0].price == Money(949, "USD")
    as_creator.post(reverse("studio:market", args=["JPY"]), {f"price-{offer.id}": "1500"})
    as_creator.post(where, {f"price-{offer.id}": "9.49"})
    assert list_offers(title.id, Buyer("JP"))[0].price == Money(1500, "JPY")
    know_rates(USD="2.00")
    assert "proposes $19.99" in shown(as_creator, "market", "USD")
    as_creator.post(where, {f"price-{offer.id}": ""})
    assert list_offers(title.id, Buyer("US"))[0].price == Money(1000, "EUR")


def test_what_is_no_price_is_shown_again_with_the_reason(as_creator, channel, title, offer):
    sell_in(channel, Market("USD"))
    answer = as_creator.post(reverse("studio:market", args=["USD"]), {f"price-{offer.id}": "cheap"})
    assert answer.status_code == 422
    assert "is not an amount" in answer.content.decode()
    assert "Choose a currency, or a country" in as_creator.post(reverse("studio:markets"), {}).content.decode()


def test_what_stays_is_seen_while_a_price_is_typed_after_the_tax_there(as_creator, channel, offer):
    make_registration("GB")
    sell_in(channel, Market("GBP"), Market("INR", "IN", 4_000))
    said = shown(as_creator, "market_preview", "GBP", field="p", p="12")
    assert "£9.00" in said
    assert "of it is tax" in said
    assert "not an amount" in shown(as_creator, "market_preview", "GBP", field="p", p="x", kind="rent")
    assert shown(as_creator, "market_preview", "INR-IN", field="p").strip() == ""


def test_a_price_of_home_shows_what_it_becomes_elsewhere_while_it_is_typed(as_creator, channel, title, offer):
    sell_in(channel, Market("USD"), Market("INR", "IN", 4_000))
    said = shown(as_creator, "price_preview", title.id, kind="buy", field="p", p="5", currency="EUR")
    assert "$5.99" in said or "$4.99" in said
    assert "(IN)" in said


def test_a_country_with_a_price_of_its_own_is_opened_in_its_currency_and_closed(as_creator, channel, offer):
    answer = as_creator.post(reverse("studio:markets"), {"country": "IN", "percent": "40"})
    assert answer["Location"] == reverse("studio:market", args=["INR-IN"])
    assert list_markets(channel.id) == [Market("INR", "IN", 4_000)]
    assert "Indian rupees in India" in shown(as_creator, "market", "INR-IN")
    as_creator.post(reverse("studio:market_closed", args=["INR-IN"]))
    assert list_markets(channel.id) == []
    assert as_creator.get(reverse("studio:market", args=["INR-IN"])).status_code == 404


def test_pages_without_titles_or_rates_say_so(as_creator, channel):
    sell_in(channel, Market("USD"))
    assert "Nothing to price yet" in shown(as_creator, "market", "USD")


def test_a_stranger_prices_nothing_here(stranger, channel, title, offer):
    sell_in(channel, Market("USD"))
    client = sign_in_proven(Client(), stranger)
    for name, args in {"markets": [], "market": ["USD"], "market_closed": ["USD"], "market_preview": ["USD"]}.items():
        answers = [send(reverse(f"studio:{name}", args=args)) for send in (client.get, client.post)]
        assert all(title.name not in answer.content.decode() for answer in answers)
    assert list_markets(channel.id) == [Market("USD")]


def test_a_collection_has_its_line_and_its_price_shows_what_it_becomes_elsewhere(as_creator, channel, title, offer):
    sell_in(channel, Market("USD"))
    season = make_collection(channel, title, series="The Lamp")
    all_of_it = make_collection_offer(season, Money(2000, "EUR"))
    page = shown(as_creator, "market", "USD")
    assert "The Lamp, Season 1" in page
    assert "all of it" in page
    where = reverse("studio:market", args=["USD"])
    assert as_creator.post(where, {f"price-{all_of_it.id}": "17.99", f"price-{offer.id}": ""}).status_code == 302
    assert find_collection_offer(season.id, Buyer("US")).price == Money(1799, "USD")
    assert "$" in shown(as_creator, "collection_price_preview", season.id, price="10", currency="EUR")
