"""A channel as RSS 2.0 with Media RSS pictures. Items link to titles; films are encrypted, so nothing is enclosed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from footlights.catalog.api import Channel, Title, get_channel_by_handle, list_cards, list_titles
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError

NEWEST = 30


class MediaRssFeed(Rss201rev2Feed):
    """RSS with a `media:thumbnail` for each item (https://www.rssboard.org/media-rss)."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:media": "http://search.yahoo.com/mrss/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if thumbnail := item["thumbnail"]:
            handler.addQuickElement("media:thumbnail", None, thumbnail)


class ChannelFeed(Feed):  # type: ignore[type-arg]  # generic only in the stubs
    feed_type = MediaRssFeed

    def get_object(self, request: HttpRequest, *args: Any, handle: str, **kwargs: Any) -> Channel:  # noqa: ARG002  Feed's signature
        try:
            return get_channel_by_handle(handle)
        except NotFoundError as error:
            raise Http404 from error

    def title(self, obj: Channel) -> str:
        return obj.name

    def link(self, obj: Channel) -> str:
        return f"{settings.SITE_URL}/@{obj.handle}"

    def description(self, obj: Channel) -> str:
        return obj.description

    def items(self, obj: Channel) -> Iterable[Title]:
        cards = list_cards(row="channel", channel_id=obj.id, at=now(), limit=NEWEST)
        titles = list_titles([card.id for card in cards])
        return [titles[card.id] for card in cards]

    def item_title(self, item: Title) -> str:
        return item.name

    def item_description(self, item: Title) -> str:
        return item.description

    def item_link(self, item: Title) -> str:
        return f"{settings.SITE_URL}{item.path}"

    def item_guid(self, item: Title) -> str:
        return f"urn:uuid:{item.id}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Title) -> datetime:
        return item.publish_at or item.created_at

    def item_updateddate(self, item: Title) -> datetime:
        return item.updated_at

    def item_categories(self, item: Title) -> list[str]:
        return [*([item.category] if item.category else []), *item.tags]

    def item_extra_kwargs(self, item: Title) -> dict[str, Any]:
        if item.poster is None:
            return {"thumbnail": None}
        width, address, _kind = max(item.poster.sources, key=lambda source: source[0])
        height = round(width * item.poster.height / item.poster.width)
        return {"thumbnail": {"url": f"{settings.SITE_URL}{address}", "width": str(width), "height": str(height)}}
