"""The pages of taxes: where they are paid, and what was collected, for the returns."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.filings.api import tell_stripe
from footlights.invoicing.testing import make_document
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal
from footlights.taxes.api import Evidence, learn_rate, list_registrations, note_evidence
from footlights.taxes.testing import tax_service
from footlights.web.account.testing import sign_in_proven
from footlights.web.backoffice.tax_periods import find_period, recent_periods


@pytest.fixture
def staff(client, db):
    person = make_person(is_staff=True)
    sign_in_proven(client, person)
    return person


def page(client, name, **query):
    answer = client.get(reverse(f"backoffice:{name}"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def book(tax_minor, cause="sale", account="tax:de"):
    postings = [Posting("gateway:test", Money(tax_minor, "EUR")), Posting(account, Money(-tax_minor, "EUR"))]
    post_journal(cause=cause, postings=postings, at=now())


@pytest.mark.parametrize(
    ("code", "since", "until"),
    [
        ("2026-Q4", (2026, 10), (2027, 1)),
        ("2026-Q1", (2026, 1), (2026, 4)),
        ("2026-12", (2026, 12), (2027, 1)),
        ("2026-02", (2026, 2), (2026, 3)),
    ],
)
def test_a_period_begins_and_ends_with_its_months(code, since, until):
    period = find_period(code)
    assert (period.since, period.until) == (datetime(*since, 1, tzinfo=UTC), datetime(*until, 1, tzinfo=UTC))


@pytest.mark.parametrize("code", ["2026-Q5", "2026-13", "2026", "x", "1026-Q1"])
def test_nonsense_is_no_period(client, staff, code):
    assert find_period(code) is None
    assert client.get(reverse("backoffice:taxes"), {"period": code}).status_code == 404


def test_recent_periods_begin_with_this_quarter_and_this_month():
    codes = [period.code for period in recent_periods(datetime(2026, 2, 28, tzinfo=UTC))]
    assert codes[:3] == ["2026-Q1", "2025-Q4", "2025-Q3"]
    assert codes[8:11] == ["2026-02", "2026-01", "2025-12"]
    assert len(codes) == 20


def test_a_house_that_pays_no_taxes_is_told_how_it_would(client, staff):
    assert "No taxes are charged" in page(client, "taxes")
    assert "Nowhere yet" in page(client, "tax_registrations")


def test_what_was_collected_agrees_with_the_books(client, staff):
    make_document(make_person().id)
    book(64)
    html = page(client, "taxes")
    assert all(words in html for words in ("Germany", "VAT 19%", "€3.36", "€0.64", "Agrees"))
    assert "do not agree" not in html
    lines = client.get(reverse("backoffice:tax_report")).content.decode().splitlines()
    period = recent_periods(now())[0].code
    assert lines == [
        "period,country,region,tax,rate_percent,currency,net,tax_amount,documents",
        f"{period},DE,,VAT,19,EUR,3.36,0.64,1",
    ]


def test_a_difference_between_invoices_and_books_is_told(client, staff):
    make_document(make_person().id)
    book(63)
    html = page(client, "taxes")
    assert "do not agree" in html
    assert "Booked: €0.63" in html


def test_a_place_is_added_and_ended(client, staff):
    client.post(reverse("backoffice:tax_registrations"), {"area": "EU", "number": "EU1", "since": "2026-01-01"})
    [made] = list_registrations()
    assert (made.area, made.since) == ("EU", date(2026, 1, 1))
    assert "European Union" in page(client, "tax_registrations")
    assert "No tax in this period" in page(client, "taxes")
    again = client.post(reverse("backoffice:tax_registrations"), {"area": "EU", "since": "2026-01-01"})
    assert again.status_code == 422
    end = reverse("backoffice:tax_registration_end", args=[made.id])
    for wrong in ("", "2020-01-01"):
        client.post(end, {"until": wrong})
        assert list_registrations()[0].until is None
    client.post(end, {"until": "2026-06-01"})
    assert list_registrations()[0].until == date(2026, 6, 1)
    assert "ended 2026-06-01" in page(client, "tax_registrations")


def test_where_evidence_conflicts_it_is_shown(client, staff):
    note_evidence(reference="purchase:7", evidence=Evidence("DE", "FR"), at=now())
    html = page(client, "tax_registrations")
    assert "purchase:7" in html
    assert "chosen FR, network DE, payment ?" in html


def test_what_stripe_tax_says_is_shown_and_since_when_it_says_nothing(client, staff):
    with tax_service(within_s=0.2) as stripe:
        assert "until it answers, the registrations above count" in page(client, "tax_registrations")
        at = now() - timedelta(days=2)
        learn_rate(country="CA", region="QC", at=at)
        stripe.says = "broken"
        learn_rate(country="CA", region="QC", at=at + timedelta(days=1))
        html = page(client, "tax_registrations")
        assert "GST+QST 14.975 %" in html
        assert "Says nothing since" in html
        assert "0 documents are told to it." in html
        tell_stripe(at=at)
        stripe.says, stripe.places["DE", ""] = "answers", [("vat", "7.0")]
        make_document(make_person().pk)
        tell_stripe(at=now() + timedelta(minutes=1))
        assert "ours €0.64, theirs €0.26" in page(client, "tax_registrations")
