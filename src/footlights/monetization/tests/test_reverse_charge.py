"""What a business buys bears no tax where it owes that itself, and everything says so."""

import pytest

from footlights.invoicing.api import HOUSE, SellerDetails, keep_seller, list_documents_about, open_sheet
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of
from footlights.monetization import api
from footlights.monetization.api import Choice
from footlights.monetization.models import PurchaseRow
from footlights.monetization.testing import make_offer
from footlights.payments.testing import pay
from footlights.taxes.api import Evidence, check_number, find_reverse_charge
from footlights.taxes.testing import GERMAN, make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def choice():
    make_registration("EU", number="EU372000041")
    check_number(typed=GERMAN, country="DE", at=now())
    return Choice(evidence=Evidence("DE", "DE"), business_number=GERMAN)


def buy(viewer, title, choice, key="k"):
    offer = api.list_offers(title.id)[0] if api.list_offers(title.id) else make_offer(title)
    return api.buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key=key, at=now(), choice=choice)


def test_a_business_pays_the_price_without_its_tax_and_the_invoice_names_both_numbers(viewer, title, choice):
    bought = buy(viewer, title, choice)
    tax = bought.breakdown.tax
    assert (bought.price, tax.relief, tax.amount, tax.is_reversed) == (
        Money(336, "EUR"), Money(64, "EUR"), Money(0, "EUR"), True,
    )  # fmt: skip
    pay("paid", bought.hosted_url)
    assert balance_of("tax:de", "EUR") == Money(0, "EUR")
    assert balance_of(f"creator:{title.channel_id}", "EUR") == Money(-302, "EUR")  # as of a sale with tax
    reference = f"purchase:{bought.id}"
    assert find_reverse_charge(reference).number == GERMAN
    [document] = list_documents_about([reference])
    sheet = open_sheet(document.id)
    assert "Reverse charge: the buyer owes the tax." in sheet.notes
    assert f"Numbers: seller EU372000041, buyer {GERMAN}." in sheet.notes
    assert "Directive 2006/112/EC, art. 196." in sheet.notes
    assert (GERMAN in sheet.buyer.lines, "EU372000041" in sheet.seller.lines) == (True, True)


def test_a_number_typed_later_closes_the_page_with_the_tax_first(viewer, title, choice):
    taxed = buy(viewer, title, Choice(evidence=choice.evidence))
    freed = buy(viewer, title, choice, key="again")
    assert (taxed.price, freed.price) == (Money(400, "EUR"), Money(336, "EUR"))
    assert PurchaseRow.objects.get(pk=taxed.id).state == "declined"
    assert buy(viewer, title, choice, key="third").id == freed.id


def test_a_sale_to_a_person_has_no_word_of_it(viewer, title, choice):
    bought = buy(viewer, title, Choice(evidence=choice.evidence))
    pay("paid", bought.hosted_url)
    [document] = list_documents_about([f"purchase:{bought.id}"])
    assert not [note for note in open_sheet(document.id).notes if "Reverse" in note]


def test_outside_the_union_no_article_of_it_is_named_and_a_number_is_printed_once(viewer, title):
    make_registration("GB", number="GB 123 4567 89")
    keep_seller(seller_id=HOUSE, details=SellerDetails("Lantern Ltd", tax_ids="VAT GB123456789"), by_id=viewer.id)
    check_number(typed="980 7806 84", country="GB", at=now())
    bought = buy(viewer, title, Choice(evidence=Evidence("GB", "GB"), business_number="GB980780684"))
    pay("paid", bought.hosted_url)
    [document] = list_documents_about([f"purchase:{bought.id}"])
    sheet = open_sheet(document.id)
    assert not [note for note in sheet.notes if "Directive" in note]
    assert [line for line in sheet.seller.lines if "GB" in line] == ["VAT GB123456789"]
    assert "No tax is charged on this sale." not in sheet.notes
