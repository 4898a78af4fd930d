"""A currency to sell in: everywhere, or in one country alone for another part of the price."""

from typing import Any

from babel.numbers import get_currency_name
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.prices.api import WHOLE_BPS, Market, currency_of
from footlights.web.checkout.countries import names_of
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import currency_choices


def _currencies() -> list[tuple[str, Any]]:
    return [("", now_("Choose")), *currency_choices()]


class MarketForm(forms.Form):
    currency = forms.ChoiceField(label=_("Currency"), required=False, widget=LongSelect, choices=_currencies)
    country = forms.ChoiceField(
        label=_("Only in one country"),
        required=False,
        widget=LongSelect,
        choices=lambda: [("", now_("Everywhere")), *names_of(get_language() or "en").items()],
    )
    percent = forms.DecimalField(
        label=_("How much of your own price"),
        required=False,
        min_value=1,
        max_value=500,
        max_digits=5,
        decimal_places=2,
        help_text=_("In per cent. Less than 100 where people earn less; the prices are proposed from it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("currency") and not cleaned.get("country"):
            self.add_error("currency", now_("Choose a currency, or a country."))
        return cleaned

    def market(self) -> Market:
        country, percent = self.cleaned_data["country"], self.cleaned_data["percent"]
        currency = self.cleaned_data["currency"] or currency_of(country)
        return Market(currency, country, WHOLE_BPS if percent is None else int(percent * 100))


def code_of(market: Market) -> str:
    """What a market is called in an address: USD, INR-IN."""
    return "-".join(filter(None, [market.currency, market.country]))


def words_of(market: Market) -> str:
    """What it is called on a page: US dollars, Indian rupees in India."""
    reader = get_language() or "en"
    name = str(get_currency_name(market.currency, count=2, locale=reader.replace("-", "_")))
    if not market.country:
        return name
    country = names_of(reader).get(market.country, market.country)
    return now_("%(currency)s in %(country)s") % {"currency": name, "country": country}
