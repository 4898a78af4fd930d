"""What a creator says of a collection or a season."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from footlights.catalog.api import Collection
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money, parse_money
from footlights.monetization.api import Offer
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import currency_choices
from footlights.web.studio.price_form import amount_field, plain_amount


class CollectionForm(forms.Form):
    """Its words; those of a season besides."""

    name = forms.CharField(label=_("Name"), max_length=150, help_text=_("Such as: Season 1, or Short films 2026"))
    series = forms.CharField(
        label=_("Series"),
        required=False,
        max_length=150,
        help_text=_("What its seasons have in common. Seasons of one series lead to each other."),
    )
    number = forms.IntegerField(label=_("Season number"), required=False, min_value=0, max_value=999)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=5000, widget=forms.Textarea({"rows": 4})
    )

    @classmethod
    def of(cls, collection: Collection) -> "CollectionForm":
        return cls(initial={name: getattr(collection, name) for name in ("name", "series", "number", "description")})

    def words(self) -> Any:
        """As the catalog takes them."""
        return {name: self.cleaned_data[name] for name in ("name", "series", "number", "description")}


class NewCollectionForm(CollectionForm):
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[("season", _("A season of a series")), ("collection", _("A collection"))],
        initial="season",
        widget=forms.RadioSelect,
    )


class AllPriceForm(forms.Form):
    """What all of it costs as one; empty: it is not sold as one."""

    price = amount_field(_("All of it, to keep"), _("Empty: people only get its titles one by one."))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, widget=LongSelect)

    @classmethod
    def of(cls, offer: Offer | None, *, currency: str) -> "AllPriceForm":
        price = offer.price if offer else None
        return cls(initial={"price": plain_amount(price), "currency": price.currency if price else currency})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        typed = cleaned.get("price", "").strip()
        if typed and "currency" in cleaned:
            try:
                cleaned["amount"] = parse_money(typed, cleaned["currency"], locale=get_language() or "en")
            except InvalidInputError as error:
                self.add_error("price", str(error))
        return cleaned

    @property
    def amount(self) -> Money | None:
        return self.cleaned_data.get("amount")


def one_by_one(offers: Iterable[Iterable[Offer]], currency: str) -> Money | None:
    """What the titles cost that are sold to keep, bought one by one in that currency; None when none is."""
    prices = [
        offer.price
        for of_title in offers
        for offer in of_title
        if offer.kind == "buy" and offer.price.currency == currency
    ]
    return sum(prices, Money(0, currency)) if prices else None
