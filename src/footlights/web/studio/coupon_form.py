"""A coupon, as its creator says it."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.catalog.api import Title
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money, parse_money
from footlights.monetization.api import PERIODS_MAX, Covers, NewCoupon
from footlights.subscriptions.api import Interval, Plan
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import MomentField, currency_choices

WHOLE_PERCENT = 100
MEMBERS, PLAN = "members", "plan:"  # what is chosen where it is no title: all memberships, or one


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
    lasts = forms.ChoiceField(
        label=_("How long"),
        choices=[("some", _("The first payments")), ("always", _("As long as they stay"))],
        initial="some",
        required=False,
        widget=forms.RadioSelect,
    )
    periods = forms.IntegerField(
        label=_("How many payments"), required=False, min_value=1, max_value=PERIODS_MAX, initial=3
    )
    interval = forms.ChoiceField(
        label=_("Of whom"),
        required=False,
        choices=[
            (Interval.MONTH, _("Who pays monthly")),
            (Interval.YEAR, _("Who pays yearly")),
            ("", _("Everybody")),
        ],
        initial=Interval.MONTH,
        widget=LongSelect,
    )
    starts_at = MomentField(label=_("From"), required=False, help_text=_("Empty: at once"))
    ends_at = MomentField(label=_("Until"), required=False, help_text=_("Empty: until you end it"))
    uses_max = forms.IntegerField(
        label=_("How often in all"), required=False, min_value=1, max_value=1_000_000, help_text=_("Empty: no limit")
    )
    per_person_max = forms.IntegerField(label=_("How often each person"), min_value=1, max_value=100, initial=1)
    first_purchase_only = forms.BooleanField(label=_("Only for a first purchase here"), required=False)

    def __init__(self, *args: Any, titles: list[Title], plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["title"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        members: list[tuple[str, str]] = [(MEMBERS, now_("All memberships"))] if plans else []
        members += [(f"{PLAN}{plan.id}", now_("Membership: %(name)s") % {"name": plan.name}) for plan in plans]
        field.choices = [
            ("", now_("Everything one buys or rents")),
            *members,
            *((str(title.id), title.name) for title in titles),
        ]

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
        if _is_of_members(cleaned.get("title", "")) and cleaned.get("lasts") != "always" and not cleaned.get("periods"):
            self.add_error("periods", now_("Say how many payments."))
        return cleaned

    def new(self) -> NewCoupon:
        return self.as_new()

    def as_new(self, *, most: Money | None = None) -> NewCoupon:
        sent = self.cleaned_data
        percent = {"percent": sent.get("percent"), "free": WHOLE_PERCENT}.get(sent["kind"])
        is_batch = sent["codes"] == "batch"
        return NewCoupon(
            name=sent["name"],
            percent_bps=percent * 100 if percent else None,
            amount=sent.get("money"),
            **_covered(sent),
            starts_at=sent["starts_at"],
            ends_at=sent["ends_at"],
            code="" if is_batch else sent["code"],
            batch=(sent["batch"] or 0) if is_batch else 0,
            uses_max=sent["uses_max"],
            per_person_max=sent["per_person_max"],
            first_purchase_only=sent["first_purchase_only"],
            most=most,
        )


def _is_of_members(chosen: str) -> bool:
    return chosen == MEMBERS or chosen.startswith(PLAN)


def _covered(sent: dict[str, Any]) -> dict[str, Any]:
    """What it is for: a title or all that is sold; a plan or all memberships, and how many of their payments."""
    chosen = sent["title"]
    if not _is_of_members(chosen):
        return {"title_id": UUID(chosen) if chosen else None}
    return {
        "covers": Covers.MEMBERSHIPS,
        "plan_id": UUID(chosen.removeprefix(PLAN)) if chosen != MEMBERS else None,
        "interval": sent["interval"],
        "periods": None if sent.get("lasts") == "always" else sent["periods"],
    }
