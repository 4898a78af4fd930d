"""The sandbox gateway's page, as a buyer meets it."""

from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxEvent
from footlights.payments.api import (
    PaymentState,
    get_payment,
    open_destination,
    open_method_setup,
    settle_destination,
    settle_payment,
)
from footlights.payments.tests.conftest import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment():
    make_person()
    return ask()


def status() -> str:
    return SandboxCheckout.objects.get().status


def test_the_page_shows_the_amount_and_every_card(client, payment) -> None:
    page = client.get(payment.hosted_url).content.decode()
    assert "€4.00" in page
    for name in ("Paid", "Declined", "Challenge", "Answer lost", "Webhook late", "Webhook twice", "Amount altered"):
        assert name in page


def test_paying_leads_back_to_the_merchant(client, payment) -> None:
    answer = client.post(payment.hosted_url, {"card": "paid"})
    assert (answer.status_code, answer["Location"]) == (303, "/back")


def test_two_clicks_on_pay_charge_once(client, payment) -> None:
    for card in ("paid", "declined", "paid"):
        assert client.post(payment.hosted_url, {"card": card})["Location"] == "/back"
    assert status() == "paid"
    assert SandboxEvent.objects.count() == 1


def test_a_card_that_does_not_exist_charges_nothing(client, payment) -> None:
    assert client.post(payment.hosted_url, {"card": "gold"}).status_code == 200
    assert status() == "open"


@pytest.mark.parametrize(("answer", "ends"), [("yes", "paid"), ("no", "declined"), ("", "declined")])
def test_the_bank_asks_before_a_challenged_card_is_charged(client, payment, answer: str, ends: str) -> None:
    page = client.post(payment.hosted_url, {"card": "challenge"}, follow=True)
    assert "Your bank asks" in page.content.decode()
    assert client.get(payment.hosted_url)["Location"].endswith("/challenge")
    assert get_payment(payment.id).state is PaymentState.OPEN
    assert client.post(f"{payment.hosted_url}/challenge", {"answer": answer})["Location"] == "/back"
    assert status() == ends
    client.post(f"{payment.hosted_url}/challenge", {"answer": "yes"})
    assert status() == ends


def test_nobody_answers_a_challenge_that_was_not_asked(client, payment) -> None:
    assert client.get(f"{payment.hosted_url}/challenge")["Location"] == payment.hosted_url
    client.post(f"{payment.hosted_url}/challenge", {"answer": "yes"})
    assert status() == "open"


def test_turning_back_charges_nothing_and_stays(client, payment) -> None:
    assert client.post(f"{payment.hosted_url}/turning-back")["Location"] == "/back"
    client.post(payment.hosted_url, {"card": "paid"})
    client.post(f"{payment.hosted_url}/turning-back")
    assert status() == "expired"
    assert settle_payment(payment_id=payment.id, at=now()).state is PaymentState.CANCELLED


def test_nobody_pays_on_a_page_after_its_time(client, payment) -> None:
    SandboxCheckout.objects.update(expires_at=now() - timedelta(seconds=1))
    client.post(payment.hosted_url, {"card": "paid"})
    assert status() == "expired"
    assert "closed" in client.get(payment.hosted_url).content.decode()


def test_a_guessed_address_shows_nothing(client, payment) -> None:
    for path in ("", "/challenge"):
        assert client.get(f"/sandbox-gateway/cs_guess{path}").status_code == 404
        assert client.post(f"/sandbox-gateway/cs_guess{path}", {"card": "paid"}).status_code == 404
    assert client.post("/sandbox-gateway/cs_guess/turning-back").status_code == 404


def test_a_page_that_only_keeps_a_card_asks_for_no_money(client) -> None:
    setup = open_method_setup(payer_id=make_person().id, return_path="/back", idempotency_key="s", at=now())
    page = client.get(setup.hosted_url).content.decode()
    assert "Nothing is charged now" in page
    assert "Go back without paying" not in page
    asked = client.post(setup.hosted_url, {"card": "challenge"}, follow=True).content.decode()
    assert "Yes, keep it" in asked
    assert client.post(f"{setup.hosted_url}/challenge", {"answer": "yes"})["Location"] == "/back"
    assert status() == "kept"


def test_a_page_that_keeps_the_card_it_charges_says_so(client) -> None:
    payment = ask(payer_id=make_person().id, save_method=True)
    assert "kept for the payments to come" in client.get(payment.hosted_url).content.decode()


def test_a_receiver_of_earnings_chooses_a_bank_once(client) -> None:
    make_person()
    destination = open_destination(reference="bank:1", return_path="/earned", idempotency_key="d", at=now())
    assert "Where shall your earnings go" in client.get(destination.hosted_url).content.decode()
    assert client.post(destination.hosted_url, {"bank": "mattress"}).status_code == 200
    for bank in ("pays", "returns"):
        assert client.post(destination.hosted_url, {"bank": bank})["Location"] == "/earned"
    assert "Your bank is known" in client.get(destination.hosted_url).content.decode()
    assert settle_destination(destination_ref=destination.ref, at=now()).label == "Test bank •••• 0001"
    assert client.get("/sandbox-gateway/payouts/acct_guess").status_code == 404
