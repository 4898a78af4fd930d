"""The door of invoicing: issue documents, and read them."""

from footlights.invoicing.errors import CreditedTooMuchError, InvoicingError, NumberedOutsideTransactionError
from footlights.invoicing.languages import known_language
from footlights.invoicing.models import HOUSE
from footlights.invoicing.operations.correct_document import issue_credit_note, take_credit_back
from footlights.invoicing.operations.issue_document import issue_document
from footlights.invoicing.operations.keep_details import keep_buyer, keep_seller, note_language
from footlights.invoicing.queries import (
    find_buyer,
    find_by_number,
    find_seller,
    get_document,
    list_documents,
    list_documents_about,
    list_documents_of,
    list_documents_of_buyer,
    list_documents_of_seller,
    list_taxed,
    list_taxed_lines,
    open_pdf,
    open_sheet,
    tax_totals,
)
from footlights.invoicing.records import (
    BuyerDetails,
    Document,
    DocumentKind,
    NewLine,
    Reversed,
    SellerDetails,
    TaxedLine,
    TaxTotal,
)
from footlights.invoicing.sheet import Sheet
from footlights.invoicing.sheet.pdf import typeset

__all__ = [
    "HOUSE",
    "BuyerDetails",
    "CreditedTooMuchError",
    "Document",
    "DocumentKind",
    "InvoicingError",
    "NewLine",
    "NumberedOutsideTransactionError",
    "Reversed",
    "SellerDetails",
    "Sheet",
    "TaxTotal",
    "TaxedLine",
    "find_buyer",
    "find_by_number",
    "find_seller",
    "get_document",
    "issue_credit_note",
    "issue_document",
    "keep_buyer",
    "keep_seller",
    "known_language",
    "list_documents",
    "list_documents_about",
    "list_documents_of",
    "list_documents_of_buyer",
    "list_documents_of_seller",
    "list_taxed",
    "list_taxed_lines",
    "note_language",
    "open_pdf",
    "open_sheet",
    "take_credit_back",
    "tax_totals",
    "typeset",
]
