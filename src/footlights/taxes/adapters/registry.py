"""Which calculator works: settings.TAX_CALCULATOR."""

from django.conf import settings

from footlights.taxes.adapters.calculator import Tables, TaxCalculator

CALCULATORS: dict[str, type[TaxCalculator]] = {"tables": Tables}


def calculator() -> TaxCalculator:
    return CALCULATORS[settings.TAX_CALCULATOR]()
