"""What a buyer sends from the till."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money, parse_money
from footlights.monetization.api import Choice, Offer, Source
from footlights.prices.api import Buyer
from footlights.taxes.api import Evidence, needs_region
from footlights.web.checkout.countries import countries
from footlights.web.checkout.regions import regions
from footlights.web.design.select import LongSelect


class ChoiceForm(forms.Form):
    """What the buyer may say before the total is known. Sent by GET while it is typed, and again with the purchase."""

    amount = forms.CharField(
        label=_("What you pay"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )

    country = forms.ChoiceField(
        label=_("Where you live"), required=False, choices=lambda: countries(get_language() or "en"), widget=LongSelect
    )

    region = forms.CharField(label=_("Province or territory"), required=False, max_length=3, widget=forms.Select)

    coupon = forms.CharField(
        label=_("Coupon"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, offer: Offer, address_country: str = "", currency: str = "") -> None:
        super().__init__(data)
        self.offer, self.address_country, self.currency = offer, address_country, currency
        said = str(self.data.get("country", ""))[:2]
        self.regions = regions(said or address_country)
        self.fields["region"].widget.choices = self.regions

    def clean_region(self) -> str:
        """One of another country than the one that is chosen now says nothing."""
        sent = str(self.cleaned_data["region"])
        return sent if sent in dict(self.regions) else ""

    @property
    def asks_region(self) -> bool:
        return bool(self.errors.get("region")) or (self.is_valid() and needs_region(self.where, now()))

    def require_region(self) -> None:
        """Whoever buys where the tax depends on it says their province."""
        if self.asks_region and not self.cleaned_data.get("region"):
            self.add_error("region", now_("Say where you live: the tax depends on it."))

    def clean_amount(self) -> Money | None:
        typed = self.cleaned_data["amount"]
        if self.offer.floor is None or not typed.strip():
            return None
        try:
            return parse_money(typed, self.offer.price.currency, locale=get_language() or "en")
        except InvalidInputError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def where(self) -> str:
        """The country the tax is worked out for, as far as it is known."""
        return self.choice().country or ""

    @property
    def buyer(self) -> Buyer:
        """Who asks, as far as what was typed is right."""
        return self.choice().buyer if self.is_valid() else Buyer(self.address_country, self.currency)

    def choice(self) -> Choice:
        return Choice(
            evidence=Evidence(address=self.address_country, billing=self.cleaned_data.get("country", "")),
            amount=self.cleaned_data.get("amount"),
            coupon=self.cleaned_data.get("coupon", ""),
            currency=self.currency,
            region=self.cleaned_data.get("region", ""),
        )


class PurchaseForm(forms.Form):
    """One click on “Pay”. The key makes a second click, and a repeated one, the same purchase."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    total = forms.CharField(widget=forms.HiddenInput, max_length=24)  # what the page said it costs
    promised = forms.CharField(widget=forms.HiddenInput, max_length=24, required=False)  # and what it said one gets
    # How they came to the title, which their browser remembers as long as its tab; see islands/arrival.ts.
    source = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8)

    def __init__(self, *args: Any, title_id: uuid.UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].widget.attrs = {"data-island": "source", "data-title": str(title_id)}

    def clean_source(self) -> Source:
        told = self.cleaned_data["source"]
        return Source(told) if told in set(Source) else Source.DIRECT

    def clean_total(self) -> Money:
        return read_total(self.cleaned_data["total"])


def read_total(sent: str) -> Money:
    """What `total_for_form` wrote. Raises ValidationError."""
    amount, _space, currency = sent.partition(" ")
    try:
        return Money(int(amount), currency)
    except (ValueError, InvalidInputError) as error:
        raise forms.ValidationError(now_("Load the page again.")) from error


def total_for_form(total: Money) -> str:
    return f"{total.amount_minor} {total.currency}"
