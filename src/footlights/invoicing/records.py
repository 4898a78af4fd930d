"""What crosses the door of invoicing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from footlights.kernel.money import Money


class DocumentKind(StrEnum):
    RECEIPT = "receipt"  # the seller has not said yet who they are in law
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class SellerDetails:
    """Who sells, as a document has to say. `address` may have several lines."""

    legal_name: str
    address: str = ""
    tax_ids: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class BuyerDetails:
    """What a buyer wants on their documents beside their mail address."""

    name: str = ""
    address: str = ""
    tax_id: str = ""


@dataclass(frozen=True, slots=True)
class NewLine:
    """What is charged for. `tax_name` is empty where there is no tax; `country` is the buyer's, where it is known.

    `kind` is what one gets of it (buy, rent, subscription …), told in the buyer's language; `begins` and `ends` are the
    first and the last day of what lasts.
    """

    description: str
    net: Money
    tax: Money
    kind: str = ""
    begins: date | None = None
    ends: date | None = None
    rate_bps: int = 0
    tax_name: str = ""
    country: str = ""
    region: str = ""

    @property
    def gross(self) -> Money:
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Reversed:
    """Of a sale whose tax the buyer owes themselves: the numbers on its document, the buyer's and the seller's."""

    number: str
    own_number: str
    is_in_union: bool  # both in the European Union's VAT: the document names its article


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """What a line of a document bears, and where. Of a credit note below zero."""

    country: str
    region: str
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Document:
    """A receipt, invoice or credit note as it was issued. Amounts of credit notes are negative."""

    id: UUID
    kind: DocumentKind
    number: str
    subject: str
    buyer_id: UUID
    seller_id: UUID
    channel_id: UUID
    net: Money
    tax: Money
    gross: Money
    language: str
    issued_at: datetime
    corrects_id: UUID | None


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """The tax of one place and rate in a period: invoiced, less what was credited."""

    country: str
    region: str
    tax_name: str
    rate_bps: int
    net: Money
    tax: Money
    documents: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a document says about people and things, as it was on the day. Kept sealed, never changed."""

    seller: SellerDetails
    buyer: BuyerDetails
    buyer_mail: str
    service: str
    lines: tuple[NewLine, ...]
    reversed: Reversed | None = None
    corrects_number: str = ""
    corrects_issued_at: datetime | None = None
