"""What a buyer sends from the till."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money, parse_money
from footlights.monetization.api import Choice, Offer, Source
from footlights.prices.api import Buyer
from footlights.web.checkout.where import WhereForm
from footlights.web.whereabouts import currency_chosen


class ChoiceForm(WhereForm):
    """What the buyer may say before the total is known. Sent by GET while it is typed, and again with the purchase."""

    amount = forms.CharField(
        label=_("What you pay"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )

    coupon = forms.CharField(
        label=_("Coupon"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, request: HttpRequest, offer: Offer) -> None:
        super().__init__(data, request=request)
        self.offer, self.currency = offer, currency_chosen(request)

    def clean_amount(self) -> Money | None:
        typed = self.cleaned_data["amount"]
        if self.offer.floor is None or not typed.strip():
            return None
        try:
            return parse_money(typed, self.offer.price.currency, locale=get_language() or "en")
        except InvalidInputError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def buyer(self) -> Buyer:
        """Who asks, as far as what was typed is right."""
        return self.choice().buyer if self.is_valid() else Buyer(self.address_country, self.currency)

    def choice(self) -> Choice:
        return Choice(
            evidence=self.evidence,
            amount=self.cleaned_data.get("amount"),
            coupon=self.cleaned_data.get("coupon", ""),
            currency=self.currency,
            region=self.cleaned_data.get("region", ""),
            business_number=self.cleaned_data.get("business_number", ""),
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
