"""Each invoice and credit note is told to Stripe Tax once, whatever is lost on the way."""

from datetime import timedelta

import pytest
from django.db import transaction

from footlights.accounts.testing import make_person
from footlights.filings import api
from footlights.filings.jobs import tell
from footlights.filings.models import FilingRow, MarkRow
from footlights.invoicing.api import HOUSE, NewLine, issue_credit_note, issue_document, take_credit_back
from footlights.invoicing.models import DocumentRow
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.taxes.api import Evidence, note_evidence
from footlights.taxes.testing import tax_service

pytestmark = pytest.mark.django_db
START = now() - timedelta(days=1)


def after(minutes):
    return START + timedelta(minutes=minutes)


@pytest.fixture
def stripe_tax(db):
    with tax_service() as service:
        api.tell_stripe(at=START)
        yield service


def invoice(minutes=1, *, net=336, tax=64, country="DE", currency="EUR", lines=1, **line):
    told = {"rate_bps": 1900, "tax_name": "VAT", "country": country} | line
    cause, each = f"test:{new_id()}", NewLine("A film", Money(net, currency), Money(tax, currency), "buy", **told)
    with transaction.atomic():
        return issue_document(
            cause=cause, subject=cause, buyer_id=make_person().pk, channel_id=HOUSE, lines=[each] * lines,
            at=after(minutes),
        )  # fmt: skip


def test_a_sale_in_the_states_is_told_with_the_postcode_that_is_kept_of_it(stripe_tax):
    sold = invoice(net=1_000, tax=89, country="US", currency="USD", region="NY")
    unknown = invoice(net=1_000, tax=89, country="US", currency="USD", region="NY")
    note_evidence(reference=sold.subject, evidence=Evidence(billing="US", postcode="10001"), at=after(1))
    note_evidence(reference=unknown.subject, evidence=Evidence(billing="US"), at=after(1))
    api.tell_stripe(at=after(60))
    assert ("US", "10001") in stripe_tax.asked
    assert told(stripe_tax) == [(1_089, 89)]
    assert FilingRow.objects.get(pk=unknown.id).state == "refused"


def credit(document, minutes=2, *, returned=200, tax=32):
    with transaction.atomic():
        return issue_credit_note(
            cause=f"test:{new_id()}",
            corrects_cause=document.subject,
            returned=Money(returned, "EUR"),
            tax=Money(tax, "EUR"),
            at=after(minutes),
        )


def note_cause(note):
    return DocumentRow.objects.get(pk=note.id).cause


def told(service):
    return sorted((total, tax) for _reference, total, tax in service.transactions.values())


def test_a_sale_and_what_went_back_of_it_are_told_once(stripe_tax):
    document = invoice(lines=2)
    credit(document)
    for minutes in (5, 10):
        tell(timestamp=int(after(minutes).timestamp()))
    assert told(stripe_tax) == [(-200, 0), (800, 128)]
    assert api.count_told() == 2
    assert api.list_to_look_at() == []
    assert str(FilingRow.objects.first()).startswith("filing of")
    assert str(MarkRow.objects.get()) == f"told until {MarkRow.objects.get().until}"


def test_what_a_refund_that_came_back_charges_again_is_told_as_a_sale(stripe_tax):
    note = credit(invoice())
    with transaction.atomic():
        take_credit_back(cause="back", credit_cause=note_cause(note), at=after(3))
    api.tell_stripe(at=after(5))
    assert told(stripe_tax) == [(-200, 0), (200, 32), (400, 64)]


@pytest.mark.parametrize("says", ["lost", "taken", "broken", "refused"])
def test_whatever_is_lost_on_the_way_it_is_told_once(stripe_tax, says):
    documents = [invoice(minutes) for minutes in (1, 2)]
    credit(documents[0], 3)
    stripe_tax.says = says
    for minutes in (5, 6):
        assert api.tell_stripe(at=after(minutes)) == 0
    assert MarkRow.objects.get().until == START
    stripe_tax.says = "answers"
    assert api.tell_stripe(at=after(7)) == 3
    assert told(stripe_tax) == [(-200, 0), (400, 64), (400, 64)]
    assert MarkRow.objects.get().until == after(7)


def test_what_was_written_down_late_is_still_told(stripe_tax):
    api.tell_stripe(at=after(30))
    invoice(minutes=1)
    assert api.tell_stripe(at=after(31)) == 1


def test_what_was_issued_before_stripe_was_chosen_is_left_out_with_what_goes_back_of_it(stripe_tax):
    credit(invoice(minutes=-9), 2)
    api.tell_stripe(at=after(5))
    [left_out] = api.list_to_look_at()
    assert (left_out.state, left_out.reason) == (api.FilingState.LEFT_OUT, "the sale was not told")
    assert told(stripe_tax) == []


def test_what_bears_no_tax_is_not_told(stripe_tax):
    invoice(net=400, tax=0, rate_bps=0, tax_name="", country="")
    assert api.tell_stripe(at=after(5)) == 0


def test_what_stripe_does_not_take_holds_up_nothing_and_is_shown(stripe_tax):
    invoice(1, currency="KWD")
    invoice(2, country="US", tax_name="Sales tax")
    invoice(3)
    assert api.tell_stripe(at=after(5)) == 3
    assert sorted((each.state.value, each.reason) for each in api.list_to_look_at()) == [
        ("refused", "currency_kwd"),
        ("refused", "customer_tax_location_invalid"),
    ]
    assert told(stripe_tax) == [(400, 64)]


def test_a_tax_that_stripe_counts_otherwise_is_shown(stripe_tax):
    invoice(net=335, tax=65)
    api.tell_stripe(at=after(5))
    [found] = api.list_to_look_at()
    assert (found.differs, found.tax, found.their_tax) == (True, Money(65, "EUR"), Money(64, "EUR"))


def test_with_our_tables_nothing_is_told(db):
    invoice()
    assert api.tell_stripe(at=after(5)) == 0
    assert not MarkRow.objects.exists()
