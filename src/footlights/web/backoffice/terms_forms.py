"""The forms of the platform's terms: they read what was typed and say which terms it changes, from when on."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.catalog.api import get_channel_by_handle
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import exponent_of, parse_money
from footlights.terms.api import DisputeAccess, NewTerm, PassSharing, PayoutSchedule, SaleKind, Term

KINDS: list[tuple[str, Any]] = [
    (SaleKind.BUY, _("Buying")),
    (SaleKind.RENT, _("Renting")),
    (SaleKind.SUBSCRIPTION, _("Subscriptions")),
    (SaleKind.TIP, _("Tips")),
    (SaleKind.GIFT, _("Gifts")),
    (SaleKind.TICKET, _("Tickets")),
    (SaleKind.PASS, _("Passes")),
]
SCHEDULES: list[tuple[int, Any]] = [
    (PayoutSchedule.ON_DEMAND, _("Only when they ask")),
    (PayoutSchedule.DAILY, _("Every day")),
    (PayoutSchedule.WEEKLY, _("Every week")),
    (PayoutSchedule.MONTHLY, _("Every month")),
]
DISPUTED: list[tuple[int, Any]] = [
    (DisputeAccess.HOLD, _("Waits until the bank has decided")),
    (DisputeAccess.KEEP, _("Stays theirs until the bank has decided")),
]
SHARINGS: list[tuple[int, Any]] = [
    (PassSharing.BY_SUBSCRIBER, _("What each pays goes to what they watch")),
    (PassSharing.POOLED, _("What all pay goes to what all watch")),
]
BPS_A_PERCENT = 100


class TermsForm(forms.Form):
    """Each kind of terms says by `changes` what was typed."""

    from_day = forms.DateField(
        label=_("From which day on"),
        required=False,
        help_text=_("Left empty: from now on. A day begins at midnight, UTC."),
        widget=forms.DateInput({"type": "date"}),
    )

    def from_at(self, at: datetime) -> datetime:
        day = self.cleaned_data["from_day"]
        return datetime.combine(day, time.min, UTC) if day else at

    def changes(self) -> list[NewTerm]:
        """What was typed, as terms; empty fields take a decision back. Raises InvalidInputError."""
        raise NotImplementedError


class FeeForm(TermsForm):
    kind = forms.TypedChoiceField(label=_("What is sold"), choices=KINDS, coerce=SaleKind)
    percent = forms.DecimalField(
        label=_("The platform's share, in percent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("Of the price without tax. Left empty: what held before anybody decided."),
    )
    channel = forms.CharField(
        label=_("Only for this channel"),
        required=False,
        max_length=31,
        help_text=_("Its @address. Left empty: for all."),
    )

    field_order = ("kind", "percent", "channel", "from_day")

    def changes(self) -> list[NewTerm]:
        channel_id, percent = _channel_named(self.cleaned_data["channel"]), self.cleaned_data["percent"]
        value = None if percent is None else int(percent * BPS_A_PERCENT)
        return [NewTerm(term=Term.FEE_BPS, value=value, kind=self.cleaned_data["kind"], channel_id=channel_id)]


class CurrencyForm(TermsForm):
    currency = forms.CharField(
        label=_("Currency"), min_length=3, max_length=3, widget=forms.TextInput({"autocapitalize": "characters"})
    )

    def money(self, name: str) -> int | None:
        """Minor units of what was typed in a field, in the form's currency. Raises InvalidInputError."""
        text = self.cleaned_data[name]
        return parse_money(text, self.code()).amount_minor if text else None

    def code(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        exponent_of(currency)
        return currency


class LimitsForm(CurrencyForm):
    kind = forms.TypedChoiceField(label=_("What is sold"), choices=KINDS, coerce=SaleKind)
    lowest = forms.CharField(label=_("Lowest price"), required=False, max_length=40)
    highest = forms.CharField(label=_("Highest price"), required=False, max_length=40)

    field_order = ("kind", "currency", "lowest", "highest", "from_day")

    def changes(self) -> list[NewTerm]:
        kind, currency = self.cleaned_data["kind"], self.code()
        return [
            NewTerm(term=term, value=self.money(name), kind=kind, currency=currency)
            for term, name in ((Term.PRICE_FLOOR_MINOR, "lowest"), (Term.PRICE_CEILING_MINOR, "highest"))
        ]


class PayoutsForm(TermsForm):
    schedule = forms.TypedChoiceField(label=_("Creators are paid"), choices=SCHEDULES, coerce=int)
    hold_days = forms.IntegerField(
        label=_("Days an earning waits first"),
        min_value=0,
        max_value=180,
        help_text=_("Time in which buyers change their minds, and banks theirs."),
    )

    field_order = ("schedule", "hold_days", "from_day")

    def changes(self) -> list[NewTerm]:
        return [
            NewTerm(term=Term.PAYOUT_SCHEDULE, value=self.cleaned_data["schedule"]),
            NewTerm(term=Term.PAYOUT_HOLD_DAYS, value=self.cleaned_data["hold_days"]),
        ]


class ReserveForm(TermsForm):
    percent = forms.DecimalField(
        label=_("Stays in reserve, in percent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("Of what was earned. Left empty: what held before anybody decided."),
    )
    days = forms.IntegerField(
        label=_("For so many days after it was earned"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=_("Each earning's part goes free by itself when its own days are over."),
    )
    channel = forms.CharField(
        label=_("Only for this channel"),
        required=False,
        max_length=31,
        help_text=_("Its @address. Left empty: for all."),
    )

    field_order = ("percent", "days", "channel", "from_day")

    def changes(self) -> list[NewTerm]:
        channel_id, percent = _channel_named(self.cleaned_data["channel"]), self.cleaned_data["percent"]
        bps = None if percent is None else int(percent * BPS_A_PERCENT)
        return [
            NewTerm(term=term, value=value, channel_id=channel_id)
            for term, value in ((Term.RESERVE_BPS, bps), (Term.RESERVE_DAYS, self.cleaned_data["days"]))
        ]


class AmountsForm(CurrencyForm):
    minimum = forms.CharField(label=_("Least that is paid out"), required=False, max_length=40)
    approval = forms.CharField(
        label=_("From here on a second person approves"),
        required=False,
        max_length=40,
        help_text=_("Left empty: nobody is asked."),
    )

    field_order = ("currency", "minimum", "approval", "from_day")

    def changes(self) -> list[NewTerm]:
        return [
            NewTerm(term=term, value=self.money(name), currency=self.code())
            for term, name in ((Term.PAYOUT_MINIMUM_MINOR, "minimum"), (Term.PAYOUT_APPROVAL_MINOR, "approval"))
        ]


class PassForm(TermsForm):
    how = forms.TypedChoiceField(
        label=_("What was paid for the pass is shared"),
        choices=SHARINGS,
        coerce=int,
        help_text=_("After the platform's share, by the minutes watched in each month. Viewers and creators read it."),
    )

    field_order = ("how", "from_day")

    def changes(self) -> list[NewTerm]:
        return [NewTerm(term=Term.PASS_SHARING, value=self.cleaned_data["how"])]


class RefundsForm(TermsForm):
    within_days = forms.IntegerField(
        label=_("Buyers may take it back for so many days"),
        min_value=0,
        max_value=365,
        help_text=_("0: only you give back."),
    )
    watched_percent = forms.IntegerField(
        label=_("As long as they watched less than, in percent"), min_value=0, max_value=100
    )

    field_order = ("within_days", "watched_percent", "from_day")

    def changes(self) -> list[NewTerm]:
        return [
            NewTerm(term=Term.REFUND_WITHIN_DAYS, value=self.cleaned_data["within_days"]),
            NewTerm(term=Term.REFUND_WATCHED_PERCENT, value=self.cleaned_data["watched_percent"]),
        ]


class SellersForm(TermsForm):
    days = forms.IntegerField(
        label=_("Days until money waits for an answer"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=_(
            "After we first asked somebody who earns for their tax details, and reminded them twice. The European "
            "Union's law says 60 or more. 0: their money never waits. Left empty: what held before anybody decided."
        ),
    )

    field_order = ("days", "from_day")

    def changes(self) -> list[NewTerm]:
        return [NewTerm(term=Term.SELLER_HOLD_DAYS, value=self.cleaned_data["days"])]


class DisputesForm(TermsForm):
    access = forms.TypedChoiceField(
        label=_("What somebody asks their bank to take the money back for"),
        choices=DISPUTED,
        coerce=int,
        help_text=_("Whoever it waits for is told why. Won, it is theirs again; lost, it is taken."),
    )

    field_order = ("access", "from_day")

    def changes(self) -> list[NewTerm]:
        return [NewTerm(term=Term.DISPUTE_ACCESS, value=self.cleaned_data["access"])]


def _channel_named(typed: str) -> UUID | None:
    """The channel with this @address; None where nothing was typed. Raises InvalidInputError."""
    handle = typed.strip().removeprefix("@")
    try:
        return get_channel_by_handle(handle).id if handle else None
    except NotFoundError as error:
        raise InvalidInputError(now_("There is no channel with this address."), field="channel") from error


FORMS: dict[str, type[TermsForm]] = {
    "pass": PassForm,
    "fees": FeeForm,
    "limits": LimitsForm,
    "payouts": PayoutsForm,
    "amounts": AmountsForm,
    "reserve": ReserveForm,
    "refunds": RefundsForm,
    "disputes": DisputesForm,
    "sellers": SellersForm,
}
