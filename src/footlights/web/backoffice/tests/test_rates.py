"""What currencies are worth: seen, said, asked for."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.prices.api import Rate, RatesUnavailableError, list_rates
from footlights.prices.testing import know_rates
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of_staff():
    return sign_in_proven(Client(), make_person(is_staff=True))


def test_a_rate_is_said_and_seen(client_of_staff):
    where = reverse("backoffice:rates")
    assert "No rates yet" in client_of_staff.get(where).content.decode()
    client_of_staff.post(where, {"currency": "KWD", "per_euro": "0.3321", "on": "2026-01-02"})
    know_rates()
    page = client_of_staff.get(where).content.decode()
    for words in ("KWD", "0.3321", "2026-01-02"):
        assert words in page
    assert client_of_staff.post(where, {"currency": "EUR", "per_euro": "1", "on": "2026-01-02"}).status_code == 422


class Bank:
    def __init__(self, wrong: Exception | None = None) -> None:
        self.wrong = wrong

    def fetch(self) -> list[Rate]:
        if self.wrong:
            raise self.wrong
        return [Rate("USD", date(2026, 1, 2), Decimal("1.08"), "ecb")]


def test_the_source_is_asked_at_once_and_its_failure_is_told(client_of_staff, monkeypatch):
    source = "footlights.prices.operations.keep_rates.source"
    monkeypatch.setattr(source, lambda: Bank(RatesUnavailableError("The bank sleeps.")))
    answer = client_of_staff.post(reverse("backoffice:rates_asked"), follow=True)
    assert "The bank sleeps. The rates of before go on holding." in answer.content.decode()
    monkeypatch.setattr(source, Bank)
    client_of_staff.post(reverse("backoffice:rates_asked"))
    assert [each.currency for each in list_rates(date(2026, 1, 3))] == ["USD"]


def test_a_stranger_sets_no_rate():
    client = sign_in_proven(Client(), make_person())
    for name in ("rates", "rates_asked"):
        assert client.post(reverse(f"backoffice:{name}"), {"currency": "USD"}).status_code == 404
    assert list_rates(date(2999, 1, 1)) == []
