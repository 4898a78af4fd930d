"""Documents for tests, of this context and of others."""

from uuid import UUID

from django.db import transaction

from footlights.invoicing.models import HOUSE
from footlights.invoicing.operations.issue_document import issue_document
from footlights.invoicing.operations.keep_details import keep_seller
from footlights.invoicing.records import Document, NewLine, SellerDetails
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money


def make_document(buyer_id: UUID, *, channel_id: UUID | None = None, name: str = "A film") -> Document:
    """An invoice over 4.00 EUR with German VAT; by the channel in its own name, if there is one."""
    if channel_id:
        keep_seller(seller_id=channel_id, details=SellerDetails("Somebody"), by_id=new_id())
    line = NewLine(name, Money(336, "EUR"), Money(64, "EUR"), "buy", rate_bps=1900, tax_name="VAT", country="DE")
    cause = f"test:{new_id()}"
    with transaction.atomic():
        return issue_document(
            cause=cause, subject=cause, buyer_id=buyer_id, channel_id=channel_id or HOUSE, lines=[line], at=now()
        )
