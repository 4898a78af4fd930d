"""What a business gives, and what is given from a province: the tax of where the giver is."""

import pytest

from footlights.giving import api
from footlights.giving.records import NewGift
from footlights.invoicing.api import list_documents_about, open_sheet
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of
from footlights.monetization.api import Choice
from footlights.monetization.testing import make_offer
from footlights.payments.testing import pay
from footlights.taxes.api import Evidence, check_number, find_reverse_charge
from footlights.taxes.testing import GERMAN, make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(title):
    return make_offer(title)


def give(offer, viewer, choice):
    new = NewGift(offer_id=offer.id)
    given = api.buy_gift(giver_id=viewer.id, new=new, idempotency_key="k", at=now(), choice=choice)
    pay("paid", given.hosted_url)
    return given


def test_a_business_owes_the_tax_of_what_it_gives(offer, viewer):
    make_registration("EU", number="EU372000041")
    check_number(typed=GERMAN, country="DE", at=now())
    given = give(offer, viewer, Choice(evidence=Evidence("DE", "DE"), business_number=GERMAN))
    assert (given.amount, balance_of("tax:de", "EUR")) == (Money(336, "EUR"), Money(0, "EUR"))
    assert find_reverse_charge(f"gift:{given.id}").number == GERMAN
    [document] = list_documents_about([f"gift:{given.id}"])
    assert GERMAN in open_sheet(document.id).buyer.lines


def test_a_gift_from_a_province_bears_its_tax(offer, viewer):
    make_registration("CA", number="R1")
    given = give(offer, viewer, Choice(evidence=Evidence("CA", "CA"), region="ON"))
    assert (given.amount, balance_of("tax:ca-on", "EUR")) == (Money(452, "EUR"), Money(-52, "EUR"))
