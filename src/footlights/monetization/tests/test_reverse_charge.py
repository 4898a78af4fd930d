"""What a business buys bears no tax where it owes that itself, and everything says so."""

import pytest

from footlights.accounts.api import get_installation
from footlights.catalog.testing import make_collection, make_title
from footlights.invoicing.api import HOUSE, SellerDetails, keep_seller, list_documents_about, open_sheet
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of
from footlights.monetization import api
from footlights.monetization.api import Choice
from footlights.monetization.models import PurchaseRow
from footlights.monetization.testing import make_collection_offer, make_offer
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


def test_what_a_business_paid_net_counts_as_the_price_it_stands_for(viewer, channel, title, choice):
    """4.00 and 10.00 hold 19 %: together they cost the net of 10.00, not a cent more or less."""
    pay("paid", buy(viewer, title, choice).hosted_url)
    all_of_it = make_collection_offer(make_collection(channel, title, make_title(channel)), Money(1_000, "EUR"))
    quote = api.quote_offer(viewer_id=viewer.id, offer_id=all_of_it.id, at=now(), choice=choice)
    assert (quote.breakdown.credit, quote.total) == (Money(400, "EUR"), Money(504, "EUR"))
    as_a_person = Choice(evidence=choice.evidence)
    taxed = api.quote_offer(viewer_id=viewer.id, offer_id=all_of_it.id, at=now(), choice=as_a_person)
    assert (taxed.breakdown.credit, taxed.total) == (Money(336, "EUR"), Money(664, "EUR"))  # what was paid, no more


def test_without_a_name_of_the_house_no_channels_name_stands_by_its_number(viewer, title, choice):
    keep_seller(seller_id=title.channel_id, details=SellerDetails("Lantern Films"), by_id=viewer.id)
    bought = buy(viewer, title, choice)
    pay("paid", bought.hosted_url)
    [document] = list_documents_about([f"purchase:{bought.id}"])
    seller = open_sheet(document.id).seller
    assert (seller.name, "EU372000041" in seller.lines) == (get_installation().name, True)
