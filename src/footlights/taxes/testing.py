"""Registrations for tests, of this context and of others."""

from datetime import date

from footlights.taxes.models import RegistrationRow
from footlights.taxes.queries import forget_registrations
from footlights.taxes.records import Registration


def make_registration(area: str = "EU", *, since: date = date(2020, 1, 1), until: date | None = None) -> Registration:
    """The service pays taxes in `area`."""
    row = RegistrationRow.objects.create(area=area, number="", since=since, until=until)
    forget_registrations()
    return row.to_record()
