"""All of a season at the till: what counts stands there line by line, and nothing is charged otherwise."""

import uuid

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog import api as catalog
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.monetization.api import list_library, price_collection, quote_offer
from footlights.monetization.models import PurchaseRow
from footlights.monetization.testing import make_collection_offer, make_sale
from footlights.payments.testing import pay
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def viewer(client):
    person = make_person()
    client.force_login(person)
    return person


@pytest.fixture
def titles(creator):
    channel = make_channel(creator)
    return [make_title(channel, name=f"Night {number}") for number in (1, 2, 3)]


@pytest.fixture
def season(creator, titles):
    [channel] = catalog.list_channels_of(creator.id)
    return make_collection(channel, *titles, series="The Lamp", name="Season 1")


@pytest.fixture
def offer(season):
    return make_collection_offer(season)


def address(season, offer) -> str:
    return f"{season.path}/get/{offer.id}"


def click(client, season, offer, viewer):
    quote = quote_offer(viewer_id=viewer.id, offer_id=offer.id, at=now())
    total = f"{quote.total.amount_minor} {quote.total.currency}"
    sent = {"key": uuid.uuid4(), "total": total, "promised": quote.promise}
    return client.post(address(season, offer), sent)


def text(answer) -> str:
    return answer.content.decode()


def test_what_counts_stands_line_by_line_before_one_pays(client, viewer, season, offer, titles) -> None:
    page = text(client.get(address(season, offer)))
    assert "All 3 titles, yours to keep" in page
    assert "Episodes that come out later are included" in page
    assert "Yours already" not in page
    assert "Pay €10.00" in page
    make_sale(titles[1], viewer, Money(400, "EUR"))
    page = text(client.get(address(season, offer)))
    assert "You already have 1 of 3" in page
    assert page.count("-€4.00") == 2  # the line of the title, and of the bill
    assert "Pay €6.00" in page
    assert "Complete the season for €6.00" in text(client.get(season.path))
    assert "You already have 1 of 3: -€4.00" in text(client.get(season.path))


def test_after_paying_one_comes_to_the_season_and_finds_it_everywhere(client, viewer, season, offer, titles) -> None:
    make_sale(titles[1], viewer, Money(400, "EUR"))
    hosted = click(client, season, offer, viewer).headers["Location"]
    purchase = PurchaseRow.objects.get(collection_id=season.id)
    waiting = text(client.get(f"/checkout/{purchase.pk}"))
    assert "“The Lamp, Season 1” opens here by itself" in waiting
    pay("paid", hosted)
    assert client.get(f"/checkout/{purchase.pk}").headers["Location"] == season.path
    page = text(client.get(season.path))
    assert "Yours for ever" in page
    assert "Watch Night 1" in page
    assert len(list_library(viewer.id)) == 3
    assert "Season 1" in text(client.get("/account/purchases"))
    receipt = text(client.get(f"/account/purchases/{purchase.pk}"))
    assert "Season 1" in receipt
    assert "yours before" in receipt
    assert client.get(address(season, offer)).headers["Location"] == season.path


def test_another_price_or_another_title_is_told_and_not_charged(client, viewer, season, offer, titles, creator) -> None:
    quote = quote_offer(viewer_id=viewer.id, offer_id=offer.id, at=now())
    sent = {"key": uuid.uuid4(), "total": "1000 EUR", "promised": quote.promise}
    catalog.remove_from_collection(collection_id=season.id, editor_id=creator.id, title_id=titles[0].id, at=now())
    answer = client.post(address(season, offer), sent)
    assert answer.status_code == 409
    assert "What you get has changed since you saw it" in text(answer)
    price_collection(collection_id=season.id, editor_id=creator.id, price=Money(1_200, "EUR"), at=now())
    answer = client.post(address(season, offer), sent)
    assert answer.status_code == 409
    assert "It was €10.00 when you saw it; now it is €12.00" in text(answer)
    assert not PurchaseRow.objects.exists()


def test_the_rest_for_nothing_opens_at_once(client, viewer, season, offer, titles) -> None:
    for title in titles[:2]:
        make_sale(title, viewer, Money(600, "EUR"))
    assert "Get the rest for nothing" in text(client.get(season.path))
    assert "Get the rest for nothing" in text(client.get(address(season, offer)))
    assert click(client, season, offer, viewer).headers["Location"] == season.path
    assert len(list_library(viewer.id)) == 3


def test_its_buyer_gives_it_back_and_keeps_what_they_had(client, viewer, season, offer, titles, creator) -> None:
    from footlights.terms.api import NewTerm, Term, set_terms

    terms = [NewTerm(term=Term.REFUND_WITHIN_DAYS, value=14), NewTerm(term=Term.REFUND_WATCHED_PERCENT, value=20)]
    set_terms(changes=terms, by_id=make_person(is_staff=True).id, at=now())
    sale = make_sale(titles[1], viewer, Money(400, "EUR"))
    pay("paid", click(client, season, offer, viewer).headers["Location"])
    purchase = PurchaseRow.objects.get(collection_id=season.id)
    assert "Give that back first" in text(client.get(f"/checkout/{sale.id}/refund"))
    assert "What you had bought one by one before stays yours" in text(client.get(f"/checkout/{purchase.pk}/refund"))
    client.post(f"/checkout/{purchase.pk}/refund")
    assert [each.title_id for each in list_library(viewer.id)] == [titles[1].id]


def test_creator_and_support_read_its_name(client, viewer, season, offer, creator) -> None:
    pay("paid", click(client, season, offer, viewer).headers["Location"])
    payment_id = PurchaseRow.objects.get().payment_id
    sign_in_proven(client, creator)
    for page in ("/studio/money", "/studio/money/sales", f"/studio/money/sales/{PurchaseRow.objects.get().pk}"):
        assert "Season 1" in text(client.get(page))
    assert "Your own collection" in text(client.get(season.path))
    sign_in_proven(client, make_person(is_staff=True))
    story = text(client.get(f"/backoffice/payments/{payment_id}"))
    assert "Season 1" in story
    assert story.count("with “The Lamp, Season 1”") == 3
    assert "Season 1" in text(client.get(f"/backoffice/people/{viewer.id}"))


def test_a_visitor_is_told_the_price_and_led_to_sign_in(client, season, offer, titles) -> None:
    page = text(client.get(season.path))
    assert "Get the season for €10.00" in page
    assert "all of it for €10.00" in text(client.get(titles[0].path))
    assert "/account/login/" in client.get(address(season, offer)).headers["Location"]


def test_a_stranger_sees_nothing_of_a_purchase_and_no_till_of_what_is_hidden(
    client, viewer, season, offer, creator
) -> None:
    click(client, season, offer, viewer)
    purchase = PurchaseRow.objects.get()
    client.force_login(make_person())
    for path in (f"/checkout/{purchase.pk}", f"/checkout/{purchase.pk}/refund", f"/account/purchases/{purchase.pk}"):
        assert client.get(path).status_code == 404
    assert client.get(f"{season.path}x/get/{offer.id}").status_code == 404
    catalog.unpublish_collection(collection_id=season.id, editor_id=creator.id, at=now())
    assert client.get(address(season, offer)).status_code == 404
