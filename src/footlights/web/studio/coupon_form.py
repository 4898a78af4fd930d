"""A coupon, as its creator says it."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.catalog.api import Title
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import parse_money
from footlights.monetization.api import NewCoupon
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import MomentField, currency_choices

WHOLE_PERCENT = 100


class CouponForm(forms.Form):
    """One code that many may use, or a batch of which each works once; a percentage or an amount off."""

    name = forms.CharField(label=_("What it is for"), max_length=60, help_text=_("Only you see this."))
    kind = forms.ChoiceField(
        label=_("What it takes off"),
        choices=[("percent", _("Percent")), ("amount", _("An amount")), ("free", _("Everything"))],
        initial="percent",
        widget=forms.RadioSelect,
    )
    percent = forms.IntegerField(label=_("Percent"), required=False, min_value=1, max_value=WHOLE_PERCENT, initial=20)
    amount = forms.CharField(
        label=_("Amount"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, widget=LongSelect)
    codes = forms.ChoiceField(
        label=_("Codes"),
        choices=[("one", _("One for many")), ("batch", _("Many, each good once"))],
        initial="one",
        widget=forms.RadioSelect,
    )
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=40,
        help_text=_("What people type, such as SPRING."),
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )
    batch = forms.IntegerField(label=_("How many codes"), required=False, min_value=1, max_value=1000)
    title = forms.ChoiceField(label=_("For"), required=False, widget=LongSelect)
    starts_at = MomentField(label=_("From"), required=False, help_text=_("Empty: at once"))
    ends_at = MomentField(label=_("Until"), required=False, help_text=_("Empty: until you end it"))
    uses_max = forms.IntegerField(
        label=_("How often in all"), required=False, min_value=1, max_value=1_000_000, help_text=_("Empty: no limit")
    )
    per_person_max = forms.IntegerField(label=_("How often each person"), min_value=1, max_value=100, initial=1)
    first_purchase_only = forms.BooleanField(label=_("Only for a first purchase here"), required=False)

    def __init__(self, *args: Any, titles: list[Title], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["title"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [("", now_("Everything you sell")), *((str(title.id), title.name) for title in titles)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == "amount":
            try:
                cleaned["money"] = parse_money(
                    cleaned.get("amount") or "", cleaned.get("currency", ""), locale=get_language() or "en"
                )
            except InvalidInputError as error:
                self.add_error("amount", str(error))
        if cleaned.get("kind") == "percent" and not cleaned.get("percent") and "percent" not in self.errors:
            self.add_error("percent", now_("Say how many percent."))
        return cleaned

    def new(self) -> NewCoupon:
        sent = self.cleaned_data
        percent = {"percent": sent.get("percent"), "free": WHOLE_PERCENT}.get(sent["kind"])
        is_batch = sent["codes"] == "batch"
        return NewCoupon(
            name=sent["name"],
            percent_bps=percent * 100 if percent else None,
            amount=sent.get("money"),
            title_id=UUID(sent["title"]) if sent["title"] else None,
            starts_at=sent["starts_at"],
            ends_at=sent["ends_at"],
            code="" if is_batch else sent["code"],
            batch=(sent["batch"] or 0) if is_batch else 0,
            uses_max=sent["uses_max"],
            per_person_max=sent["per_person_max"],
            first_purchase_only=sent["first_purchase_only"],
        )
