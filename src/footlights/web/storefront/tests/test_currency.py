"""A reader pays in the currency of their country, or in the one they chose in the page's foot."""

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.shared import forget_everything
from footlights.monetization.api import NewOffer, OfferKind, get_purchase, list_offers, list_purchases, set_offers
from footlights.payments.testing import pay
from footlights.prices.api import Market
from footlights.prices.testing import know_rates, sell_in
from footlights.taxes.testing import make_registration
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def title():
    know_rates()
    creator = make_person()
    channel = make_channel(creator)
    sell_in(channel, Market("USD"), Market("JPY"))
    title = make_title(channel, state="published")
    offers = [NewOffer(OfferKind.BUY, Money(1000, "EUR")), NewOffer(OfferKind.RENT, Money(400, "EUR"))]
    set_offers(title_id=title.id, editor_id=creator.pk, offers=offers, at=now())
    return title


@pytest.fixture
def from_japan(monkeypatch):
    monkeypatch.setattr("footlights.web.whereabouts.country_of_request", lambda _: "JP")
    monkeypatch.setattr("footlights.web.checkout.till.country_of_request", lambda _: "JP")
    monkeypatch.setattr("footlights.web.checkout.where.country_of_request", lambda _: "JP")


def choose(client, currency, to="/"):
    return client.post(reverse("storefront:currency"), {"currency": currency, "next": to})


def test_pages_show_the_price_of_the_readers_country(client, title, from_japan):
    page = client.get(title.path).content.decode()
    assert "Buy for ¥1,600" in page
    assert "Rent for ¥640" in page
    assert "€" not in page
    assert "¥640" in client.get(reverse("storefront:channel", args=[title.channel_handle])).content.decode()


def test_the_chosen_currency_counts_on_every_page_until_another_is_chosen(client, title, from_japan):
    assert choose(client, "USD", title.path)["Location"] == title.path
    assert "Buy for $10.99" in client.get(title.path).content.decode()
    assert "Currency: USD" in client.get("/").content.decode()
    assert choose(client, "EUR").status_code == 302
    assert "Buy for €10.00" in client.get(title.path).content.decode()
    choose(client, "")
    assert "Buy for ¥1,600" in client.get(title.path).content.decode()


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x"])
def test_nobody_is_led_elsewhere(client, title, to):
    assert choose(client, "USD", to)["Location"] == "/"


def test_what_is_no_currency_of_ours_is_not_kept(client, title):
    assert choose(client, "GBP").status_code == 422
    client.cookies["currency"] = "<b>"
    assert client.get("/").status_code == 200


def test_where_all_is_sold_in_one_currency_nobody_is_asked(client, db):
    forget_everything()
    assert reverse("storefront:currency") not in client.get("/").content.decode()


def test_the_till_charges_and_the_purchase_keeps_the_readers_currency(title, from_japan):
    viewer = make_person()
    client = sign_in_proven(Client(), viewer)
    page = client.get(title.path).content.decode()
    href = next(part.split('"')[0] for part in page.split('href="') if "/checkout" in part or "/get/" in part)
    till = client.get(href).content.decode()
    assert "Pay ¥" in till
    total = till.split('name="total" value="')[1].split('"')[0]
    answer = client.post(href, {"key": "0197c0de-0000-7000-8000-000000000001", "total": total})
    assert answer.status_code == 303
    pay("paid", answer["Location"])
    [bought] = list_purchases(viewer.pk)
    assert get_purchase(bought.id, viewer.pk).price == Money(int(total.split()[0]), "JPY")
    assert "¥" in client.get(reverse("account:receipt", args=[bought.id])).content.decode()


def test_the_till_asks_for_the_province_where_the_tax_depends_on_it(title):
    make_registration("CA")
    viewer = make_person()
    client = sign_in_proven(Client(), viewer)
    offer = next(each for each in list_offers(title.id) if each.kind is OfferKind.BUY)
    href = reverse("checkout:offer", args=[title.channel_handle, title.slug, offer.id])
    assert "Province" not in client.get(href, {"country": "FR"}).content.decode()
    for region, total in {
        "XX": "1050 EUR",
        "ON": "1130 EUR",
        "NS": "1140 EUR",
        "AB": "1050 EUR",
        "": "1050 EUR",
    }.items():
        page = client.get(href, {"country": "CA", "region": region}).content.decode()
        assert "Province or territory" in page
        assert f'value="{total}"' in page
    sent = {"key": "0197c0de-0000-7000-8000-000000000002", "total": "1050 EUR", "country": "CA"}
    assert "the tax depends on it" in client.post(href, sent).content.decode()
    assert client.post(href, sent | {"region": "XX"}).status_code == 200
    assert client.post(href, sent | {"region": "ON", "total": "1130 EUR"}).status_code == 303
    [bought] = list_purchases(viewer.pk)
    assert (bought.breakdown.tax.place, bought.breakdown.tax.name) == ("CA-ON", "HST")
