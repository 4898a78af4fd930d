"""Numbers of businesses, as tax offices give them: their form, told without asking anybody. Pure.

A form that fits says that a number can exist, not that it does: that, its register says (adapters/vies.py).
"""

from collections.abc import Callable, Mapping

from stdnum.au import abn
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as gb_vat
from stdnum.in_ import gstin
from stdnum.no import mva
from stdnum.util import clean

from footlights.taxes.policies import SAME_TAXES_AS
from footlights.taxes.tables import EU, rates_by_place

NUMBER_LENGTH_MAX = 40
OTHER_PREFIXES = {"GR": "EL"}  # Directive 2006/112/EC art. 215
COUNTRIES = {"EL": "GR"}  # and back
FORMS: Mapping[str, Callable[[str], str]] = {
    "GB": lambda typed: "GB" + str(gb_vat.validate(typed)),
    "NO": lambda typed: str(mva.validate(typed)),
    "AU": lambda typed: str(abn.validate(typed)),
    "IN": lambda typed: str(gstin.validate(typed)),
}


def tidy_number(typed: str, country: str) -> str:
    """The number as its country writes it, without spaces; empty when no number there has that form."""
    place = SAME_TAXES_AS.get(country, country)
    try:
        if is_of_union(place):
            prefix = OTHER_PREFIXES.get(place, place)
            number = str(eu_vat.compact(typed if typed.strip().upper().startswith(prefix) else prefix + typed))
            return str(eu_vat.validate(number)) if number.startswith(prefix) else ""
        return FORMS[place](typed) if place in FORMS else ""
    except ValidationError:
        return ""


def asker_of(own_number: str) -> str:
    """The seller's own number as VIES wants it of who asks; empty for one it would not know (the One-Stop Shop's)."""
    country = country_of_number(own_number)
    return tidy_number(own_number, country) if country else ""


def country_of_number(typed: str) -> str:
    """The member of the Union that a VAT number names by its first letters; empty for any other number."""
    prefix = str(clean(typed, " -.")).strip().upper()[:2]
    country = COUNTRIES.get(prefix, prefix)
    return country if is_of_union(country) else ""


def is_of_union(country: str) -> bool:
    """Whether it is a member of the European Union, by the tables."""
    return any(rate.area == EU for rate in rates_by_place().get((country, ""), ()))
