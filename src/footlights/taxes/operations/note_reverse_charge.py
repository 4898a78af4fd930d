"""Keep why a sale bore no tax."""

from datetime import datetime

from footlights.taxes.models import ReverseChargeRow
from footlights.taxes.queries import counting_check, own_number_for


def note_reverse_charge(*, reference: str, number: str, country: str, at: datetime) -> None:
    """Bind a sale ("purchase:<id>") that was quoted so to the check that counted. Joins the caller's transaction.

    Safe to repeat: what was kept first stays.
    """
    check = counting_check(number, country, at)
    assert check is not None  # noqa: S101  the quote of this moment counted on it
    own_number = own_number_for(check.country, at)
    ReverseChargeRow.objects.get_or_create(
        reference=reference, defaults={"check_made_id": check.id, "own_number": own_number}
    )
