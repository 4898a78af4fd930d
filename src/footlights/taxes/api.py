"""The door of taxes: what of a price is tax, and where the service pays it."""

from footlights.taxes.errors import AlreadyRegisteredError, TaxesError
from footlights.taxes.operations.registrations import end_registration, register
from footlights.taxes.policies import tax_returned
from footlights.taxes.queries import list_registrations, quote_tax
from footlights.taxes.records import Rate, Registration, TaxQuote
from footlights.taxes.tables import EU, all_rates, areas

__all__ = [
    "EU",
    "AlreadyRegisteredError",
    "Rate",
    "Registration",
    "TaxQuote",
    "TaxesError",
    "all_rates",
    "areas",
    "end_registration",
    "list_registrations",
    "quote_tax",
    "register",
    "tax_returned",
]
