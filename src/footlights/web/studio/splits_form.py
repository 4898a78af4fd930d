"""With whom a title's earnings are shared: rows of an address and a percentage, as they were typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError
from footlights.splits.api import MAX_PARTIES, NewParty

EMPTY_ROWS = 3
BPS_A_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    email: str = ""
    percent: str = ""


def rows_of(sent: QueryDict) -> list[Row]:
    """Those with anything in them, and some empty ones to write in."""
    pairs = zip(sent.getlist("email"), sent.getlist("percent"), strict=False)
    typed = [(email.strip(), percent.strip()) for email, percent in pairs]
    kept = [pair for pair in typed[:MAX_PARTIES] if any(pair)]
    return numbered([*kept, *[("", "")] * EMPTY_ROWS])


def numbered(pairs: Sequence[tuple[str, str]]) -> list[Row]:
    return [Row(number, email, percent) for number, (email, percent) in enumerate(pairs, 1)]


def parties_in(rows: Sequence[Row]) -> list[NewParty]:
    """Raises InvalidInputError with a sentence for the creator."""
    return [NewParty(_address(row), _bps(row)) for row in rows if row.email or row.percent]


def begin_of(sent: QueryDict, at: datetime) -> datetime:
    """The begin of the day that was chosen, UTC; `at` where none was. Raises InvalidInputError."""
    text = sent.get("from_day", "")
    try:
        return max(datetime.combine(date.fromisoformat(text), time.min, UTC), at) if text else at
    except ValueError as error:
        raise InvalidInputError(_("That is not a day.")) from error


def _address(row: Row) -> str:
    try:
        validate_email(row.email)
    except ValidationError as error:
        raise InvalidInputError(_("“%(text)s” is not a mail address.") % {"text": row.email[:60]}) from error
    return row.email


def _bps(row: Row) -> int:
    try:
        bps = Decimal(row.percent.replace(",", ".").removesuffix("%").strip()) * BPS_A_PERCENT
        if bps == int(bps):
            return int(bps)
    except (InvalidOperation, ValueError, OverflowError):
        pass
    raise InvalidInputError(
        _("Write %(email)s's share in percent, with two digits after the point at most.") % {"email": row.email}
    )
