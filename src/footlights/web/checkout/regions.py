"""Provinces where a tax depends on them: ISO 3166-2 codes without the country's, by name."""

from typing import Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, dict[str, Any]] = {
    "CA": {
        "AB": _("Alberta"),
        "BC": _("British Columbia"),
        "MB": _("Manitoba"),
        "NB": _("New Brunswick"),
        "NL": _("Newfoundland and Labrador"),
        "NT": _("Northwest Territories"),
        "NS": _("Nova Scotia"),
        "NU": _("Nunavut"),
        "ON": _("Ontario"),
        "PE": _("Prince Edward Island"),
        "QC": _("Québec"),
        "SK": _("Saskatchewan"),
        "YT": _("Yukon"),
    }
}


def regions(country: str) -> list[tuple[str, Any]]:
    """For a form, with a first line for whoever has not said yet; none where the country is all one needs."""
    names = NAMES.get(country, {})
    return [("", now_("Choose")), *sorted(names.items(), key=lambda each: str(each[1]))] if names else []
