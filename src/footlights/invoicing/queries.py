"""Bounded reads of documents."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from footlights.invoicing import sealing
from footlights.invoicing.models import HOUSE, BuyerRow, DocumentRow, LineRow, SellerRow
from footlights.invoicing.records import BuyerDetails, Document, SellerDetails, Snapshot, TaxedLine, TaxTotal
from footlights.invoicing.sheet import Sheet, make_sheet, mask_buyer
from footlights.invoicing.sheet.pdf import render_pdf
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money

PAGE_SIZE = 50
TOTALS_MAX = 1_000
ABOUT_MAX = 100


def get_document(document_id: UUID) -> Document:
    """Raises NotFoundError. Who may see it is the caller's to ask: its buyer, its channel's finance, the house."""
    return _get(document_id).to_record()


def open_sheet(document_id: UUID, *, is_masked: bool = False) -> Sheet:
    """In its buyer's language; masked, without a word about them. Raises as `get_document`, and SealBrokenError."""
    return _open(_get(document_id), is_masked=is_masked)


def open_pdf(document_id: UUID, *, is_masked: bool = False) -> bytes:
    """As `open_sheet`; the same bytes whenever it is asked for, in some hundredths of a second."""
    row = _get(document_id)
    return render_pdf(_open(row, is_masked=is_masked), issued_at=row.issued_at)


def find_by_number(number: str) -> Document | None:
    row = DocumentRow.objects.filter(number=number.strip()).first()
    return row.to_record() if row else None


def list_documents_of_buyer(buyer_id: UUID, *, page: int = 1) -> list[Document]:
    """The newest first, 50 a page and one more when there are further ones."""
    return _page(DocumentRow.objects.filter(buyer_id=buyer_id), page)


def list_documents_of_seller(seller_id: UUID, *, page: int = 1) -> list[Document]:
    """As `list_documents_of_buyer`. What the house sold of a channel's works is the house's."""
    return _page(DocumentRow.objects.filter(seller_id=seller_id), page)


def list_documents(*, page: int = 1) -> list[Document]:
    """As `list_documents_of_buyer`, of the whole service."""
    return _page(DocumentRow.objects.all(), page)


def list_documents_about(subjects: Sequence[str]) -> list[Document]:
    """The oldest first: of each subject its invoice, then what corrected it; at most 100."""
    rows = DocumentRow.objects.filter(subject__in=subjects).order_by("issued_at", "id")[:ABOUT_MAX]
    return [row.to_record() for row in rows]


def list_documents_of(causes: Sequence[str]) -> list[Document]:
    """Those that were issued for these causes, the oldest first; at most 100."""
    rows = DocumentRow.objects.filter(cause__in=causes).order_by("issued_at", "id")[:ABOUT_MAX]
    return [row.to_record() for row in rows]


def find_seller(seller_id: UUID = HOUSE) -> SellerDetails | None:
    row = SellerRow.objects.filter(seller_id=seller_id).first()
    return sealing.unseal(row.sealed, SellerDetails, context=sealing.of_seller(seller_id)) if row else None


def find_buyer(person_id: UUID) -> BuyerDetails | None:
    row = BuyerRow.objects.filter(pk=person_id).exclude(sealed=None).first()
    if row is None or row.sealed is None:
        return None
    return sealing.unseal(row.sealed, BuyerDetails, context=sealing.of_buyer(person_id))


def tax_totals(*, since: datetime, until: datetime) -> list[TaxTotal]:
    """Tax by place, rate and currency of what was issued from `since` to before `until`, less what was credited."""
    rows = (
        LineRow.objects.filter(issued_at__gte=since, issued_at__lt=until)
        .exclude(tax_name="")
        .values("country", "region", "tax_name", "rate_bps", "currency")
        .annotate(net=Sum("net_minor"), tax=Sum("tax_minor"), documents=Count("document", distinct=True))
        .order_by("country", "region", "rate_bps", "currency")[:TOTALS_MAX]
    )
    return [
        TaxTotal(
            country=row["country"],
            region=row["region"],
            tax_name=row["tax_name"],
            rate_bps=row["rate_bps"],
            net=Money(int(row["net"]), row["currency"]),
            tax=Money(int(row["tax"]), row["currency"]),
            documents=row["documents"],
        )
        for row in rows
    ]


def list_taxed(*, since: datetime, until: datetime, after: UUID | None = None) -> list[Document]:
    """Documents with a tax, issued from `since` to before `until`, by id, 50 at once after the last one seen."""
    lines = LineRow.objects.filter(issued_at__gte=since, issued_at__lt=until).exclude(tax_minor=0)
    rows = DocumentRow.objects.filter(pk__in=lines.values("document_id")).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return [row.to_record() for row in rows[:PAGE_SIZE]]


def list_taxed_lines(document_id: UUID) -> list[TaxedLine]:
    """Its lines that bear a tax, in order."""
    rows = LineRow.objects.filter(document_id=document_id).exclude(tax_minor=0).order_by("position")
    return [
        TaxedLine(
            country=row.country,
            region=row.region,
            net=Money(row.net_minor, row.currency),
            tax=Money(row.tax_minor, row.currency),
        )
        for row in rows
    ]


def _page(rows: QuerySet[DocumentRow], page: int) -> list[Document]:
    start = (page - 1) * PAGE_SIZE
    return [row.to_record() for row in rows.order_by("-issued_at", "-id")[start : start + PAGE_SIZE + 1]]


def _open(row: DocumentRow, *, is_masked: bool) -> Sheet:
    sheet = make_sheet(row.to_record(), sealing.unseal(row.sealed, Snapshot, context=sealing.of_document(row.pk)))
    return mask_buyer(sheet) if is_masked else sheet


def _get(document_id: UUID) -> DocumentRow:
    row = DocumentRow.objects.filter(pk=document_id).first()
    if row is None:
        raise NotFoundError("There is no such document.")
    return row
