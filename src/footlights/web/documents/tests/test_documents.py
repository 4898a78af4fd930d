"""Receipts and invoices on the pages of buyers, sellers and the house."""

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_channel, make_title
from footlights.invoicing.api import (
    HOUSE,
    BuyerDetails,
    SellerDetails,
    find_buyer,
    find_seller,
    keep_seller,
    list_documents_of_buyer,
)
from footlights.invoicing.testing import make_document
from footlights.kernel.clock import now
from footlights.monetization.api import buy_title
from footlights.monetization.testing import make_offer
from footlights.payments.testing import pay
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client):
    person = make_person("ana@example.org", display_name="Ana")
    sign_in_proven(client, person)
    return person


@pytest.fixture
def staff(client):
    person = make_person(is_staff=True)
    sign_in_proven(client, person)
    return person


@pytest.fixture
def channel(client):
    person = make_person()
    sign_in_proven(client, person)
    return make_channel(person)


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_buyer_finds_looks_at_and_downloads_what_they_paid_for(client, viewer):
    document = make_document(viewer.id, name="The Keeper")
    assert document.number in page(client, "account:documents")
    html = page(client, "account:document", document.id)
    assert all(words in html for words in ("The Keeper", "VAT 19%, Germany", "€0.64", "€4.00", "ana@example.org"))
    answer = client.get(reverse("account:document_pdf", args=[document.id]))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert f'filename="{document.number}.pdf"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_anothers_documents_are_not_there(client, viewer):
    document = make_document(make_person().id)
    assert document.number not in page(client, "account:documents")
    for name in ("account:document", "account:document_pdf"):
        assert client.get(reverse(name, args=[document.id])).status_code == 404


def test_a_buyer_says_what_stands_on_their_invoices(client, viewer):
    answer = client.post(
        reverse("account:billing"), {"name": "Ana SL", "address": "Calle Mayor 3", "tax_id": "es b-58378431"}
    )
    assert answer.status_code == 302
    assert find_buyer(viewer.id) == BuyerDetails("Ana SL", "Calle Mayor 3", "ES B-58378431")
    assert "Calle Mayor 3" in page(client, "account:billing")
    wrong = client.post(reverse("account:billing"), {"address": "a\n" * 9})
    assert wrong.status_code == 422


def test_a_channel_says_who_sells_and_sees_what_it_sold(client, channel):
    assert "Say who sells" in page(client, "studio:documents")
    client.post(reverse("studio:seller"), {"legal_name": "Ada Film", "address": "Here 1", "tax_ids": "", "mail": ""})
    assert find_seller(channel.id) == SellerDetails("Ada Film", "Here 1")
    assert recorded("seller.changed")
    assert "You sell as Ada Film" in page(client, "studio:documents")
    keep_seller(seller_id=channel.id, details=SellerDetails("Ada Film"), by_id=channel.owner_id)
    document = make_document(make_person().id, channel_id=channel.id)
    assert document.number in page(client, "studio:documents")
    assert "Somebody" in page(client, "studio:document", document.id)
    assert client.get(reverse("studio:document_pdf", args=[document.id])).content[:5] == b"%PDF-"
    assert client.post(reverse("studio:seller"), {"legal_name": ""}).status_code == 422
    assert client.post(reverse("studio:seller"), {"legal_name": "x", "address": "a\n" * 9}).status_code == 422


def test_a_channel_does_not_see_who_bought_from_the_house(client, channel, django_user_model):
    keep_seller(seller_id=HOUSE, details=SellerDetails("Nord GmbH"), by_id=channel.owner_id)
    document = make_document(make_person().id, channel_id=channel.id)
    assert document.seller_id == HOUSE
    assert "Nord GmbH sells your works" in page(client, "studio:documents")
    for name in ("studio:document", "studio:document_pdf"):
        assert client.get(reverse(name, args=[document.id])).status_code == 404


def test_the_house_finds_a_document_by_its_number(client, staff):
    assert "No invoices yet" in page(client, "backoffice:documents")
    document = make_document(make_person().id)
    assert document.number in page(client, "backoffice:documents")
    found = client.get(reverse("backoffice:documents"), {"q": document.number})
    assert found["Location"] == reverse("backoffice:document", args=[document.id])
    assert client.get(reverse("backoffice:search"), {"q": document.number})["Location"] == found["Location"]
    assert "No such number" in page(client, "backoffice:documents", q="1999-000001")
    assert document.number in page(client, "backoffice:document", document.id)
    assert client.get(reverse("backoffice:document_pdf", args=[document.id])).content[:5] == b"%PDF-"


def test_the_house_sees_who_bought_only_after_saying_why(client, staff):
    person = make_person("ana@example.org", display_name="Ana")
    document = make_document(person.id)
    pdf = reverse("backoffice:document_pdf", args=[document.id])
    masked = client.get(pdf).content
    assert "ana@example.org" not in page(client, "backoffice:document", document.id)
    client.post(reverse("backoffice:person_unmasked", args=[person.id]), {"reason": "money"})
    assert "ana@example.org" in page(client, "backoffice:document", document.id)
    assert client.get(pdf).content != masked


def test_the_house_says_who_it_is(client, staff):
    client.post(reverse("backoffice:seller"), {"legal_name": "Nord GmbH", "tax_ids": "VAT id DE1"})
    assert find_seller() == SellerDetails("Nord GmbH", tax_ids="VAT id DE1")
    assert "Nord GmbH" in page(client, "backoffice:seller")
    for sent in ({"legal_name": ""}, {"legal_name": "x", "address": "a\n" * 9}):
        assert client.post(reverse("backoffice:seller"), sent).status_code == 422


def test_a_receipt_and_a_payment_lead_to_their_documents(client, staff):
    offer = make_offer(make_title(make_channel(make_person())))
    bought = buy_title(viewer_id=staff.pk, offer_id=offer.id, idempotency_key="k", at=now())
    pay("paid", bought.hosted_url)
    [document] = list_documents_of_buyer(staff.pk)
    assert document.number in page(client, "account:receipt", bought.id)
    assert document.number in page(client, "backoffice:payment", bought.payment_id)
