"""How a title can be had and what one gets, in words: for poster cards, the hero and the price card. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

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
    early_until: datetime | None = None  # until then it costs this; after it, `later_price`
    later_price: str = ""


def ways_of(title: Title, offers: Sequence[Offer], at: datetime) -> list[Way]:
    """The cheapest first, as monetization lists them; to join is another kind of way, and comes last."""
    last = sorted(offers, key=lambda offer: offer.kind is OfferKind.MEMBERS)
    return [_way(title, offer, at) for offer in last]


def _way(title: Title, offer: Offer, at: datetime) -> Way:
    early = offer.early if offer.is_early(at) else None
    return Way(
        kind=offer.kind,
        label=label_of(offer, at),
        price=_words(offer.price_at(at)),
        gets=_gets(offer),
        href=_href(title, offer),
        early_until=early.until if early else None,
        later_price=_words(offer.price) if early else "",
    )


def label_of(offer: Offer, at: datetime) -> str:
    """What a button says."""
    if offer.kind is OfferKind.FREE:
        return _("Watch free")
    if offer.kind is OfferKind.MEMBERS:
        return _("Become a member")
    if offer.kind is OfferKind.FOLLOWERS:
        return _("Follow to watch")
    if offer.floor is not None:
        return {OfferKind.RENT: _("Rent for what you like"), OfferKind.BUY: _("Buy for what you like")}[offer.kind]
    words = {
        OfferKind.RENT: _("Rent for %(price)s"),
        OfferKind.BUY: _("Buy for %(price)s"),
        OfferKind.TICKET: _("Get a ticket for %(price)s"),
    }
    return words[offer.kind] % {"price": _words(offer.price_at(at))}


def card_price(offers: Sequence[Offer], at: datetime) -> str:
    """What a poster card says: nothing, when it cannot be had yet."""
    if not offers:
        return ""
    if offers[0].kind is OfferKind.FREE:
        return _("Free")
    kinds = {offer.kind for offer in offers}
    priced = [offer for offer in offers if offer.kind not in {OfferKind.MEMBERS, OfferKind.FOLLOWERS}]
    if not priced:
        return _("Followers") if OfferKind.FOLLOWERS in kinds else _("Members")
    cheapest = min((offer.price_at(at) if offer.floor is None else offer.floor) for offer in priced)
    return _words(cheapest) if cheapest else _("What you like")


def _words(price: Money) -> str:
    return price.format(get_language() or "en")


def _gets(offer: Offer) -> list[str]:
    if offer.floor is None:
        return _what_one_gets(offer)
    words = _("From %(floor)s; we suggest %(suggested)s.") if offer.floor else _("We suggest %(suggested)s.")
    return [words % {"floor": _words(offer.floor), "suggested": _words(offer.price)}, *_what_one_gets(offer)]


def _what_one_gets(offer: Offer) -> list[str]:
    if offer.kind is OfferKind.FREE:
        return [_("No account needed.")]
    if offer.kind is OfferKind.MEMBERS:
        return [_("Part of the membership, as long as it lasts.")]
    if offer.kind is OfferKind.FOLLOWERS:
        return [_("Follow the channel: it costs nothing.")]
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
        return reverse("memberships:tiers", args=[title.channel_handle])
    if offer.kind is OfferKind.FOLLOWERS:
        return f"{reverse('storefront:follow', args=[title.channel_handle])}?{urlencode({'next': title.path})}"
    return reverse("checkout:offer", args=[title.channel_handle, title.slug, offer.id])
