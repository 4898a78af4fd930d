"""The tax of memberships: a province's, and none where a business owes it itself, as long as its number counts."""

from datetime import timedelta

import pytest

from footlights.invoicing.api import list_documents_about, open_sheet
from footlights.kernel.clock import now
from footlights.payments.testing import pay
from footlights.subscriptions import api
from footlights.subscriptions.models import InvoiceRow, SubscriptionRow
from footlights.subscriptions.operations.advance import advance
from footlights.subscriptions.resealing import reseal_business_numbers
from footlights.subscriptions.testing import make_plan
from footlights.taxes.api import check_number, find_reverse_charge
from footlights.taxes.testing import GERMAN, make_registration, vat_register

pytestmark = pytest.mark.django_db


def join(viewer, plan, key="k", **where):
    asked = {"subscriber_id": viewer.id, "terms_id": plan.terms[0].id, "idempotency_key": key, "at": now()}
    return api.subscribe(**asked, **where)


def amounts():
    return [(each.amount_minor, each.tax_minor, each.relief_minor) for each in InvoiceRow.objects.order_by("number")]


def test_a_member_in_a_province_pays_its_tax_and_gets_it_back(viewer, channel, balances):
    make_registration("CA", number="R1")
    begun = join(viewer, make_plan(channel), country="CA", region="ON")
    pay("paid", begun.hosted_url)
    assert (amounts(), balances()["tax:ca-on"]) == ([(1_130, 130, 0)], -130)
    [document] = list_documents_about([SubscriptionRow.objects.get().cause])
    assert "HST 13%, Canada" in [label for label, _amount in open_sheet(document.id).sums]


def test_a_business_owes_its_tax_and_is_looked_up_before_each_renewal(viewer, channel, balances):
    make_registration("EU", number="EU372000041")
    with vat_register() as vies:
        check_number(typed=GERMAN, country="DE", at=now())
        begun = join(viewer, make_plan(channel, month=1_190), country="DE", business_number=GERMAN)
        pay("paid", begun.hosted_url)
        assert (amounts(), "tax:de" in balances()) == ([(1_000, 0, 190)], False)
        first = InvoiceRow.objects.get()
        assert find_reverse_charge(first.reference).number == GERMAN
        [document] = list_documents_about([SubscriptionRow.objects.get().cause])
        assert "Reverse charge: the buyer owes the tax." in open_sheet(document.id).notes
        vies.says = "MS_UNAVAILABLE"
        advance(subscription_id=begun.id, at=first.period_end)
        assert amounts()[1:] == [(1_000, 0, 190)]  # the answer of last month still counts
        vies.says = "invalid"
        advance(subscription_id=begun.id, at=first.period_end + timedelta(days=40))
    assert amounts()[2:] == [(1_190, 190, 0)]


def test_a_number_typed_later_closes_the_page_with_the_tax_first(viewer, channel):
    make_registration("EU", number="EU372000041")
    check_number(typed=GERMAN, country="DE", at=now())
    plan = make_plan(channel, month=1_190)
    taxed = join(viewer, plan, country="DE")
    freed = join(viewer, plan, key="again", country="DE", business_number=GERMAN)
    assert (freed.id != taxed.id, SubscriptionRow.objects.get(pk=taxed.id).state) == (True, "ended")
    assert reseal_business_numbers() == 0
