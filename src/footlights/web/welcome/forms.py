from babel.numbers import get_currency_name
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from footlights.kernel.money import currencies_paid_with
from footlights.web.design.select import LongSelect

FIRST_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "BRL")


def currency_choices() -> list[tuple[str, str]]:
    """The usual ones first, then every other currency one can pay with, by code."""
    reader = (get_language() or "en").replace("-", "_")
    codes = [*FIRST_CURRENCIES, *(code for code in currencies_paid_with() if code not in FIRST_CURRENCIES)]
    return [(code, f"{code} · {get_currency_name(code, locale=reader)}") for code in codes]


class ServiceForm(forms.Form):
    service_name = forms.CharField(
        label=_("Name of your service"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        help_text=_("What prices are proposed in. Each title can have another one."),
        choices=currency_choices,
        widget=LongSelect,
    )


class WelcomeForm(ServiceForm):
    display_name = forms.CharField(
        label=_("Your name"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 8 characters. A sentence is easy to remember and hard to guess."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": 8}),
    )
