"""The door of taxes: what of a price is tax, and where the service pays it."""

from footlights.taxes.adapters.stripe_tax import Filed, FilingRefusedError, NewFiling, StripeTax, TaxSilentError
from footlights.taxes.errors import AlreadyRegisteredError, TaxesError
from footlights.taxes.known_rates import list_known_rates
from footlights.taxes.numbers import NUMBER_LENGTH_MAX, country_of_number, is_of_union, tidy_number
from footlights.taxes.operations.check_number import check_number
from footlights.taxes.operations.learn_rate import learn_rate
from footlights.taxes.operations.note_evidence import note_evidence
from footlights.taxes.operations.note_reverse_charge import note_reverse_charge
from footlights.taxes.operations.registrations import end_registration, register
from footlights.taxes.policies import decide_country, part_of, tax_returned
from footlights.taxes.queries import (
    asks_where,
    find_evidence,
    find_reverse_charge,
    knows_rate,
    list_conflicting_evidence,
    list_registrations,
    needs_postcode,
    needs_region,
    quote_tax,
    takes_number,
)
from footlights.taxes.records import (
    Answer,
    Evidence,
    KeptEvidence,
    KnownRate,
    NumberCheck,
    Rate,
    Registration,
    ReverseCharge,
    TaxQuote,
    Whereabouts,
)
from footlights.taxes.tables import EU, all_rates, areas

__all__ = [
    "EU",
    "NUMBER_LENGTH_MAX",
    "AlreadyRegisteredError",
    "Answer",
    "Evidence",
    "Filed",
    "FilingRefusedError",
    "KeptEvidence",
    "KnownRate",
    "NewFiling",
    "NumberCheck",
    "Rate",
    "Registration",
    "ReverseCharge",
    "StripeTax",
    "TaxQuote",
    "TaxSilentError",
    "TaxesError",
    "Whereabouts",
    "all_rates",
    "areas",
    "asks_where",
    "check_number",
    "country_of_number",
    "decide_country",
    "end_registration",
    "find_evidence",
    "find_reverse_charge",
    "is_of_union",
    "knows_rate",
    "learn_rate",
    "list_conflicting_evidence",
    "list_known_rates",
    "list_registrations",
    "needs_postcode",
    "needs_region",
    "note_evidence",
    "note_reverse_charge",
    "part_of",
    "quote_tax",
    "register",
    "takes_number",
    "tax_returned",
    "tidy_number",
]
