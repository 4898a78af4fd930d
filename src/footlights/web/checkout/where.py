"""Where a buyer is, as far as a tax depends on it, and the number of a business, which may owe it itself."""

import re
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.invoicing.api import find_buyer
from footlights.kernel.clock import now
from footlights.taxes.api import (
    NUMBER_LENGTH_MAX,
    Answer,
    Evidence,
    check_number,
    decide_country,
    knows_rate,
    learn_rate,
    needs_postcode,
    needs_region,
    takes_number,
)
from footlights.web.access import person_id_of
from footlights.web.checkout.countries import countries, names_of
from footlights.web.checkout.regions import regions
from footlights.web.design.select import LongSelect
from footlights.web.whereabouts import country_of_request

POSTCODE = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")  # of the United States; the four digits more say the street


class WhereForm(forms.Form):
    """Sent by GET while it is typed, and again with the purchase.

    A business's number is looked up here, before anything is quoted; whoever asks too often is taken for silence.
    """

    country = forms.ChoiceField(
        label=_("Where you live"), required=False, choices=lambda: countries(get_language() or "en"), widget=LongSelect
    )
    region = forms.CharField(label=_("Province or territory"), required=False, max_length=3, widget=forms.Select)
    postcode = forms.CharField(
        label=_("ZIP code"),
        required=False,
        max_length=10,
        help_text=_("The sales tax depends on it."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "postal-code", "spellcheck": "false"}),
    )
    business_number = forms.CharField(
        label=_("VAT or GST number"),
        required=False,
        max_length=NUMBER_LENGTH_MAX,
        help_text=_("Only if a business buys. It then accounts for the tax itself, and pays none here."),
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, request: HttpRequest, **more: Any) -> None:
        self.is_kept = data is not None and "business_number" not in data
        super().__init__(_with_kept_number(request, data) if self.is_kept else data, **more)
        self.request, self.address_country = request, country_of_request(request)
        self.regions = regions(str(self.data.get("country", ""))[:2] or self.address_country)
        self.fields["region"].widget.choices = self.regions
        self.number_words = ""

    def clean_region(self) -> str:
        """One of another country than the one that is chosen now says nothing."""
        sent = str(self.cleaned_data["region"])
        return sent if sent in dict(self.regions) else ""

    def clean_postcode(self) -> str:
        """Its five digits, in the United States where the tax depends on them: else nothing."""
        typed = self.cleaned_data["postcode"].strip()
        if not typed or not needs_postcode(self.where):
            return ""
        written = POSTCODE.fullmatch(typed)
        if written is None:
            raise forms.ValidationError(now_("A ZIP code has five digits, like 10001."))
        if not knows_rate(self.where, written[1]) and not ratelimit.consume(self.request, action="postcode"):
            raise forms.ValidationError(now_("That was too often. Wait a minute and try again."))
        return written[1]

    def clean_business_number(self) -> str:
        """The number, when it counts: else nothing, and why in `number_words` or as the field's error."""
        typed = self.cleaned_data["business_number"].strip()
        if not typed or not self.takes_number:
            return ""
        if not ratelimit.consume(self.request, action="business_number"):
            self.number_words = now_("That was too often, so the tax stays on this price. Wait a minute and try again.")
            return ""
        check = check_number(typed=typed, country=self.where, at=now())
        if check is not None and check.answer in {Answer.FORM, Answer.VALID}:
            return check.number
        if check is not None and check.answer is Answer.SILENT:
            self.number_words = now_(
                "The register of VAT numbers does not answer just now, so the tax stays on this price."
                " Try again in a few minutes, or buy with the tax."
            )
        elif not self.is_kept:
            raise forms.ValidationError(
                now_("The register does not know this number.")
                if check
                else now_("No number of this country looks like this. Look for a slip.")
            )
        return ""

    def clean(self) -> dict[str, Any]:
        """Before anything is quoted for this place, what it asks is learned, where somebody else knows it.

        A postcode is the region that the tax depends on.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        if needs_postcode(self.where):
            cleaned["region"] = cleaned.get("postcode", "")
        if not learn_rate(country=self.where, region=cleaned.get("region", ""), at=now()):
            cleaned["region"] = ""
            self.add_error("postcode", now_("There is no such ZIP code. Look for a slip."))
        return cleaned

    @property
    def evidence(self) -> Evidence:
        said = self.cleaned_data
        return Evidence(
            address=self.address_country, billing=said.get("country", ""), postcode=said.get("postcode", "")
        )

    @property
    def where(self) -> str:
        """The country the tax is worked out for, as far as it is known."""
        return decide_country(self.evidence).country

    @property
    def name(self) -> str:
        """That country's, as this reader says it."""
        return names_of(get_language() or "en").get(self.where, "") if "country" not in self.errors else ""

    @property
    def takes_number(self) -> bool:
        return takes_number(self.where, now())

    @property
    def asks_number(self) -> bool:
        return bool(self.errors.get("business_number")) or (self.is_valid() and self.takes_number)

    @property
    def asks_region(self) -> bool:
        return "country" not in self.errors and needs_region(self.where, now())

    @property
    def asks_postcode(self) -> bool:
        return "country" not in self.errors and needs_postcode(self.where)

    @property
    def open_words(self) -> str:
        """Why the price may not be all one pays yet; empty where it is."""
        if self.asks_postcode and not self.cleaned_data.get("postcode"):
            return now_("Sales tax may be added. Type your ZIP code to see all you pay.")
        if self.asks_region and not self.cleaned_data.get("region"):
            return now_("Tax may be added. Choose your province or territory to see all you pay.")
        return ""

    @property
    def is_open(self) -> bool:
        """Whether the page shows it at once: something is wrong, is still to be said, or was said."""
        if self.number_words or self.errors.get("country") or self.asks_region or self.asks_postcode:
            return True
        return self.asks_number and bool(self["business_number"].value() or self["country"].value())

    def require_region(self) -> None:
        """Whoever buys where the tax depends on it says their province, or their postcode."""
        if self.asks_region and not self.cleaned_data.get("region"):
            self.add_error("region", now_("Say where you live: the tax depends on it."))
        if self.asks_postcode and "postcode" not in self.errors and not self.cleaned_data.get("postcode"):
            self.add_error("postcode", now_("Type your ZIP code: the tax depends on it."))


def _with_kept_number(request: HttpRequest, data: Any) -> dict[str, Any]:
    """What was sent, and the number the buyer wants on their invoices, until they type another."""
    kept = find_buyer(person_id_of(request)) if request.user.is_authenticated else None
    return {**data.dict(), "business_number": kept.tax_id if kept else ""}
