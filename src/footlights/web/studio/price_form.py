"""What a title costs, as its creator says it: nothing; to keep, to rent; an early price; or what buyers like to pay."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from babel.numbers import format_decimal
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money, exponent_of, parse_money
from footlights.monetization.api import EarlyPrice, NewOffer, Offer, OfferKind
from footlights.web.design.select import LongSelect
from footlights.web.studio.forms import MomentField, currency_choices

SOLD = (OfferKind.BUY, OfferKind.RENT)
FOR_NOTHING = {"free": OfferKind.FREE, "followers": OfferKind.FOLLOWERS}


def amount_field(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=20, help_text=help_text, widget=widget)


class PriceForm(forms.Form):
    """Free (for all, for followers), or for sale to keep, to rent, or both. A price left empty is a way not offered."""

    way = forms.ChoiceField(
        label=_("How people get it"),
        choices=[("free", _("Free")), ("followers", _("Free for followers")), ("paid", _("For sale"))],
        widget=forms.RadioSelect,
    )
    buy = amount_field(_("To keep"), _("They pay once and watch it for ever."))
    rent = amount_field(_("To rent"), _("30 days to start it, 48 hours to finish once started."))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, widget=LongSelect)
    special = forms.ChoiceField(
        label=_("A special price"),
        required=False,
        choices=[("", _("None")), ("early", _("Cheaper at first")), ("open", _("Buyers say what they pay"))],
        widget=forms.RadioSelect,
    )
    early_buy = amount_field(_("To keep, at first"))
    early_rent = amount_field(_("To rent, at first"))
    early_from = MomentField(label=_("From"), required=False, help_text=_("Empty: at once"))
    early_until = MomentField(label=_("Until"), required=False)
    floor_buy = amount_field(_("To keep, at least"), _("Your price above is then what you suggest."))
    floor_rent = amount_field(_("To rent, at least"), _("0 lets people have it for nothing."))

    @classmethod
    def of(cls, offers: Iterable[Offer], *, currency: str, prefix: str | None = None) -> "PriceForm":
        offers = list(offers)
        kinds = {offer.kind for offer in offers}
        sold = [offer for offer in offers if offer.kind in SOLD]
        early = next((offer.early for offer in sold if offer.early), None)
        initial: dict[str, Any] = {
            "way": "paid" if sold else next((way for way, kind in FOR_NOTHING.items() if kind in kinds), ""),
            "currency": sold[0].price.currency if sold else currency,
            "special": "early" if early else "open" if any(offer.floor is not None for offer in sold) else "",
            "early_from": early.from_at if early else None,
            "early_until": early.until if early else None,
        }
        for offer in sold:
            initial[offer.kind] = plain_amount(offer.price)
            initial[f"early_{offer.kind}"] = plain_amount(offer.early.price) if offer.early else ""
            initial[f"floor_{offer.kind}"] = plain_amount(offer.floor)
        return cls(initial=initial, prefix=prefix)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "way" not in cleaned or "currency" not in cleaned:
            return cleaned
        if kind := FOR_NOTHING.get(cleaned["way"]):
            cleaned["offers"] = [NewOffer(kind, Money(0, cleaned["currency"]))]
            return cleaned
        offers = [offer for kind in SOLD if cleaned.get(kind.value) and (offer := self._offer(kind))]
        if not self.errors and not offers:
            raise forms.ValidationError(now_("Say what it costs to keep, to rent, or both."))
        self._check_special(offers)
        cleaned["offers"] = offers
        return cleaned

    def _check_special(self, offers: list[NewOffer]) -> None:
        """Whoever chooses a special price says one."""
        special = self.cleaned_data.get("special")
        if self.errors or not special:
            return
        if special == "early" and not any(offer.early for offer in offers):
            self.add_error(f"early_{offers[0].kind}", now_("Say what it costs at first."))
        if special == "open" and all(offer.floor is None for offer in offers):
            self.add_error(f"floor_{offers[0].kind}", now_("Say the least one can pay; 0 where nothing is fine too."))

    def _offer(self, kind: OfferKind) -> NewOffer | None:
        price = self._amount(kind.value)
        if price is not None and not price:
            self.add_error(kind.value, now_("Zero is free: choose “Free” above, or leave this empty."))
        special = self.cleaned_data.get("special")
        floor = self._amount(f"floor_{kind}") if special == "open" else None
        early = self._early(kind) if special == "early" else None
        return NewOffer(kind, price, floor=floor, early=early) if price else None

    def _early(self, kind: OfferKind) -> EarlyPrice | None:
        price = self._amount(f"early_{kind}")
        until: datetime | None = self.cleaned_data.get("early_until")
        if price is None:
            return None
        if until is None:
            if "early_until" not in self.errors:
                self.add_error("early_until", now_("Say until when it is cheaper."))
            return None
        return EarlyPrice(price, self.cleaned_data.get("early_from"), until)

    def _amount(self, name: str) -> Money | None:
        typed = self.cleaned_data.get(name)
        if not typed:
            return None
        try:
            return parse_money(typed, self.cleaned_data["currency"], locale=get_language() or "en")
        except InvalidInputError as error:
            self.add_error(name, str(error))
            return None


def plain_amount(price: Money | None) -> str:
    """The amount alone, as this reader types it."""
    if price is None:
        return ""
    digits = exponent_of(price.currency)
    pattern = "0." + "0" * digits if digits else "0"
    return format_decimal(price.decimal, format=pattern, locale=(get_language() or "en").replace("-", "_"))
