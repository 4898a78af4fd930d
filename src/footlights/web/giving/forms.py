"""What a giver sends."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.giving.api import (
    GIFT_MESSAGE_LENGTH_MAX,
    MESSAGE_LENGTH_MAX,
    SENDER_LENGTH_MAX,
    NewGift,
    NewTip,
    TipLimits,
)
from footlights.kernel.errors import FootlightsError, InvalidInputError
from footlights.kernel.money import Money, parse_money
from footlights.payments.api import Method
from footlights.web.checkout.forms import read_total
from footlights.web.studio.forms import MomentField

OTHER = "other"
CHOSEN_FIRST = 1  # the second smallest: the smallest looks mean, the largest greedy


class TipForm(forms.Form):
    """One click on “Give”. The key makes a second click, and a repeated one, the same tip."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    currency = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)  # of the amounts on the page
    amount = forms.ChoiceField(label=_("How much"), widget=forms.RadioSelect)
    other = forms.CharField(
        label=_("Another amount"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    message = forms.CharField(
        label=_("A word with it"),
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": MESSAGE_LENGTH_MAX}),
    )
    is_anonymous = forms.BooleanField(label=_("Without my name"), required=False)
    method = forms.ChoiceField(label=_("Pay with"), required=False, widget=forms.RadioSelect)

    def __init__(
        self, data: Any = None, *, limits: TipLimits, methods: Sequence[Method] = (), is_question: bool = False
    ) -> None:
        super().__init__(data)
        if is_question:
            self.fields["message"].label = _("Your question")
            self.fields["message"].required = True
        self._limits = limits
        self.currency_code = limits.least.currency
        self.fields["currency"].initial = self.currency_code
        language = get_language() or "en"
        fixed = [(str(each.amount_minor), each.format(language)) for each in limits.suggested]
        amount, method = self.fields["amount"], self.fields["method"]
        assert isinstance(amount, forms.ChoiceField)  # noqa: S101  as declared above
        assert isinstance(method, forms.ChoiceField)  # noqa: S101  as declared above
        amount.choices = [*fixed, (OTHER, now_("Other"))]
        amount.initial = fixed[min(CHOSEN_FIRST, len(fixed) - 1)][0]
        kept = [(str(each.id), each.label) for each in methods]
        method.choices = [*kept, ("", now_("Another way"))] if kept else [("", "")]
        method.initial = method.choices[0][0]

    @property
    def range_words(self) -> str:
        language = get_language() or "en"
        least, most = self._limits.least.format(language), self._limits.most.format(language)
        return now_("From %(least)s to %(most)s.") % {"least": least, "most": most}

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        currency = self.currency_code
        chosen = sent.get("amount", "")
        if chosen == OTHER:
            try:
                sent["money"] = parse_money(sent.get("other", ""), currency, locale=get_language() or "en")
            except InvalidInputError as error:
                self.add_error("other", str(error))
        elif chosen:
            sent["money"] = Money(int(chosen), currency)
        return sent

    @property
    def method_id(self) -> uuid.UUID | None:
        chosen = self.cleaned_data["method"]
        return uuid.UUID(chosen) if chosen else None

    def new_tip(self, *, channel_id: uuid.UUID, title_id: uuid.UUID | None, about: str = "") -> NewTip:
        sent = self.cleaned_data
        return NewTip(
            channel_id=channel_id,
            title_id=title_id,
            amount=sent["money"],
            message=sent["message"],
            is_anonymous=sent["is_anonymous"],
            about=about,
        )

    def blame(self, error: FootlightsError) -> None:
        """Show a context's error at the field it names, or above the form."""
        field = getattr(error, "field", None)
        at = OTHER if field == "amount" else field
        self.add_error(at if at in self.fields else None, str(error))


class GiftForm(forms.Form):
    """One click on “Pay”. The key makes a second click, and a repeated one, the same gift."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    total = forms.CharField(widget=forms.HiddenInput, max_length=24)  # what the page said it costs
    how = forms.ChoiceField(label=_("How it gets there"), widget=forms.RadioSelect)
    recipient = forms.EmailField(
        label=_("Their e-mail address"), required=False, widget=forms.EmailInput({"autocomplete": "off"})
    )
    send_at = MomentField(label=_("When"), required=False, help_text=_("Leave it empty to send it at once."))
    sender = forms.CharField(label=_("From"), required=False, max_length=SENDER_LENGTH_MAX)
    message = forms.CharField(
        label=_("A word with it"),
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": GIFT_MESSAGE_LENGTH_MAX}),
    )

    def __init__(self, *args: Any, begins_at: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begins_at = begins_at
        how = self.fields["how"]
        assert isinstance(how, forms.ChoiceField)  # noqa: S101  as declared above
        ways = [("mail", _("We mail it")), ("hand", _("I hand it over"))]
        how.choices = ways if settings.MAILS_ARRIVE else ways[1:]  # no mail is promised that would not arrive
        how.initial = how.choices[0][0]

    def clean_total(self) -> Money:
        return read_total(self.cleaned_data["total"])

    def clean_send_at(self) -> datetime | None:
        """A ticket is of no use after its broadcast."""
        send_at: datetime | None = self.cleaned_data["send_at"]
        if send_at and self._begins_at and send_at > self._begins_at:
            raise forms.ValidationError(now_("The broadcast begins before that. Choose an earlier moment."))
        return send_at

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        if sent.get("how") == "mail" and not sent.get("recipient") and "recipient" not in self.errors:
            self.add_error("recipient", now_("Type their address, or hand it over yourself."))
        return sent

    def new_gift(self, offer_id: uuid.UUID) -> NewGift:
        sent, is_mailed = self.cleaned_data, self.cleaned_data["how"] == "mail"
        return NewGift(
            offer_id=offer_id,
            recipient=sent["recipient"] if is_mailed else "",
            send_at=sent["send_at"] if is_mailed else None,
            sender=sent["sender"],
            message=sent["message"],
        )

    def blame(self, error: FootlightsError) -> None:
        """Show a context's error at the field it names, or above the form."""
        field = getattr(error, "field", None)
        self.add_error(field if field in self.fields else None, str(error))


class SendForm(forms.Form):
    """Send a gift now."""

    recipient = forms.EmailField(label=_("Their e-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )
