"""How a title can be had and what one gets, in words: for poster cards, the hero and the price card. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from footlights.catalog.api import Title
from footlights.kernel.money import Money
from footlights.monetization.api import Offer, OfferKind


@dataclass(frozen=True, slots=True)
class Way:
    """One way to get a title: what the button says, where it leads, what one gets."""

    kind: OfferKind
    label: str
    price: str
    gets: list[str]
    href: str


def ways_of(title: Title, offers: Sequence[Offer]) -> list[Way]:
    """The cheapest first, as monetization lists them; to join is another kind of way, and comes last."""
    last = sorted(offers, key=lambda offer: offer.kind is OfferKind.MEMBERS)
    return [Way(offer.kind, label_of(offer), _words(offer.price), _gets(offer), _href(title, offer)) for offer in last]


def label_of(offer: Offer) -> str:
    """What a button says."""
    if offer.kind is OfferKind.FREE:
        return _("Watch free")
    if offer.kind is OfferKind.MEMBERS:
        return _("Become a member")
    words = {OfferKind.RENT: _("Rent for %(price)s"), OfferKind.BUY: _("Buy for %(price)s")}
    return words[offer.kind] % {"price": _words(offer.price)}


def card_price(offers: Sequence[Offer]) -> str:
    """What a poster card says: nothing, when it cannot be had yet."""
    if not offers:
        return ""
    if offers[0].kind is OfferKind.FREE:
        return _("Free")
    priced = [offer for offer in offers if offer.kind is not OfferKind.MEMBERS]
    return _words(priced[0].price) if priced else _("Members")


def _words(price: Money) -> str:
    return price.format(get_language() or "en")


def _gets(offer: Offer) -> list[str]:
    if offer.kind is OfferKind.FREE:
        return [_("No account needed.")]
    if offer.kind is OfferKind.MEMBERS:
        return [_("Part of the membership, as long as it lasts.")]
    if offer.kind is OfferKind.BUY:
        return [_("Yours for ever."), _("Watch it as often as you like.")]
    start = ngettext("Start within %(count)d day.", "Start within %(count)d days.", offer.rent_start_within_days)
    watch = ngettext(
        "Then watch it for %(count)d hour.",
        "Then watch it as often as you like for %(count)d hours.",
        offer.rent_watch_hours,
    )
    return [start % {"count": offer.rent_start_within_days}, watch % {"count": offer.rent_watch_hours}]


def _href(title: Title, offer: Offer) -> str:
    if offer.kind is OfferKind.FREE:
        return reverse("watch:title", args=[title.channel_handle, title.slug])
    if offer.kind is OfferKind.MEMBERS:
        return reverse("storefront:channel", args=[title.channel_handle])
    return reverse("checkout:offer", args=[title.channel_handle, title.slug, offer.id])
