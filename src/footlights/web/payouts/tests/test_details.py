"""The pages on which somebody says who they are to the tax office; and that their money waits without."""

import csv
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import find_taxpayer
from footlights.accounts.testing import make_person, make_taxpayer
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payouts import api as payouts
from footlights.payouts.testing import earn, make_destination
from footlights.sellers.api import ask_sellers
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db
GERMAN = {
    "given_name": "Ada",
    "family_name": "Lovelace",
    "street": "1 Stage Road",
    "postcode": "10115",
    "city": "Berlin",
    "tax_number": "36 574 261 809",
    "born_on": "1990-02-28",
}


@pytest.fixture
def creator():
    return make_person("creator@example.org")


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def as_creator(creator):
    return sign_in_proven(Client(), creator)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_where_comes_first_and_decides_what_is_asked(as_creator, channel):
    address = reverse("studio:tax_details")
    assert "Where you pay taxes" in page(as_creator, address)
    german = page(as_creator, f"{address}?country=DE&kind=person")
    assert "Date of birth" in german
    assert "Under penalties of perjury" not in german
    assert "Form W-9" in page(as_creator, f"{address}?country=US&kind=person")
    assert "Number in the business register" in page(as_creator, f"{address}?country=FR&kind=business")
    assert "Where you pay taxes" in page(as_creator, f"{address}?country=XX&kind=person")


def test_what_is_typed_is_kept_and_shown_again_to_its_person_alone(as_creator, creator, channel):
    address = f"{reverse('studio:tax_details')}?country=DE&kind=person"
    answer = as_creator.post(address, GERMAN)
    assert answer.headers["Location"] == reverse("studio:payouts")
    assert find_taxpayer(creator.pk).taxpayer.city == "Berlin"
    assert "Look at them" in page(as_creator, reverse("studio:payouts"))
    assert "36 574 261 809" in page(as_creator, reverse("account:tax_details"))
    stranger = sign_in_proven(Client(), make_taxpayer("US"))
    assert "36 574 261 809" not in page(stranger, reverse("account:tax_details"))


def test_every_slip_is_told_at_once_and_nothing_is_kept(as_creator, creator, channel):
    address = f"{reverse('account:tax_details')}?country=DE&kind=person"
    answer = as_creator.post(address, GERMAN | {"tax_number": "1", "city": "", "account_number": "DE89"})
    assert answer.status_code == 422
    html = answer.content.decode()
    for words in ("No tax number there looks like this", "This field is required", "does not add up"):
        assert words in html
    assert find_taxpayer(creator.pk) is None


def test_it_is_its_persons_to_copy_and_to_have_erased():
    ada = make_taxpayer("DE")
    client = sign_in_proven(Client(), ada)
    copied = json.loads(client.get(reverse("account:tax_details_copy")).content)
    assert copied["taxpayer"]["family_name"] == "Lovelace"
    client.post(reverse("account:tax_details_erased"))
    assert find_taxpayer(ada.pk) is None
    assert client.get(reverse("account:tax_details_copy")).status_code == 404


def test_what_the_law_keeps_is_erased_on_its_day(as_creator, creator, channel):
    as_creator.post(f"{reverse('account:tax_details')}?country=DE&kind=person", GERMAN)
    earn(channel.id, Money(100, "EUR"), at=now())
    answer = as_creator.post(reverse("account:tax_details_erased"), follow=True)
    assert f"They are erased on Jan. 1, {now().year + 11}" in answer.content.decode()
    assert "These are to be erased" in page(as_creator, reverse("account:tax_details"))


def test_whoever_says_nothing_is_mailed_three_times_and_then_their_money_waits(as_creator, creator, channel):
    account, at = payouts.creator_account(channel.id), now()
    earn(channel.id, Money(9_000, "EUR"), at=at - timedelta(days=90))
    make_destination(account)
    for days in (70, 50, 30):
        ask_sellers(at=at - timedelta(days=days))
    run_jobs(but="media.")
    letters = [letter for letter in mail.outbox if "/account/payouts/tax-details" in letter.body]
    assert [letter.subject for letter in letters] == [
        "Please tell us who you are, for the tax office",
        "Your tax details are still missing",
        "Last reminder: your tax details are missing",
    ]
    html = page(as_creator, reverse("studio:payouts"))
    assert "Held back: Your tax details are missing" in html
    assert "Nothing leaves until you have said your tax details" in html
    assert "Send €90.00 now" not in html
    standing = payouts.standing_of(account, "EUR", now())
    assert (standing.available, standing.held) == (Money(0, "EUR"), Money(9_000, "EUR"))
    with pytest.raises(payouts.NothingToPayOutError):
        payouts.request_payout(account=account, currency="EUR", asked_by=creator.pk, at=now())
    as_creator.post(f"{reverse('studio:tax_details')}?country=DE&kind=person", GERMAN)
    assert payouts.request_payout(account=account, currency="EUR", asked_by=creator.pk, at=now()).amount == Money(
        9_000, "EUR"
    )


def test_what_one_earned_is_shown_by_quarter_and_taken_along(as_creator, creator, channel):
    year = now().year
    earn(channel.id, Money(9_000, "EUR"), at=datetime(year, 1, 5, tzinfo=UTC))
    earn(make_channel(make_person(), handle="elsewhere").id, Money(7_700, "EUR"), at=datetime(year, 1, 5, tzinfo=UTC))
    address = reverse("account:tax_figures")
    assert address in page(as_creator, reverse("studio:payouts"))
    shown = page(as_creator, address)
    assert ("€90.00" in shown, "€77.00" in shown) == (True, False)
    assert f'href="?year={year}&amp;csv"' in shown
    taken = as_creator.get(address, {"year": year, "csv": ""})
    assert taken["Content-Disposition"] == f'attachment; filename="earned-{year}.csv"'
    first, *others = list(csv.DictReader(taken.content.decode().splitlines()))
    assert (first["quarter"], first["consideration"], first["currency"], first["activities"]) == (
        "1",
        "90.00",
        "EUR",
        "1",
    )
    assert [each["consideration"] for each in others] == ["0.00"] * 3
    assert "Nothing was earned in this year" in page(as_creator, f"{address}?year={year - 1}")
    for silly in ("1999", str(year + 1), "x"):
        assert as_creator.get(address, {"year": silly}).status_code == 404
    assert "€90.00" not in page(sign_in_proven(Client(), make_person()), address)


def test_it_is_asked_before_anything_is_erased(as_creator, creator):
    assert "Erase your tax details?" not in page(as_creator, reverse("account:tax_details"))
    as_creator.post(f"{reverse('account:tax_details')}?country=DE&kind=person", GERMAN)
    shown = page(as_creator, reverse("account:tax_details"))
    outside, _sep, question = shown.partition('<dialog class="dialog sheet" id="erase"')
    action = f'action="{reverse("account:tax_details_erased")}"'
    assert (action in outside, action in question) == (False, True)
    assert 'data-opens="erase"' in outside
