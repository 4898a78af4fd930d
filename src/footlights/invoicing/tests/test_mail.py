"""A document is mailed to its buyer, in their language, with the PDF."""

from footlights.invoicing.api import note_language
from footlights.invoicing.tests.conftest import credit, issue
from footlights.kernel.testing import run_jobs


def test_the_buyer_gets_the_invoice_by_mail(viewer, mailoutbox):
    note_language(person_id=viewer.id, wanted="de")
    document = issue(viewer)
    run_jobs(only="invoicing")
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["ana@example.org"], f"Beleg {document.number}")
    assert "Vielen Dank" in mail.body
    assert "/account/documents" in mail.body
    [(name, content, kind)] = mail.attachments
    assert (name, kind, content[:5]) == ("2026-000001.pdf", "application/pdf", b"%PDF-")


def test_a_credit_note_is_mailed_as_one(viewer, mailoutbox):
    issue(viewer)
    credit("refund:1", "sale:1", 400, 64)
    run_jobs(only="invoicing")
    assert [mail.subject for mail in mailoutbox] == ["Receipt 2026-000001", "Credit note 2026-000002"]
    assert "given money back" in mailoutbox[1].body


def test_nobody_is_written_to_whose_account_is_gone(viewer, mailoutbox):
    issue(viewer)
    viewer.emailaddress_set.all().delete()
    viewer.delete()
    run_jobs(only="invoicing")
    assert not mailoutbox
