"""The door of taxes: what of a price is tax, and where the service pays it."""

from footlights.taxes.errors import AlreadyRegisteredError, TaxesError
from footlights.taxes.operations.note_evidence import note_evidence
from footlights.taxes.operations.registrations import end_registration, register
from footlights.taxes.policies import decide_country, part_of, tax_returned
from footlights.taxes.queries import (
    find_evidence,
    list_conflicting_evidence,
    list_registrations,
    needs_region,
    quote_tax,
)
from footlights.taxes.records import Evidence, KeptEvidence, Rate, Registration, TaxQuote, Whereabouts
from footlights.taxes.tables import EU, all_rates, areas

__all__ = [
    "EU",
    "AlreadyRegisteredError",
    "Evidence",
    "KeptEvidence",
    "Rate",
    "Registration",
    "TaxQuote",
    "TaxesError",
    "Whereabouts",
    "all_rates",
    "areas",
    "decide_country",
    "end_registration",
    "find_evidence",
    "list_conflicting_evidence",
    "list_registrations",
    "needs_region",
    "note_evidence",
    "part_of",
    "quote_tax",
    "register",
    "tax_returned",
]
