"""Registrations for tests, of this context and of others."""

from datetime import date

from footlights.taxes.models import RegistrationRow
from footlights.taxes.queries import forget_registrations
from footlights.taxes.records import Registration


def make_registration(area: str = "EU", *, since: date = date(2020, 1, 1), until: date | None = None) -> Registration:
    """The service pays taxes in `area`; said twice, it does so once."""
    row, _is_new = RegistrationRow.objects.get_or_create(area=area, until=until, defaults={"since": since})
    forget_registrations()
    return row.to_record()
