"""The form of one of a channel's memberships."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money, parse_money
from footlights.subscriptions.api import Interval, NewTerms, Plan
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import currency_choices
from footlights.web.studio.price_form import plain_amount

AMOUNT = {"inputmode": "decimal", "autocomplete": "off"}


class PlanForm(forms.Form):
    """A name, what members get, what it costs; and how it may begin."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Such as Friends, or Front row."))
    words = forms.CharField(
        label=_("What members get"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One or two sentences. Films for members are part of it by themselves."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, widget=LongSelect)
    month = forms.CharField(label=_("Each month"), required=False, max_length=20, widget=forms.TextInput(AMOUNT))
    year = forms.CharField(label=_("Each year"), required=False, max_length=20, widget=forms.TextInput(AMOUNT))
    trial_days = forms.IntegerField(
        label=_("Free days at the start"),
        required=False,
        min_value=0,
        max_value=90,
        help_text=_("They put in a card and pay nothing until those days are over."),
    )
    intro = forms.CharField(
        label=_("First price"),
        required=False,
        max_length=20,
        widget=forms.TextInput(AMOUNT),
        help_text=_("Each month costs only this at first."),
    )
    intro_periods = forms.IntegerField(label=_("For how many months"), required=False, min_value=1, max_value=12)

    @classmethod
    def of(cls, plan: Plan | None, *, currency: str) -> "PlanForm":
        if plan is None:
            return cls(initial={"currency": currency})
        by_interval = {terms.interval: terms for terms in plan.terms}
        month, year = by_interval.get(Interval.MONTH), by_interval.get(Interval.YEAR)
        first = month or year
        return cls(
            initial={
                "name": plan.name,
                "words": plan.words,
                "currency": first.price.currency if first else currency,
                "month": plain_amount(month.price if month else None),
                "year": plain_amount(year.price if year else None),
                "trial_days": (first.trial_days or None) if first else None,
                "intro": plain_amount(month.intro_price if month else None),
                "intro_periods": (month.intro_periods or None) if month else None,
            }
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "currency" not in cleaned:
            return cleaned
        month, year, intro = (self._price(name) for name in ("month", "year", "intro"))
        if not self.errors and month is None and year is None:
            raise forms.ValidationError(now_("Say what it costs a month, a year, or both."))
        trial = cleaned.get("trial_days") or 0
        cleaned["terms"] = [
            *([NewTerms(Interval.MONTH, month, trial, intro, cleaned.get("intro_periods") or 0)] if month else []),
            *([NewTerms(Interval.YEAR, year, trial)] if year else []),
        ]
        return cleaned

    def _price(self, name: str) -> Money | None:
        if not self.cleaned_data.get(name):
            return None
        try:
            price = parse_money(self.cleaned_data[name], self.cleaned_data["currency"], locale=get_language() or "en")
        except InvalidInputError as error:
            self.add_error(name, str(error))
            return None
        if not price:
            self.add_error(name, now_("A price is above zero. Leave it empty to offer none."))
        return price
