"""Receipts, invoices and credit notes of the whole service, found by number; and who the house is in law."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from footlights.invoicing.api import (
    HOUSE,
    Document,
    find_by_number,
    find_seller,
    get_document,
    keep_seller,
    list_documents,
)
from footlights.kernel.errors import InvalidInputError
from footlights.web.access import person_id_of
from footlights.web.backoffice.unmasking import shown_for_s
from footlights.web.documents.answers import document_page, document_pdf, list_page
from footlights.web.documents.forms import SellerForm
from footlights.web.paging import asked_in, number_of


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """The newest first; a number leads straight to its document."""
    text = asked_in(request)
    if text and (found := find_by_number(text)):
        return redirect("backoffice:document", found.id)
    rows = [] if text else list_documents(page=number_of(request))
    return list_page(request, "backoffice/documents.html", rows, section="documents", text=text)


@require_safe
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    found = get_document(document_id)
    return document_page(
        request, "backoffice/document.html", found, is_masked=_is_masked(request, found), section="documents"
    )


@require_safe
def pdf(request: HttpRequest, document_id: UUID) -> HttpResponse:
    found = get_document(document_id)
    return document_pdf(found, is_masked=_is_masked(request, found))


@require_http_methods(["GET", "POST"])
def seller(request: HttpRequest) -> HttpResponse:
    """Who the house is, as documents say it from now on."""
    kept = find_seller()
    initial = {name: getattr(kept, name) for name in SellerForm.base_fields} if kept else {}
    form = SellerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            keep_seller(seller_id=HOUSE, details=form.details(), by_id=person_id_of(request))
        except InvalidInputError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Saved. It stands on every invoice from now on."))
            return redirect("backoffice:taxes")
    context = {"section": "documents", "form": form}
    return render(request, "backoffice/seller.html", context, status=422 if form.errors else 200)


def _is_masked(request: HttpRequest, document: Document) -> bool:
    """Who bought is shown while the reader may see that person's name and address: they said why, a moment ago."""
    return not shown_for_s(request, document.buyer_id)
