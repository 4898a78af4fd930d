"""What the channel sold in its own name: its invoices, without who bought; and who it is in law."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from footlights.accounts.api import Permission
from footlights.invoicing.api import (
    Document,
    find_seller,
    get_document,
    keep_seller,
    list_documents_of_seller,
)
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.web.documents.answers import document_page, document_pdf, list_page
from footlights.web.documents.forms import SellerForm
from footlights.web.paging import number_of
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, person_id, with_channel
from footlights.web.studio.forms import blame


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    return list_page(
        request,
        "studio/documents.html",
        list_documents_of_seller(request.channel.id, page=number_of(request)),
        section="money",
        seller=find_seller(request.channel.id),
        house=find_seller(),
        may_change=Permission.EDIT_CHANNEL in request.may,
    )


@require_safe
@with_channel
def document(request: StudioRequest, document_id: UUID) -> HttpResponse:
    return document_page(request, "studio/document.html", _own(request, document_id), is_masked=True, section="money")


@require_safe
@with_channel
def pdf(request: StudioRequest, document_id: UUID) -> HttpResponse:
    return document_pdf(_own(request, document_id), is_masked=True)


@require_http_methods(["GET", "POST"])
@with_channel
def seller(request: StudioRequest) -> HttpResponse:
    """Who sells, as documents say it from now on."""
    kept = find_seller(request.channel.id)
    initial = {name: getattr(kept, name) for name in SellerForm.base_fields} if kept else {}
    form = SellerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            keep_seller(seller_id=request.channel.id, details=form.details(), by_id=person_id(request))
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("Saved. It stands on every invoice from now on."))
            return redirect("studio:documents")
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "studio/seller.html", {"section": "money", "form": form}, status=status)


def _own(request: StudioRequest, document_id: UUID) -> Document:
    found = get_document(document_id)
    if found.seller_id != request.channel.id:
        raise NotFoundError("There is no such document.")
    return found
