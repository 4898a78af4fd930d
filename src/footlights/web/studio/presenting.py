"""What the studio's pages show of titles, in words. Reads through the contexts' doors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footlights.catalog.api import Collection, Title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.media import api as media
from footlights.media.api import Asset
from footlights.monetization import api as monetization
from footlights.monetization.api import Offer, OfferKind
from footlights.playback import api as playback
from footlights.prices.api import Asked, LocalPrice, Market, country_with, list_proposals
from footlights.taxes.api import quote_tax
from footlights.terms.api import SaleKind
from footlights.web.studio.file_status import OVER


@dataclass(frozen=True, slots=True)
class Badge:
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class TitleRow:
    """One line of the list of titles."""

    title: Title
    badge: Badge
    price: str
    views: int
    earned: Money | None
    trouble: str


def badge_of(title: Title) -> Badge:
    return {
        "draft": Badge(_("Draft")),
        "scheduled": Badge(_("Scheduled"), "strong"),
        "unlisted": Badge(_("By link")),
        "published": Badge(_("Public"), "gain") if title.playable else Badge(_("Public when ready"), "gain"),
        "deleted": Badge(_("Deleted"), "wrong"),
    }[title.state]


def price_words(offers: Sequence[Offer]) -> str:
    """How one gets it, shortly: Free, €4.00, to rent €2.00 · to keep €9.00; nothing where it is not for sale."""
    reader = get_language() or "en"
    if any(offer.kind == OfferKind.FREE for offer in offers):
        return _("Free")
    words = {OfferKind.RENT: _("to rent %(price)s"), OfferKind.BUY: _("to keep %(price)s")}
    cheapest_first = sorted(
        (offer for offer in offers if offer.kind in words), key=lambda offer: offer.price.amount_minor
    )
    ways = [
        words[offer.kind]
        % {"price": offer.price_at(now()).format(reader) if offer.floor is None else _("what they like")}
        for offer in cheapest_first
    ]
    kinds = {offer.kind for offer in offers}
    ways += [_("for followers")] if OfferKind.FOLLOWERS in kinds else []
    return " · ".join([*ways, *([_("for members")] if OfferKind.MEMBERS in kinds else [])])


def title_rows(titles: Sequence[Title], *, earned: dict[UUID, Money]) -> list[TitleRow]:
    """Lines for these titles: one query for all prices, one for all views, three for the files still on their way."""
    ids = [title.id for title in titles]
    offers = monetization.offers_for_titles(ids)
    views = playback.view_counts(ids)
    waiting = {asset for title in titles for asset in _awaited(title)}
    assets = media.list_assets(waiting) if waiting else {}
    return [
        TitleRow(
            title=title,
            badge=badge_of(title),
            price=price_words(offers.get(title.id, [])),
            views=views.get(title.id, 0),
            earned=earned.get(title.id),
            trouble=trouble_of(title, offers.get(title.id, []), assets),
        )
        for title in titles
    ]


def trouble_of(title: Title, offers: Sequence[Offer], assets: dict[UUID, Asset]) -> str:
    """What keeps this title from its viewers, or from looking its best; empty when nothing does."""
    failed = [pk for pk in _awaited(title) if (asset := assets.get(pk)) and asset.state in OVER]
    if failed:
        return _("The trailer did not work") if failed == [title.next_trailer_asset_id] else _("The file did not work")
    if title.state == "deleted":
        return ""
    if title.asset_id is None and title.upload_id is None:
        return _("No file yet")
    if title.asset_id is None:
        return _("Upload not finished")
    if not offers:
        return _("No price yet")
    return _("No poster yet") if title.poster is None and title.playable else ""


def _awaited(title: Title) -> Iterable[UUID]:
    if title.next_asset_id is not None:
        yield title.next_asset_id
    if title.next_trailer_asset_id is not None:
        yield title.next_trailer_asset_id
    if title.asset_id is not None and not title.playable:
        yield title.asset_id


def net_of(price: Money | None, kind: OfferKind | SaleKind, channel_id: UUID) -> dict[str, Any]:
    """What of a price stays with the creator, for net.html; nothing while there is no price."""
    if not price:
        return {}
    share = monetization.share_of(price, kind=kind, channel_id=channel_id, at=now())
    return {"share": share, "percent": f"{share.fee_bps / 100:g}"}


def net_abroad(
    price: Money | None, kind: OfferKind | SaleKind, channel_id: UUID, market: Market | LocalPrice
) -> dict[str, Any]:
    """The same in another market, after the tax that its buyers pay there."""
    if not price:
        return {}
    country = market.country or country_with(market.currency)
    quote = quote_tax(price=price, kind=kind, buyer_country=country or None, at=now())
    return net_of(quote.net, kind, channel_id) | {"tax": quote.tax if quote.inclusive else None}


def prices_abroad(price: Money | None, kind: OfferKind, thing: Title | Collection) -> list[dict[str, Any]]:
    """What a title, or a collection, would cost in each other currency at that price, and what of it stays."""
    if not price:
        return []
    asked = _asked_now(thing, kind)
    before = (monetization.subject_of(asked.id), monetization.asked_at_home(asked)) if asked else None
    proposals = list_proposals(channel_id=thing.channel_id, home=Asked(price), on=now().date(), before=before)
    return [
        {
            "price": each.asked.price,
            "place": f" ({each.country})" if each.country else "",
            "net": net_abroad(each.asked.price, kind, thing.channel_id, each)["share"].net,
        }
        for each in proposals
    ]


def _asked_now(thing: Title | Collection, kind: OfferKind) -> Offer | None:
    if isinstance(thing, Collection):
        return monetization.find_collection_offer(thing.id)
    return next((offer for offer in monetization.list_offers(thing.id) if offer.kind is kind), None)
