"""Mail a document to its buyer."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from footlights.accounts.api import find_person
from footlights.invoicing.languages import words_in
from footlights.invoicing.queries import get_document, open_sheet
from footlights.invoicing.records import DocumentKind
from footlights.invoicing.sheet.pdf import render_pdf

DOCUMENTS_PATH = "/account/documents"


def send_document(*, document_id: UUID) -> None:
    """In the buyer's language, with the PDF, unless their account is gone. Raises what the mail server raises."""
    document = get_document(document_id)
    person = find_person(document.buyer_id)
    if person is None:
        return
    sheet, say = open_sheet(document_id), words_in(document.language)
    is_credit = document.kind is DocumentKind.CREDIT_NOTE
    lines = [
        say("We have given money back to you.") if is_credit else say("Thank you for your purchase."),
        "\n".join(f"{line.description}: {line.gross}" for line in sheet.lines),
        f"{sheet.total[0]}: {sheet.total[1]}",
        say("The document is attached. You find it any time under %(address)s.")
        % {"address": settings.SITE_URL + DOCUMENTS_PATH},
        sheet.service,
    ]
    message = EmailMessage(f"{sheet.title} {sheet.number}", "\n\n".join(lines), to=[person.email])
    message.attach(f"{document.number}.pdf", render_pdf(sheet, issued_at=document.issued_at), "application/pdf")
    message.send()
