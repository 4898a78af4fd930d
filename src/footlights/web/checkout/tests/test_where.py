"""Where a buyer is, at the three tills: the province where the tax depends on it, the number of a business."""

from unittest import mock

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.giving.models import GiftRow
from footlights.invoicing.api import BuyerDetails, keep_buyer
from footlights.monetization.models import PurchaseRow
from footlights.monetization.testing import make_offer
from footlights.subscriptions.models import InvoiceRow, SubscriptionRow
from footlights.subscriptions.testing import make_plan
from footlights.taxes.api import find_evidence
from footlights.taxes.testing import FRENCH, GERMAN, make_registration, tax_service, vat_register
from footlights.web.checkout import where

pytestmark = pytest.mark.django_db
OSS = "EU372000041"


@pytest.fixture
def viewer():
    return make_person()


@pytest.fixture
def tills(client, viewer):
    """The address of each till, by what is sold there."""
    client.force_login(viewer)
    channel = make_channel(make_person())
    title = make_title(channel)
    offer, plan = make_offer(title), make_plan(channel)
    return {
        "title": reverse("checkout:offer", args=[title.channel_handle, title.slug, offer.id]),
        "gift": reverse("giving:give", args=[title.channel_handle, title.slug, offer.id]),
        "membership": reverse("memberships:join", args=[channel.handle, plan.terms[0].id]),
    }


def sent(client, page, **typed):
    """What a browser would send from the page as it is shown with what was typed."""
    context = client.get(page, typed).context
    form = context["form"]
    hidden = {name: form[name].value() for name in ("key", "total", "shown", "promised") if name in form.fields}
    return client.post(page, {**hidden, "how": "hand", "source": "", **typed})


@pytest.mark.parametrize("what", ["title", "gift", "membership"])
def test_whoever_buys_where_the_tax_depends_on_it_says_their_province(client, tills, what):
    make_registration("CA", number="R1")
    page = client.get(tills[what], {"country": "CA"}).content.decode()
    assert ("Ontario" in page, "Choose your province" in page, "This is all you pay" in page) == (True, True, False)
    shown = client.get(tills[what], {"country": "CA", "region": "ON"}).content.decode()
    assert "Choose your province" not in shown
    refused = sent(client, tills[what], country="CA")
    assert (refused.status_code, "the tax depends on it" in refused.content.decode()) == (200, True)
    assert sent(client, tills[what], country="CA", region="ON").status_code == 303
    rows = {"title": PurchaseRow, "gift": GiftRow, "membership": InvoiceRow}
    [row] = rows[what].objects.all()
    assert row.tax_place == "CA-ON"


@pytest.mark.parametrize("what", ["title", "gift", "membership"])
def test_a_business_types_its_number_and_pays_no_tax(client, tills, what):
    make_registration("EU", number=OSS)
    with vat_register() as vies:
        page = client.get(tills[what], {"country": "DE", "business_number": "136 695 976"}).content.decode()
        assert "reverse charge" in page
        vies.says = "invalid"
        unknown = client.get(tills[what], {"country": "FR", "business_number": FRENCH}).content.decode()
        assert "The register does not know this number." in unknown
        vies.says = "MS_UNAVAILABLE"
        silent = client.get(tills[what], {"country": "FR", "business_number": "83404833048"}).content.decode()
        assert "does not answer just now" in silent
        assert sent(client, tills[what], country="DE", business_number=GERMAN).status_code == 303
    rows = {"title": PurchaseRow, "gift": GiftRow, "membership": InvoiceRow}
    [row] = rows[what].objects.all()
    assert row.tax_minor == 0
    assert what != "membership" or SubscriptionRow.objects.get().business_number == GERMAN


def test_the_field_for_the_number_stays_open_once_a_country_is_chosen(client, tills):
    make_registration("EU", number=OSS)
    assert '<details class="checkout-more" open>' in client.get(tills["gift"], {"country": "DE"}).content.decode()
    assert '<details class="checkout-more">' in client.get(tills["gift"]).content.decode()


def test_a_number_that_cannot_be_is_told_so_and_nothing_is_charged(client, tills):
    make_registration("EU", number=OSS)
    answer = sent(client, tills["title"], country="DE", business_number="DE1")
    assert "No number of this country looks like this." in answer.content.decode()
    assert not PurchaseRow.objects.exists()


def test_the_number_on_ones_invoices_counts_at_the_till_where_it_fits(client, viewer, tills):
    make_registration("EU", number=OSS)
    keep_buyer(person_id=viewer.id, details=BuyerDetails(name="ACME", tax_id=GERMAN))
    assert "reverse charge" in client.get(tills["title"], {"country": "DE"}).content.decode()
    elsewhere = client.get(tills["title"], {"country": "FR"})
    assert "looks like this" not in elsewhere.content.decode()
    assert elsewhere.context["total"].amount_minor == 400


def test_whoever_types_numbers_without_end_is_not_looked_up(client, tills):
    make_registration("EU", number=OSS)
    with vat_register() as vies, mock.patch.object(where.ratelimit, "consume", return_value=None):
        words = client.get(tills["title"], {"country": "DE", "business_number": GERMAN}).content.decode()
        assert ("too often" in words, vies.asked) == (True, [])


def test_in_their_account_a_slip_in_a_number_is_shown(client, tills):
    page = reverse("account:billing")
    assert "Look for a slip" in client.post(page, {"tax_id": "DE136695977"}).content.decode()
    assert client.post(page, {"tax_id": "de 136695976"}).status_code == 302
    assert client.post(page, {"tax_id": "12/345/67890"}).status_code == 302


@pytest.mark.parametrize("what", ["title", "gift", "membership"])
def test_what_stripe_says_of_a_place_is_on_the_price_at_once_and_its_silence_stops_nobody(client, tills, what):
    with tax_service(within_s=0.2) as stripe:
        stripe.places["DE", ""] = [("vat", "16.0")]
        client.get(tills[what], {"country": "DE"})
        assert sent(client, tills[what], country="DE", at_once="on").status_code == 303
        rows = {"title": PurchaseRow, "gift": GiftRow, "membership": InvoiceRow}
        assert [row.tax_rate_bps for row in rows[what].objects.all()] == [1_600]
        stripe.says = "lost"
        assert client.get(tills[what], {"country": "FR"}).status_code == 200
        assert stripe.asked == [("DE", ""), ("FR", "")]


@pytest.mark.parametrize("what", ["title", "gift", "membership"])
def test_in_the_states_the_postcode_is_asked_for_and_the_price_with_its_tax_is_shown_before_paying(client, tills, what):
    with tax_service():
        page = client.get(tills[what], {"country": "US"}).content.decode()
        assert ("ZIP code" in page, "Sales tax may be added" in page) == (True, True)
        refused = sent(client, tills[what], country="US").content.decode()
        assert "Type your ZIP code: the tax depends on it." in refused
        shown = client.get(tills[what], {"country": "US", "postcode": "10001-1234"}).content.decode()
        assert "Sales tax may be added" not in shown
        price, total = ("€10.00", "€10.89") if what == "membership" else ("€4.00", "€4.36")
        assert (total in shown, price in page) == (True, True)
        assert sent(client, tills[what], country="US", postcode="10001").status_code == 303
    rows = {"title": PurchaseRow, "gift": GiftRow, "membership": InvoiceRow}
    [row] = rows[what].objects.all()
    assert (row.tax_place, row.tax_rate_bps) == ("US-NY", 888)
    subjects = {
        "title": lambda: f"purchase:{row.pk}",
        "gift": lambda: row.reference,
        "membership": lambda: SubscriptionRow.objects.get().cause,
    }
    assert find_evidence(subjects[what]()).evidence.postcode == "10001"


def test_what_is_no_postcode_says_so_and_nobody_tries_all_of_them(client, tills):
    with tax_service() as stripe:
        assert "has five digits" in client.get(tills["title"], {"country": "US", "postcode": "SW1A"}).content.decode()
        wrong = sent(client, tills["title"], country="US", postcode="00000").content.decode()
        assert "There is no such ZIP code." in wrong
        assert len(stripe.asked) == 2  # to show it, and to buy
        with mock.patch.object(where.ratelimit, "consume", return_value=None):
            words = client.get(tills["title"], {"country": "US", "postcode": "10001"}).content.decode()
        assert ("too often" in words, len(stripe.asked)) == (True, 2)
    assert not PurchaseRow.objects.exists()


def test_elsewhere_and_with_our_tables_nobody_is_asked_for_a_postcode(client, tills):
    make_registration("EU", number=OSS)
    assert "ZIP code" not in client.get(tills["title"], {"country": "US"}).content.decode()
    with tax_service():
        assert "ZIP code" not in client.get(tills["title"], {"country": "DE", "postcode": "10001"}).content.decode()
