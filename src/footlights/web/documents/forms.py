"""Who sells, and what a buyer wants on their documents."""

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.invoicing.api import BuyerDetails, SellerDetails
from footlights.taxes.api import country_of_number, tidy_number

ADDRESS = {"rows": 4, "autocomplete": "street-address"}


class SellerForm(forms.Form):
    legal_name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("Your company's, or your own as the law knows it."),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=400,
        required=False,
        help_text=_("As on a letter, with the country."),
        widget=forms.Textarea(ADDRESS),
    )
    tax_ids = forms.CharField(
        label=_("Tax numbers"),
        max_length=120,
        required=False,
        help_text=_("Such as “VAT id DE123456789”, as they shall be printed."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    mail = forms.EmailField(
        label=_("Address for questions"),
        max_length=120,
        required=False,
        help_text=_("A mail address your buyers may write to."),
    )

    def details(self) -> SellerDetails:
        return SellerDetails(**self.cleaned_data)


class BuyerForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Yours, or your company's."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    address = forms.CharField(label=_("Address"), max_length=400, required=False, widget=forms.Textarea(ADDRESS))
    tax_id = forms.CharField(
        label=_("Your tax number"),
        max_length=40,
        required=False,
        help_text=_("Only if a company buys. It is printed; a VAT number may also take the tax off what you buy."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean_tax_id(self) -> str:
        """A VAT number of the Union that cannot exist is a slip of the finger; other numbers are theirs to know."""
        typed = str(self.cleaned_data["tax_id"]).strip()
        country = country_of_number(typed)
        if country and not tidy_number(typed, country):
            raise forms.ValidationError(now_("No VAT number there looks like this. Look for a slip."))
        return typed

    def details(self) -> BuyerDetails:
        return BuyerDetails(**self.cleaned_data)
