"""The house's page of who earns here: who has not answered, masked, and the year's files."""

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.testing import make_person, make_taxpayer
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_channel
from footlights.invoicing.api import HOUSE, SellerDetails, keep_seller
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.payouts.testing import earn
from footlights.sellers.api import ask_sellers
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_staff():
    return sign_in_proven(Client(), make_person(is_staff=True))


def send(client, **typed):
    asked = {"report": "dac7-csv", "year": now().year, "country": "DE", "tin": "27/815/08150"}
    return client.post(reverse("backoffice:sellers_report"), asked | typed)


def name_the_house():
    details = SellerDetails(legal_name="Limelight GmbH", address="1 Stage Road", tax_ids="", mail="")
    keep_seller(seller_id=HOUSE, details=details, by_id=make_person().pk)


def test_who_has_not_answered_is_listed_masked(as_staff):
    ada = make_person("ada@example.org", display_name="Ada Lovelace")
    earn(make_channel(ada).id, Money(100, "EUR"), at=now())
    make_taxpayer("DE")
    ask_sellers(at=now())
    html = as_staff.get(reverse("backoffice:sellers")).content.decode()
    for words in ("A••• L•••", "1 person said who they are", "We wait for 1 answer", "0 / 2", "Goes on"):
        assert words in html
    assert "Lovelace" not in html


def test_a_year_is_taken_along_as_a_file_of_its_kind(as_staff):
    name_the_house()
    earn(make_channel(make_taxpayer("DE")).id, Money(100, "EUR"), at=now())
    answer = send(as_staff)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="dac7-{now().year}.csv"'
    assert "Lovelace" in answer.content.decode()
    answer = send(as_staff, report="dac7-xml")
    assert answer.headers["Content-Type"] == "application/xml"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert [each.after["report"] for each in recorded("sellers.exported")] == ["dac7-csv", "dac7-xml"]


def test_what_is_missing_is_said_and_nothing_is_taken(as_staff):
    answer = send(as_staff)
    assert answer.status_code == 422
    assert "Say first who sells" in answer.content.decode()
    name_the_house()
    assert send(as_staff, tin="").status_code == 422
    assert "state of the European Union" in send(as_staff, report="dac7-xml", country="US").content.decode()
    assert recorded("sellers.exported") == []


def test_what_sellers_earned_is_shown_by_quarter_masked_and_by_pages(
    as_staff, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("footlights.web.backoffice.seller_figures.PER_PAGE", 2)
    for country, minor in (("DE", 9_000), ("US", 7_700), ("FR", 5_500)):
        earn(make_channel(make_taxpayer(country)).id, Money(minor, "EUR"), at=now())
    address = reverse("backoffice:sellers_figures")
    assert address in as_staff.get(reverse("backoffice:sellers")).content.decode()
    with django_assert_max_num_queries(12):
        first = as_staff.get(address).content.decode()
    for words in ("€90.00", "€77.00", "told by DAC7", "not told by DAC7", "Germany"):
        assert words in first
    assert "€55.00" not in first
    assert "Lovelace" not in first
    after = first.partition("after=")[2].partition('"')[0]
    second = as_staff.get(address, {"year": now().year, "after": after}).content.decode()
    assert ("€55.00" in second, "€90.00" in second, "after=" in second) == (True, False, False)
    assert "Nobody here earned" in as_staff.get(address, {"year": now().year - 1}).content.decode()
    assert as_staff.get(address, {"year": "1999"}).status_code == 404
    assert sign_in_proven(Client(), make_person()).get(address).status_code == 404
