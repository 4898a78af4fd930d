"""A title's page: what everybody gets, kept; what it costs or that it is theirs, for one reader."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from footlights.catalog.api import Title, TitleCard, find_title_with_more, is_public, is_visible
from footlights.kernel.errors import NotFoundError
from footlights.kernel.shared import Shared
from footlights.media.api import Picture
from footlights.monetization.api import (
    Decision,
    Offer,
    Reason,
    may_anybody_watch,
    may_go_on_watching,
    may_watch,
)
from footlights.playback.api import progress_for
from footlights.prices.api import AT_HOME, Buyer
from footlights.web.design.page import Content, part
from footlights.web.design.tags import iso_duration
from footlights.web.storefront import content
from footlights.web.storefront.linked_data import part_of, script_safe
from footlights.web.storefront.standing import Standing, standing_of

FRESH_S = 2.0
PERSONAL = {Reason.RENTAL_OVER, Reason.REFUNDED, Reason.HELD, Reason.PRESS_OVER}


_price_cards: Shared[str] = Shared(fresh_s=FRESH_S, stale_s=0, capacity=10_000)


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """A title, and the newest others of its channel."""

    title: Title
    more: list[TitleCard]


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """A title at an address, ready to be shown. `standing` is that of those who have nothing of it."""

    title: Title
    content: Content
    offers: list[Offer]
    standing: Standing
    buyer: Buyer = AT_HOME
    _cards: dict[bool, str] = field(default_factory=dict, compare=False)

    def price_card(self, *, signed_in: bool) -> str:
        card = self._cards.get(signed_in)
        if card is None:
            card = self._cards[signed_in] = _card(self.title, self.standing, signed_in=signed_in)
        return card


def show_title(found: FoundTitle, at: datetime, buyer: Buyer = AT_HOME) -> ShownTitle:
    """Four queries; nothing in it depends on who looks but the currency."""
    title = found.title
    shown = content.title_page(title, found.more, at, buyer)
    decision = may_anybody_watch(shown.offers, is_visible=is_visible(title, None, at), at=at)
    context = {
        "shown": shown,
        "title": title,
        "sentence": content.first_sentence(title.description),
        "is_listed": is_public(title, at),
        "url": settings.SITE_URL + title.path,
        "embed_url": settings.SITE_URL + reverse("watch:embed", args=[title.id]),
        "picture_url": picture_url_of(title.poster),
        "plays_for_all": decision.allowed,
    }
    context["json_ld"] = _json_ld(title, context)
    return ShownTitle(
        title=title,
        content=Content("storefront/title.html", context),
        offers=shown.offers,
        standing=standing_of(title=title, offers=shown.offers, decision=decision, at=at),
        buyer=buyer,
    )


def card_of(shown: ShownTitle, decision: Decision, at: datetime, *, signed_in: bool) -> str:
    """The price card of whoever gets this decision and has watched nothing of it."""
    standing = standing_of(title=shown.title, offers=shown.offers, decision=decision, at=at)
    return _card(shown.title, standing, signed_in=signed_in)


def find_visible(handle: str, slug: str, at: datetime) -> FoundTitle:
    """The title at an address as anybody may see it. Raises NotFoundError, or HiddenError when it is not out."""
    found = find_title_with_more(handle=handle, slug=slug, limit=content.ROW_LENGTH, at=at)
    if found is None:
        raise NotFoundError("There is no such title.")
    if not is_visible(found[0], None, at):
        raise HiddenError(FoundTitle(*found))
    return FoundTitle(*found)


class HiddenError(Exception):
    """It is there, but not for everybody."""

    def __init__(self, found: FoundTitle) -> None:
        super().__init__()
        self.found = found


def may_see_hidden(title: Title, viewer_id: UUID | None, at: datetime) -> bool:
    """Whoever manages it, and whoever holds a ticket for it."""
    if viewer_id is None:
        return False
    return is_visible(title, viewer_id, at) or may_watch(viewer_id, title.id, at).allowed


def had_press_code(title: Title, viewer_id: UUID | None, at: datetime) -> bool:
    """Whether a press code opened it for them, and does no more."""
    return viewer_id is not None and may_watch(viewer_id, title.id, at).reason is Reason.PRESS_OVER


def price_card(shown: ShownTitle, viewer_id: UUID | None, at: datetime) -> str:
    """What it costs this reader, or that it is theirs: as fresh as the page it stands on.

    A payment takes longer than that, and what may be watched is decided where it is watched. Whoever made it waits for
    nothing.
    """
    if viewer_id is None:
        return shown.price_card(signed_in=False)
    if viewer_id == shown.title.owner_id:
        return _own_price_card(shown, viewer_id, at)
    key = (shown.title.id, viewer_id, get_language(), shown.buyer)
    return _price_cards.get(key, lambda: _own_price_card(shown, viewer_id, at))


def _own_price_card(shown: ShownTitle, viewer_id: UUID, at: datetime) -> str:
    """One query for most, two for those who have it; the title is as it was two seconds ago, like the page."""
    title = shown.title
    decision = may_go_on_watching(viewer_id, title.id, at)
    if not decision.allowed and decision.reason not in PERSONAL:
        return shown.price_card(signed_in=True)
    standing = standing_of(
        title=title,
        offers=shown.offers,
        decision=decision,
        at=at,
        progress=progress_for(viewer_id, [title.id]).get(title.id) if decision.allowed else None,
    )
    return _card(title, standing, signed_in=True)


def _card(title: Title, standing: Standing, *, signed_in: bool) -> str:
    return part("storefront/price_card.html", {"title": title, "standing": standing, "signed_in": signed_in})


def picture_url_of(poster: Picture | None) -> str:
    """An absolute address of a WebP about 1200 wide: what other sites show beside a link."""
    if poster is None:
        return ""
    plain = sorted((width, url) for width, url, kind in poster.sources if kind == "image/webp")
    chosen = next((url for width, url in plain if width >= 1200), plain[-1][1] if plain else "")  # noqa: PLR2004  as above
    return chosen if chosen.startswith("http") or not chosen else settings.SITE_URL + chosen


def _json_ld(title: Title, context: dict[str, Any]) -> SafeString:
    """schema.org VideoObject, safe inside <script type="application/ld+json">."""
    fields = {
        "@context": "https://schema.org",
        "@type": "VideoObject" if title.kind == "video" else "AudioObject",
        "name": title.name,
        "description": title.description or title.name,
        "url": context["url"],
        "uploadDate": (title.publish_at or title.created_at).isoformat(),
        "duration": iso_duration(title.duration_ms),
        "embedUrl": context["embed_url"],
        "isFamilyFriendly": title.maturity != "mature",
        "requiresSubscription": not context["plays_for_all"],
        "author": {
            "@type": "Organization",
            "name": title.channel_name,
            "url": f"{settings.SITE_URL}/@{title.channel_handle}",
        },
    }
    if context["picture_url"]:
        fields["thumbnailUrl"] = context["picture_url"]
    if title.language:
        fields["inLanguage"] = title.language
    if places := context["shown"].places:
        fields |= part_of(places[0].place)
    return script_safe(fields)
