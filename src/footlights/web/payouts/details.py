"""Who earns here, for the tax office: first where and as what, then what is asked there; in studio and account."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.accounts.api import (
    UNION,
    UNITED_STATES,
    Taxpayer,
    TaxpayerKind,
    asked_of,
    faults_of,
    find_taxpayer,
)
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.sellers.api import find_ask, give_details
from footlights.web.access import person_id_of
from footlights.web.checkout.countries import names_of
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import blame

KINDS = [(TaxpayerKind.PERSON, _("a person")), (TaxpayerKind.BUSINESS, _("a business"))]
SPECIAL = {
    "born_in",
    "born_country",
    "vat_number",
    "account_number",
    "account_holder",
    "other_country",
    "other_tax_number",
}
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def _text(label: Any, help_text: Any = "", *, required: bool = True, fill: str = "off") -> forms.CharField:
    """Told apart from what is empty by the rules of accounts; here only whether the label says “optional”."""
    widget = forms.TextInput({"autocomplete": fill})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=200, widget=widget)


class WhereForm(forms.Form):
    """The one question that decides the others."""

    country = forms.ChoiceField(label=_("Where you pay taxes"), widget=LongSelect({"autocomplete": "country"}))
    kind = forms.ChoiceField(label=_("You earn here as"), choices=KINDS, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", ""), *names_of(get_language() or "en").items()]  # type: ignore[attr-defined]


class DetailsForm(forms.Form):
    """All that any country asks; the fields that this one does not are taken out."""

    given_name = _text(_("First name"), _("As in your passport."), fill="given-name")
    family_name = _text(_("Last name"), fill="family-name")
    legal_name = _text(_("Name of the business"), _("As it is registered, with its legal form."), fill="organization")
    street = _text(_("Street and number"), fill="street-address")
    postcode = _text(_("Postcode"), fill="postal-code")
    city = _text(_("Town"), fill="address-level2")
    region = _text(_("State"), _("Its two letters, such as CA."), fill="address-level1")
    tax_number = _text(_("Tax number"))
    born_on = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput({"type": "date", "autocomplete": "bday"})
    )
    born_in = _text(_("Town you were born in"), _("Only if you have no tax number."), required=False)
    born_country = forms.ChoiceField(label=_("Country you were born in"), required=False, widget=LongSelect(PLAIN))
    registration_number = _text(_("Number in the business register"))
    vat_number = _text(_("VAT number"), _("If you have one, with the country's two letters."), required=False)
    account_number = _text(
        _("Number of the account your money goes to"),
        _("An IBAN, where there is one. The tax office learns of it, nobody else does."),
        required=False,
    )
    account_holder = _text(_("Whose account that is"), _("Only if it is not yours."), required=False, fill="name")
    other_country = forms.ChoiceField(
        label=_("Another country you pay taxes in"), required=False, widget=LongSelect(PLAIN)
    )
    other_tax_number = _text(_("Tax number there"), required=False)
    is_certified = forms.BooleanField(
        label=_("Under penalties of perjury: the number is mine, and I am a U.S. person"),
        help_text=_("The certification of Form W-9: you are also not subject to backup withholding."),
    )

    def __init__(self, *args: Any, country: str, kind: TaxpayerKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country, self.kind = country, kind
        asked = asked_of(country=country, kind=kind)
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        nations = [("", ""), *names_of(get_language() or "en").items()]
        for name in {"other_country", "born_country"} & self.fields.keys():
            self.fields[name].choices = nations  # type: ignore[attr-defined]
        self.fields["tax_number"].help_text = _help_for(country, kind)
        asks_all = country in UNION or country == UNITED_STATES
        self.fields["postcode"].required = asks_all
        self.fields["tax_number"].required = asks_all and (country == UNITED_STATES or kind is TaxpayerKind.BUSINESS)

    def clean(self) -> dict[str, Any]:
        """Every fault at its field, as accounts tell it, beside what the fields themselves found."""
        found: dict[str, Any] = super().clean() or {}
        for name, fault in faults_of(self.taxpayer(), on=now().date()).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, fault)
        return found

    def asked(self) -> list[forms.BoundField]:
        """What everybody there says."""
        return [field for field in self if field.name not in {*SPECIAL, "is_certified"}]

    def special(self) -> list[forms.BoundField]:
        """What only some have to say."""
        return [field for field in self if field.name in SPECIAL]

    def has_special(self) -> bool:
        """Whether some of it is there already, or wrong."""
        return any(field.value() or field.errors for field in self.special())

    def taxpayer(self) -> Taxpayer:
        typed = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return Taxpayer(kind=self.kind, country=self.country, **typed)


def details(request: HttpRequest, *, back: str, frame: str, wrap: str = "wrap-settings") -> HttpResponse:
    """Ask where and as what, then what is asked there; a POST keeps it. `back`: the page of payouts."""
    person_id = person_id_of(request)
    kept = find_taxpayer(person_id)
    where = _where(request, kept.taxpayer if kept else None)
    context: dict[str, Any] = {"frame": frame, "wrap": wrap, "back": back, "section": "money"}
    context |= {"kept": kept, "where": where}
    if not where.is_valid() or "change" in request.GET:
        return render(request, "payouts/details_where.html", context | {"ask": find_ask(person_id)})
    chosen = where.cleaned_data
    form = DetailsForm(
        request.POST or None,
        initial=_initial(kept.taxpayer if kept else None),
        country=chosen["country"],
        kind=TaxpayerKind(chosen["kind"]),
    )
    if request.method == "POST" and form.is_valid() and _keep(form, person_id):
        messages.success(request, now_("Saved. Thank you: nothing waits for your tax details."))
        return redirect(back)
    context |= {
        "form": form,
        "kind": dict(KINDS)[form.kind],
        "country": names_of(get_language() or "en").get(form.country, form.country),
        "by_law": _law_of(form.country),
    }
    return render(request, "payouts/details.html", context, status=422 if form.errors else 200)


def _keep(form: DetailsForm, person_id: UUID) -> bool:
    try:
        give_details(person_id=person_id, given=form.taxpayer(), at=now())
    except InvalidInputError as error:
        blame(form, error)
        return False
    return True


def _where(request: HttpRequest, kept: Taxpayer | None) -> WhereForm:
    """What the address says; else what is kept."""
    if "country" in request.GET:
        return WhereForm({"country": request.GET["country"], "kind": request.GET.get("kind", "")})
    known = {"country": kept.country, "kind": kept.kind.value} if kept else None
    return WhereForm(known, initial={"kind": TaxpayerKind.PERSON.value})


def _initial(kept: Taxpayer | None) -> dict[str, Any]:
    return {each.name: getattr(kept, each.name) for each in fields(kept)} if kept else {}


def _help_for(country: str, kind: TaxpayerKind) -> str:
    if country == UNITED_STATES:
        return now_("Your SSN or ITIN.") if kind is TaxpayerKind.PERSON else now_("The EIN of the business.")
    if country == "DE":
        return now_("The eleven digits of your tax ID, or your tax office's number.")
    if country in UNION and kind is TaxpayerKind.PERSON:
        return now_("As the tax office there writes it. If you have none, say below where you were born.")
    return now_("As the tax office there writes it.")


def _law_of(country: str) -> str:
    """Why we ask, in a sentence."""
    if country == UNITED_STATES:
        return now_("It takes the place of Form W-9. If you earn enough in a year, you and the IRS get a Form 1099-K.")
    if country in UNION:
        return now_(
            "The European Union asks platforms for it (DAC7). Once a year the tax office may learn what you earned."
        )
    return now_("It shows that no office we report to asks about you. It stays here.")
