"""Every sale has its invoice and every refund its credit note, in the same transaction as the books."""

import uuid

import pytest

from footlights.invoicing.api import DocumentKind, list_documents_about, tax_totals
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of
from footlights.monetization import api
from footlights.monetization.api import Choice
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.operations.note_refund import note_refund, undo_refund
from footlights.monetization.testing import make_offer
from footlights.payments.api import refund_payment
from footlights.payments.testing import pay, pay_with, webhooks_arrive
from footlights.taxes.api import Evidence
from footlights.taxes.testing import make_registration

pytestmark = pytest.mark.django_db


def begin(viewer, title):
    make_registration("EU")
    offer, at = make_offer(title), now()
    choice = Choice(evidence=Evidence("DE", "DE"))
    return api.buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="k", at=at, choice=choice)


def buy(viewer, title):
    bought = begin(viewer, title)
    pay("paid", bought.hosted_url)
    return bought


def documents_of(bought):
    return list_documents_about([f"purchase:{bought.id}"])


def test_a_sale_has_one_invoice_that_agrees_with_the_books(viewer, title):
    bought = buy(viewer, title)
    fulfil_purchase(purchase_id=bought.id, payment_id=bought.payment_id, at=now())
    [document] = documents_of(bought)
    assert (document.buyer_id, document.gross, document.tax) == (viewer.id, Money(400, "EUR"), Money(64, "EUR"))
    assert balance_of("tax:de", "EUR") == -document.tax


def test_a_refund_has_a_credit_note_and_leaves_no_tax(viewer, title):
    bought, since = buy(viewer, title), now().replace(month=1, day=1)
    refund_payment(payment_id=bought.payment_id, idempotency_key="r", at=now())
    with webhooks_arrive():
        run_jobs()
    _invoice, note = documents_of(bought)
    assert (note.kind, note.gross, note.tax) == (DocumentKind.CREDIT_NOTE, Money(-400, "EUR"), Money(-64, "EUR"))
    [total] = tax_totals(since=since, until=now())
    assert total.tax == balance_of("tax:de", "EUR") == Money(0, "EUR")


def test_parts_that_go_back_have_a_credit_note_each_and_one_that_comes_back_is_charged_again(viewer, title):
    bought, refund_id = buy(viewer, title), uuid.uuid4()
    known = {"payment_id": bought.payment_id, "charged": Money(400, "EUR"), "is_whole": False, "at": now()}
    note_refund(purchase_id=bought.id, refund_id=refund_id, amount=Money(100, "EUR"), **known)
    undo_refund(purchase_id=bought.id, refund_id=refund_id, amount=Money(100, "EUR"), at=known["at"])
    note_refund(purchase_id=bought.id, refund_id=uuid.uuid4(), amount=Money(400, "EUR"), **known)
    amounts = [(each.gross.amount_minor, each.tax.amount_minor) for each in documents_of(bought)]
    assert amounts == [(400, 64), (-100, -16), (100, 16), (-400, -64)]
    assert balance_of("tax:de", "EUR") == Money(0, "EUR")


def test_a_sale_that_fails_at_its_last_step_has_no_invoice_and_spends_no_number(viewer, title, monkeypatch):
    bought = begin(viewer, title)
    pay_with("paid", bought.hosted_url)
    with monkeypatch.context() as broken, pytest.raises(AttributeError):
        broken.setattr("footlights.invoicing.operations.numbering.LineRow.objects", None)
        fulfil_purchase(purchase_id=bought.id, payment_id=bought.payment_id, at=now())
    assert documents_of(bought) == []
    fulfil_purchase(purchase_id=bought.id, payment_id=bought.payment_id, at=now())
    assert [document.number[-6:] for document in documents_of(bought)] == ["000001"]
