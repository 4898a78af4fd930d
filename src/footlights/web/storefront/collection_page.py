"""A collection's page: what everybody gets, kept; a draft for its makers alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from footlights.accounts.api import Permission
from footlights.catalog.api import (
    Collection,
    Episode,
    find_collection_by_path,
    list_public_titles_in,
    list_seasons,
    may,
)
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.shared import Shared
from footlights.monetization.api import Offer, find_collection_offer, kept_titles, offers_for_titles
from footlights.prices.api import Buyer
from footlights.web.design.page import Content, look_of, part, respond
from footlights.web.sold import gift_till_of
from footlights.web.storefront.collection_ticket import Reader, own_ticket, shared_ticket
from footlights.web.storefront.content import first_sentence
from footlights.web.storefront.linked_data import collection_data, script_safe
from footlights.web.storefront.title_page import FRESH_S, picture_url_of
from footlights.web.storefront.viewer import viewer_id_of
from footlights.web.storefront.ways import card_price
from footlights.web.whereabouts import reach_of_request

STALE_S = 5.0


@dataclass(frozen=True, slots=True)
class Line:
    """One episode, with a sentence of what it is about and, ready to be shown, what it costs alone."""

    episode: Episode
    sentence: str
    price: str

    @property
    def slot(self) -> str:
        """The hole of the page that says what it costs this reader."""
        return f"price_{self.episode.title.id.hex}"


@dataclass(frozen=True, slots=True)
class ShownCollection:
    """A collection at an address, ready to be shown."""

    collection: Collection
    content: Content
    lines: list[Line]
    offer: Offer | None
    buyer: Buyer

    @property
    def episodes(self) -> list[Episode]:
        return [line.episode for line in self.lines]

    def ticket(self, viewer_id: UUID | None, at: datetime) -> str:
        """What all of it costs this reader, or that it is theirs."""
        if viewer_id is None:
            return shared_ticket(self.collection, self.offer, self.episodes)
        return own_ticket(self.collection, self.offer, self.episodes, Reader(viewer_id, self.buyer), at)

    def prices(self, viewer_id: UUID | None) -> dict[str, str]:
        """What each episode costs this reader alone, or that they have it: what fills the holes of its lines."""
        kept = kept_titles(viewer_id, [each.title.id for each in self.episodes]) if viewer_id and self.lines else set()
        yours = part("storefront/episode_price.html", {"is_yours": True}) if kept else ""
        return {line.slot: yours if line.episode.title.id in kept else line.price for line in self.lines}


_shown: Shared[ShownCollection] = Shared(fresh_s=FRESH_S, stale_s=STALE_S, capacity=250)


@require_safe
def collection(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    viewer_id, at, buyer = viewer_id_of(request), now(), reach_of_request(request)
    look = look_of(signed_in=viewer_id is not None)
    try:
        shown = _shown.get((handle, slug, look.language, buyer), lambda: _show(_find(handle, slug), at, buyer))
    except NotFoundError as error:
        raise Http404 from error
    if shown.collection.state != "published" and not may(
        viewer_id, Permission.SEE_CHANNEL, shown.collection.channel_id
    ):
        raise Http404
    if viewer_id == shown.collection.owner_id:  # who changes it sees the change at once
        shown = _show(_find(handle, slug), at, buyer)
    return respond(request, shown.content.page(look), ticket=shown.ticket(viewer_id, at), **shown.prices(viewer_id))


def _find(handle: str, slug: str) -> Collection:
    found = find_collection_by_path(handle, slug)
    if found is None:
        raise NotFoundError("There is no such collection.")
    return found


def _show(found: Collection, at: datetime, buyer: Buyer) -> ShownCollection:
    """Seven queries; nothing in it depends on who looks but the currency."""
    episodes = list_public_titles_in(found.id, at)
    offers = offers_for_titles([each.title.id for each in episodes], buyer)
    lines = [_line(each, offers.get(each.title.id, []), at) for each in episodes]
    picture_url = picture_url_of(found.poster)
    seasons = list_seasons(found)
    offer = find_collection_offer(found.id, buyer)
    context = {
        "collection": found,
        "lines": lines,
        "duration_ms": sum(each.title.duration_ms for each in episodes),
        "seasons": seasons if len(seasons) > 1 else [],
        "sentence": first_sentence(found.description) or found.name,
        "url": settings.SITE_URL + found.path,
        "picture_url": picture_url,
        "give_href": gift_till_of(found, offer.id) if offer and episodes and found.state == "published" else "",
        "json_ld": script_safe(collection_data(found, episodes, picture_url=picture_url)),
    }
    content = Content("storefront/collection.html", context)
    return ShownCollection(found, content, lines, offer, buyer)


def _line(episode: Episode, offers: list[Offer], at: datetime) -> Line:
    price = part("storefront/episode_price.html", {"price": card_price(offers, at)})
    return Line(episode, first_sentence(episode.title.description), price)
