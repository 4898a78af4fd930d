"""One's receipts, invoices and credit notes, and what one wants to stand on them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from footlights.invoicing.api import Document, find_buyer, get_document, keep_buyer, list_documents_of_buyer
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.monetization.api import find_purchase
from footlights.web.access import person_id_of
from footlights.web.documents.answers import document_page, document_pdf, list_page
from footlights.web.documents.forms import BuyerForm
from footlights.web.paging import number_of


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    found = list_documents_of_buyer(person_id_of(request), page=number_of(request))
    return list_page(request, "account/documents.html", found)


@require_safe
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    return document_page(request, "account/document.html", _own(request, document_id))


@require_safe
def pdf(request: HttpRequest, document_id: UUID) -> HttpResponse:
    return document_pdf(_own(request, document_id))


@require_http_methods(["GET", "POST"])
def billing(request: HttpRequest) -> HttpResponse:
    """What stands on one's documents from now on."""
    person_id = person_id_of(request)
    kept = find_buyer(person_id)
    initial = {"name": kept.name, "address": kept.address, "tax_id": kept.tax_id} if kept else {}
    form = BuyerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            keep_buyer(person_id=person_id, details=form.details())
        except InvalidInputError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Saved. It stands on what you buy from now on."))
            return redirect("account:documents")
    return render(request, "account/billing.html", {"form": form}, status=422 if form.errors else 200)


def _own(request: HttpRequest, document_id: UUID) -> Document:
    found = get_document(document_id)
    if not _is_theirs(found, person_id_of(request)):
        raise NotFoundError("There is no such document.")
    return found


def _is_theirs(found: Document, person_id: UUID) -> bool:
    """What they bought, or what they bought as a guest before they proved who they are."""
    kind, _colon, identifier = found.subject.partition(":")
    if found.buyer_id == person_id:
        return True
    purchase = find_purchase(UUID(identifier)) if kind == "purchase" else None
    return purchase is not None and purchase.viewer_id == person_id
