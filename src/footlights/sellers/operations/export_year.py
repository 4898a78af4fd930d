"""Take a year along for a tax office. Each time is a record of the trail, with the digest of what was taken."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import UNION, get_installation
from footlights.audit.api import Act, record
from footlights.invoicing.api import find_seller
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.sellers.figures import months_in_the_states, quarters_in_the_union
from footlights.sellers.reporting.dpi import Operator, dpi_xml
from footlights.sellers.reporting.sheets import dac7_rows, rows_1099k
from footlights.sellers.thresholds import is_reported

Rows = Iterable[list[str]]
FIRST_YEAR = 2023


class Report(StrEnum):
    DAC7_XML = "dac7-xml"
    DAC7_CSV = "dac7-csv"
    FORM_1099K = "1099-k"
    FORM_1099K_ALL = "1099-k-all"  # those below the federal threshold too: some states ask from less on


def operator_of(*, country: str, tin: str) -> Operator:
    """Who the house is, as it says on invoices. Raises InvalidInputError while it has not said."""
    seller = find_seller()
    if seller is None:
        raise InvalidInputError(_("Say first who sells, under Invoices: the report names you."))
    if not tin.strip():
        raise InvalidInputError(_("Your own tax number stands on the report."), field="tin")
    return Operator(
        name=seller.legal_name,
        business_name=get_installation().name,
        address=seller.address or country,
        country=country,
        tin=tin.strip(),
    )


def export_year(
    *, report: Report, year: int, country: str, tin: str, by_id: uuid.UUID, at: datetime, as_text: Callable[[Rows], str]
) -> bytes:
    """The file. `as_text` writes rows for spreadsheets. Raises InvalidInputError, RateMissingError.

    Whether `by_id` may is the caller's to ask.
    """
    if not FIRST_YEAR <= year <= at.year:
        raise InvalidInputError(_("Choose a year that has begun."), field="year")
    if report is Report.DAC7_XML and country not in UNION:
        raise InvalidInputError(_("Choose the state of the European Union in which you report."), field="country")
    body = _body(report, year, operator_of(country=country, tin=tin), at, as_text)
    after = {"report": report.value, "year": year, "sha256": sha256(body).hexdigest()}
    with transaction.atomic():
        record(act=Act.SELLERS_EXPORTED, object_kind="sellers", object_id=str(year), actor_id=by_id, after=after)
    return body


def _body(report: Report, year: int, by: Operator, at: datetime, as_text: Callable[[Rows], str]) -> bytes:
    if report is Report.DAC7_XML:
        return dpi_xml(quarters_in_the_union(year), operator=by, year=year, message_id=new_id(), at=at)
    if report is Report.DAC7_CSV:
        return as_text(dac7_rows(quarters_in_the_union(year))).encode()
    told = [
        each
        for each in months_in_the_states(year)
        if report is Report.FORM_1099K_ALL or is_reported(gross=each.gross, transactions=each.sales, year=year)
    ]
    return as_text(rows_1099k(told, operator=by, year=year)).encode()
