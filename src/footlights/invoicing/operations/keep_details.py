"""Say who sells, and what a buyer wants on their documents. What was issued before stays as it was."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.invoicing import sealing
from footlights.invoicing.languages import known_language
from footlights.invoicing.models import HOUSE, BuyerRow, SellerRow
from footlights.invoicing.records import BuyerDetails, SellerDetails
from footlights.kernel.errors import InvalidInputError

LENGTH_MAX = {"legal_name": 120, "name": 120, "address": 400, "tax_ids": 120, "tax_id": 40, "mail": 120}
ADDRESS_LINES_MAX = 8


def keep_seller(*, seller_id: UUID, details: SellerDetails, by_id: UUID) -> None:
    """`seller_id` is a channel's, or HOUSE. Whether `by_id` may is the caller's to ask. Raises InvalidInputError.

    The trail is told that it changed, not what it says: a sole trader's address is somebody's home.
    """
    tidy = replace(
        details,
        legal_name=_line(details.legal_name, "legal_name"),
        address=_lines(details.address, "address"),
        tax_ids=_line(details.tax_ids, "tax_ids"),
        mail=_line(details.mail, "mail"),
    )
    if not tidy.legal_name:
        raise InvalidInputError(_("Say the name you sell under."), field="legal_name")
    with transaction.atomic():
        SellerRow.objects.update_or_create(
            seller_id=seller_id, defaults={"sealed": sealing.seal(tidy, context=sealing.of_seller(seller_id))}
        )
        record(
            act=Act.SELLER_CHANGED,
            object_kind="seller",
            object_id=seller_id,
            actor_id=by_id,
            channel_id=None if seller_id == HOUSE else seller_id,
        )


def keep_buyer(*, person_id: UUID, details: BuyerDetails) -> None:
    """Safe to repeat. Raises InvalidInputError."""
    tidy = BuyerDetails(
        name=_line(details.name, "name"),
        address=_lines(details.address, "address"),
        tax_id=_line(details.tax_id, "tax_id").upper(),
    )
    BuyerRow.objects.update_or_create(
        pk=person_id, defaults={"sealed": sealing.seal(tidy, context=sealing.of_buyer(person_id))}
    )


def note_language(*, person_id: UUID, wanted: str) -> None:
    """The language somebody buys in (an Accept-Language header, or a tag): their documents are written in it."""
    language = known_language(wanted)
    if not BuyerRow.objects.filter(pk=person_id, language=language).exists():
        BuyerRow.objects.update_or_create(pk=person_id, defaults={"language": language})


def _line(text: str, field: str) -> str:
    tidy = " ".join(text.split())
    if len(tidy) > LENGTH_MAX[field]:
        raise InvalidInputError(_("That is too long."), field=field)
    return tidy


def _lines(text: str, field: str) -> str:
    lines = [tidy for line in text.splitlines() if (tidy := " ".join(line.split()))]
    if len(lines) > ADDRESS_LINES_MAX or len(text) > LENGTH_MAX[field]:
        raise InvalidInputError(_("That is too long."), field=field)
    return "\n".join(lines)
