"""Which calculator works: settings.TAX_CALCULATOR; and which register of numbers is asked: settings.VAT_REGISTER."""

from collections.abc import Callable

from django.conf import settings

from footlights.taxes.adapters.calculator import Tables, TaxCalculator
from footlights.taxes.adapters.learned import Learned
from footlights.taxes.adapters.vies import Register, Vies
from footlights.taxes.known_rates import find_known_rate
from footlights.taxes.numbers import is_of_union

BY_TABLES, BY_STRIPE = "tables", "stripe"
CALCULATORS: dict[str, Callable[[], TaxCalculator]] = {
    BY_TABLES: Tables,
    BY_STRIPE: lambda: Learned(find_known_rate),
}
REGISTERS: dict[str, type[Register]] = {"vies": Vies}


def calculator() -> TaxCalculator:
    return CALCULATORS[settings.TAX_CALCULATOR]()


def register_for(country: str) -> Register | None:
    """The register that knows that country's numbers, where the operator lets it be asked."""
    return REGISTERS[settings.VAT_REGISTER]() if settings.VAT_REGISTER and is_of_union(country) else None
