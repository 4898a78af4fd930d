"""The checkout's pages: what each person gets to see, and what each click leads to."""

import uuid
from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.api import get_channel
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import CouponRefusedError, change_price, list_library, set_offers
from footlights.monetization.models import OfferRow, PurchaseRow
from footlights.monetization.testing import grant, make_coupon_of, make_offer
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.api import GatewayUnreachableError, settle_payment
from footlights.payments.testing import pay
from footlights.taxes.testing import make_registration

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
def stranger():
    return make_person()


@pytest.fixture
def title(creator):
    return make_title(make_channel(creator), name="The Lamplighter")


@pytest.fixture
def offer(title):
    return make_offer(title, "rent")


def address(title, offer) -> str:
    return f"{title.path}/get/{offer.id}"


def click(client, title, offer, key=None, **sent):
    total = f"{offer.price.amount_minor} {offer.price.currency}"
    return client.post(address(title, offer), {"key": key or uuid.uuid4(), "total": total} | sent)


def bought(client, title, offer) -> PurchaseRow:
    click(client, title, offer)
    return PurchaseRow.objects.latest("created_at")


def text(answer) -> str:
    return answer.content.decode()


def test_who_is_not_signed_in_is_led_there_and_back(client, creator, title, offer) -> None:
    for answer in (client.get(address(title, offer)), click(client, title, offer)):
        assert answer.status_code == 302
        assert "/account/login/?next=" in answer["Location"]
    assert not PurchaseRow.objects.exists()


def test_the_page_says_what_one_gets_for_how_long_and_for_how_much(client, viewer, title, offer) -> None:
    page = text(client.get(address(title, offer)))
    for words in ("The Lamplighter", "Start within 30 days", "48 hours", "Pay €4.00", viewer.email):
        assert words in page


def test_one_click_leads_to_the_payment_page_and_a_second_to_the_same(client, viewer, title, offer) -> None:
    key = uuid.uuid4()
    first, second = click(client, title, offer, key), click(client, title, offer, key)
    assert first.status_code == 303
    assert first["Location"] == second["Location"]
    assert first["Location"].startswith("/sandbox-gateway/")


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_a_click_without_its_key_buys_nothing(client, viewer, title, offer, key: str) -> None:
    assert client.post(address(title, offer), {"key": key}).status_code == 200
    assert not PurchaseRow.objects.exists()


def test_a_key_of_another_purchase_asks_again(client, viewer, title, offer) -> None:
    key, other = uuid.uuid4(), make_offer(title, "buy", Money(900, "EUR"))
    click(client, title, offer, key)
    assert click(client, title, other, key)["Location"] == address(title, other)


def test_what_is_free_is_ones_own_at_once(client, viewer, title) -> None:
    offer = make_offer(title, "free")
    assert "Watch free" in text(client.get(address(title, offer)))
    assert click(client, title, offer)["Location"] == f"{title.path}/watch?autoplay=1"
    assert len(list_library(viewer.id)) == 1


def test_what_is_owned_leads_straight_to_the_film(client, viewer, title, offer) -> None:
    grant(viewer, title)
    for answer in (client.get(address(title, offer)), click(client, title, offer)):
        assert (answer.status_code, answer["Location"]) == (303, f"{title.path}/watch?autoplay=1")


def test_a_changed_price_is_shown_beside_the_old_one_and_asked_again(client, viewer, creator, title, offer) -> None:
    new = change_price(offer_id=offer.id, editor_id=creator.id, price=Money(550, "EUR"), at=now())
    answer = click(client, title, offer)
    assert answer.status_code == 409
    for words in ("€4.00", "€5.50", "Nothing was charged", address(title, new)):
        assert words in text(answer)
    assert not PurchaseRow.objects.exists()
    assert client.get(address(title, offer)).status_code == 200


def test_a_total_that_changed_meanwhile_is_shown_beside_the_old_one(client, viewer, title) -> None:
    offer = make_offer(title, "buy", Money(1000, "EUR"))
    answer = click(client, title, offer, total="700 EUR")
    assert answer.status_code == 409
    for words in ("€7.00", "€10.00", "Nothing was charged", 'value="1000 EUR"'):
        assert words in text(answer)
    assert not PurchaseRow.objects.exists()


def test_who_says_their_price_sees_the_total_follow_and_what_is_too_little(client, viewer, title) -> None:
    offer = make_offer(title, "buy", Money(1000, "EUR"))
    OfferRow.objects.update(floor_minor=200)
    page = text(client.get(address(title, offer)))
    for words in ("€2.00 or more", "€10.00 is suggested", "Pay €10.00"):
        assert words in page
    part = text(client.get(address(title, offer), {"amount": "6.50"}, headers={"HX-Request": "true"}))
    assert 'value="650 EUR"' in part
    assert "<html" not in part
    assert "The least one can pay" in text(client.get(address(title, offer), {"amount": "1"}))
    assert "is not an amount" in text(client.get(address(title, offer), {"amount": "lots"}))
    assert client.post(address(title, offer), {"key": uuid.uuid4(), "total": "650 EUR", "amount": "6.50"})[
        "Location"
    ].startswith("/sandbox-gateway/")
    again = client.post(address(title, offer), {"key": uuid.uuid4(), "total": "nonsense", "amount": "6.50"})
    assert again.status_code == 200
    assert PurchaseRow.objects.get().amount_minor == 650


def test_what_is_added_or_included_is_said(client, viewer, title, offer, monkeypatch) -> None:
    for area, country, words in (("EU", "DE", "Includes €0.64 VAT (19 %)"), ("CA", "CA", "GST (5 %)")):
        make_registration(area)
        for module in ("till", "where"):
            name = f"footlights.web.checkout.{module}.country_of_request"
            monkeypatch.setattr(name, lambda _request, found=country: found)
        assert words in text(client.get(address(title, offer)))
    assert "Includes €0.64 VAT (19 %)" in text(client.get(address(title, offer), {"country": "DE"}))  # by their word


def test_a_coupon_is_taken_off_in_place_told_and_left_out_again(client, viewer, title, offer) -> None:
    make_coupon_of(get_channel(title.channel_id))
    here = address(title, offer)
    part = text(client.get(here, {"coupon": "spring"}, headers={"HX-Request": "true"}))
    for words in ("Coupon SPRING", "€1.00</dd>", "Pay €3.00", 'name="coupon" value="SPRING"'):
        assert words in part
    assert "no coupon with this code" in text(client.get(here, {"coupon": "nothing"}))
    assert click(client, title, offer, total="300 EUR", coupon="SPRING")["Location"].startswith("/sandbox-gateway/")
    assert PurchaseRow.objects.get().amount_minor == 300


def test_a_coupon_whose_last_use_went_meanwhile_is_told_and_nothing_is_charged(
    client, viewer, title, offer, monkeypatch
) -> None:
    make_coupon_of(get_channel(title.channel_id))

    def gone(*_):
        raise CouponRefusedError("This coupon is used up.")

    monkeypatch.setattr("footlights.monetization.operations.buy_title.reserve", gone)
    answer = click(client, title, offer, total="300 EUR", coupon="SPRING")
    assert answer.status_code == 409
    for words in ("This coupon is used up.", "It was €3.00 when you saw it; now it is €4.00", 'value="400 EUR"'):
        assert words in text(answer)
    assert not PurchaseRow.objects.exists()


def test_a_wrong_amount_and_a_wrong_coupon_are_both_said(client, viewer, title) -> None:
    offer = make_offer(title, "buy", Money(1000, "EUR"))
    OfferRow.objects.update(floor_minor=200)
    page = text(client.get(address(title, offer), {"amount": "1", "coupon": "nothing"}))
    assert "The least one can pay" in page


def test_an_early_price_says_until_when_and_what_then(client, viewer, title, offer) -> None:
    OfferRow.objects.update(early_minor=300, early_until=now() + timedelta(days=1))
    page = text(client.get(address(title, offer)))
    assert "Pay €3.00" in page
    assert "It costs €4.00 from" in page


def test_what_is_no_longer_offered_leads_back_to_the_title(client, viewer, creator, title, offer) -> None:
    set_offers(title_id=title.id, editor_id=creator.id, offers=[], at=now())
    assert click(client, title, offer)["Location"] == title.path


def test_a_silent_gateway_says_that_nothing_was_charged(client, viewer, title, offer, monkeypatch) -> None:
    def silence(order):
        raise GatewayUnreachableError("No answer.")

    monkeypatch.setattr(gateway_named("sandbox"), "open_checkout", silence)
    key = uuid.uuid4()
    answer = click(client, title, offer, key)
    assert answer.status_code == 503
    assert "Nothing was charged" in text(answer)
    assert str(key) in text(answer)  # so that the next click goes on with this purchase


@pytest.mark.parametrize("state", ["draft", "deleted"])
def test_what_is_not_shown_is_not_found(client, viewer, creator, state: str) -> None:
    title = make_title(make_channel(creator), state=state)
    assert client.get(address(title, make_offer(title))).status_code == 404


def test_an_offer_is_found_under_its_own_title_only(client, viewer, creator, offer) -> None:
    other = make_title(make_channel(creator))
    assert client.get(address(other, offer)).status_code == 404
    assert client.get(f"/@nobody/nothing/get/{offer.id}").status_code == 404
    assert client.get(f"{other.path}/get/{uuid.uuid4()}").status_code == 404


def test_a_purchase_is_only_its_buyers(client, viewer, stranger, title, offer) -> None:
    purchase = bought(client, title, offer)
    client.force_login(stranger)
    assert client.get(f"/checkout/{purchase.pk}").status_code == 404
    assert client.get(f"/checkout/{uuid.uuid4()}").status_code == 404


def test_while_it_is_open_the_page_waits_and_asks_again(client, viewer, title, offer) -> None:
    purchase = bought(client, title, offer)
    page = text(client.get(f"/checkout/{purchase.pk}"))
    for words in ("Waiting for your payment", 'hx-trigger="every 1s"', 'http-equiv="refresh"', purchase.hosted_url):
        assert words in page
    part = text(client.get(f"/checkout/{purchase.pk}", headers={"HX-Request": "true"}))
    assert part.lstrip().startswith("<section") or "<html" not in part


def test_once_paid_the_page_leads_to_the_film(client, viewer, title, offer) -> None:
    purchase = bought(client, title, offer)
    pay("paid", purchase.hosted_url)
    film = f"{title.path}/watch?autoplay=1"
    assert client.get(f"/checkout/{purchase.pk}")["Location"] == film
    assert client.get(f"/checkout/{purchase.pk}", headers={"HX-Request": "true"})["HX-Redirect"] == film


def test_declined_says_so_and_offers_to_try_again(client, viewer, title, offer) -> None:
    purchase = bought(client, title, offer)
    pay("declined", purchase.hosted_url)
    page = text(client.get(f"/checkout/{purchase.pk}"))
    for words in ("Nothing was charged", "Try again", address(title, offer)):
        assert words in page
    assert "hx-trigger" not in page


def test_an_altered_amount_shows_both_figures_and_stops_asking(client, viewer, title, offer) -> None:
    purchase = bought(client, title, offer)
    pay("altered", purchase.hosted_url)
    page = text(client.get(f"/checkout/{purchase.pk}"))
    assert "charged €2.00; the price is €4.00" in page
    assert "hx-trigger" not in page


def test_an_unknown_payment_says_that_we_ask(client, viewer, title, offer, monkeypatch) -> None:
    purchase = bought(client, title, offer)

    def silence(ref):
        raise GatewayUnreachableError("No answer.")

    monkeypatch.setattr(gateway_named("sandbox"), "fetch_checkout", silence)
    settle_payment(payment_id=purchase.payment_id, at=now())
    run_jobs(only="monetization")
    page = text(client.get(f"/checkout/{purchase.pk}"))
    assert "We are asking the bank" in page
    assert "hx-trigger" in page


def test_a_refunded_purchase_says_where_the_money_is(client, viewer, title, offer) -> None:
    purchase = bought(client, title, offer)
    PurchaseRow.objects.update(state="refunded")
    assert "Your money went back" in text(client.get(f"/checkout/{purchase.pk}"))


def test_checkout_says_that_payments_are_tests(client, viewer, title, offer):
    assert b"Test payments: no money moves." in client.get(address(title, offer)).content


@pytest.mark.parametrize(("begins", "says"), [("sk_test_", True), ("rk_test_", True), ("sk_live_", False)])
def test_a_real_gateway_with_test_keys_says_so_too(client, viewer, title, offer, settings, begins, says):
    settings.PAYMENT_GATEWAY, settings.STRIPE_SECRET_KEY = "stripe", begins + "nothing"
    page = client.get(address(title, offer)).content
    assert (b"Test payments: no money moves." in page) is says


def test_public_address_sells_nothing_for_a_test_card(client, viewer, title, offer, settings):
    settings.SANDBOX_SELLS = False
    assert b'name="key"' not in client.get(address(title, offer)).content
    answer = click(client, title, offer)
    assert answer.status_code == 503
    assert b"Nothing can be bought at this address" in answer.content
    assert not PurchaseRow.objects.exists()


def test_public_address_gives_what_is_free(client, viewer, title, settings):
    settings.SANDBOX_SELLS = False
    free = make_offer(title, "free")
    assert click(client, title, free).status_code == 303


@pytest.mark.parametrize(("told", "kept"), [("search", "search"), ("", "direct"), ("moon", "direct")])
def test_a_purchase_keeps_the_way_its_buyer_came_and_nothing_made_up(client, viewer, title, offer, told, kept) -> None:
    click(client, title, offer, source=told)
    assert PurchaseRow.objects.get().source == kept
    assert f'data-title="{title.id}"' in client.get(address(title, offer)).content.decode()
