"""What the pages of buyers, sellers and the house have in common: a list of documents, one of them, its PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from footlights.invoicing.api import Document, open_pdf, open_sheet
from footlights.web.paging import page_of

PRIVATE = "private, no-store"


def list_page(request: HttpRequest, template: str, documents: list[Document], **context: Any) -> HttpResponse:
    """`documents` is one page and one more, when there are further ones."""
    return render(request, template, {"page": page_of(request, documents), **context})


def document_page(
    request: HttpRequest, template: str, document: Document, *, is_masked: bool = False, **context: Any
) -> HttpResponse:
    sheet = open_sheet(document.id, is_masked=is_masked)
    answer = render(request, template, {"document": document, "sheet": sheet, "is_masked": is_masked, **context})
    answer.headers["Cache-Control"] = PRIVATE
    return answer


def document_pdf(document: Document, *, is_masked: bool = False) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{document.number}.pdf"', "Cache-Control": PRIVATE}
    return HttpResponse(open_pdf(document.id, is_masked=is_masked), content_type="application/pdf", headers=headers)
