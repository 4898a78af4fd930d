"""What a person owns, rents and was watching: the library's shelves, and the storefront's first row."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footlights.catalog.api import Title, TitleCard, list_cards, list_channels, list_titles
from footlights.kernel.shared import Shared
from footlights.live.api import find_broadcasts
from footlights.monetization.api import (
    Entitlement,
    OfferKind,
    PressCode,
    list_held_press_codes,
    list_library,
    list_tickets,
)
from footlights.playback.api import Progress, list_continue_watching, progress_for
from footlights.web.design.page import SharedPage, hole, shared_part
from footlights.web.sold import Show, shows_of
from footlights.web.storefront.standing import rental_note

CONTINUE_MAX = 12
SHELF_MAX = 200


@dataclass(frozen=True, slots=True)
class Ticket:
    """A title somebody has, where they are in it, and how long it is theirs."""

    title: Title
    percent: int
    note: str


_cards: Shared[SharedPage | None] = Shared(fresh_s=10.0, stale_s=0, capacity=5_000)
_rows: Shared[str] = Shared(fresh_s=5.0, stale_s=0, capacity=5_000)
_frames: Shared[SharedPage] = Shared(fresh_s=60.0, stale_s=0, capacity=10)


def continue_row(viewer_id: UUID | None, at: datetime) -> str:
    """The storefront's own row for this reader; empty when nothing was begun. As fresh as a player's last beat."""
    if viewer_id is None:
        return ""
    language = get_language() or "en"
    return _rows.get((language, viewer_id), lambda: _continue_row(viewer_id, language, at))


def _continue_row(viewer_id: UUID, language: str, at: datetime) -> str:
    """At most four queries. Cards are the same for everybody but for how far one is, and kept with a hole for that."""
    progress = list_continue_watching(viewer_id, at, CONTINUE_MAX)

    def make(missing: list[Hashable]) -> dict[Hashable, SharedPage | None]:
        wanted = cast("list[tuple[str, UUID, bool]]", missing)
        ids = [title_id for _language, title_id, _is_next in wanted]
        cards = {card.id: card for card in list_cards(row="ids", ids=ids, at=at, limit=len(ids))}
        return {key: _begun_card(cards[key[1]], is_next=key[2]) if key[1] in cards else None for key in wanted}

    found = _cards.get_many([(language, each.title_id, each.is_at_start) for each in progress], make)
    cards = [
        card.fill({} if each.is_at_start else {"percent": str(max(1, each.percent))})
        for each in progress
        if (card := found[language, each.title_id, each.is_at_start]) is not None
    ]
    frame = _frames.get(language, lambda: shared_part("storefront/continue_row.html", {"name": _("Continue watching")}))
    return frame.fill({"cards": "".join(cards)}) if cards else ""


def _begun_card(card: TitleCard, *, is_next: bool) -> SharedPage:
    how_far = {"words": _("Next episode")} if is_next else {"percent": hole("percent")}
    return shared_part("storefront/begun_card.html", {"card": card, "href": _watch_href(card), **how_far})


def shelves(viewer_id: UUID, at: datetime) -> dict[str, Any]:
    """Everything the person has, what can be watched now first. At most fourteen queries."""
    tickets = list_library(viewer_id, at)[:SHELF_MAX]
    begun = list_continue_watching(viewer_id, at, CONTINUE_MAX)
    press = list_held_press_codes(viewer_id, at)
    shown = [each.press.title_id for each in press if each.press.title_id]
    held = [each.title_id for each in tickets] + [each.title_id for each in begun]
    ids = list(dict.fromkeys(held + shown))[:SHELF_MAX]
    titles = {title_id: title for title_id, title in list_titles(ids).items() if title.state != "deleted"}
    progress = progress_for(viewer_id, ids)
    lasting = [each for each in tickets if each.kind is not OfferKind.TICKET or each.ends_at is None]
    owned = _shelf(lasting, titles, progress, at, kinds={OfferKind.BUY, OfferKind.FREE, OfferKind.TICKET})
    own = {ticket.title.id for ticket in owned}
    rented, recorded = (
        [each for each in _shelf(tickets, titles, progress, at, kinds={kind}) if each.title.id not in own]
        for kind in (OfferKind.RENT, OfferKind.TICKET)
    )
    return {
        "begun": [_begun(titles[each.title_id], each) for each in begun if each.title_id in titles],
        "shows": _shows(viewer_id),
        "owned": owned,
        "rented": rented,
        "recorded": recorded,
        "press": [ticket for each in press if (ticket := _press_ticket(each, titles, at))],
        "press_channels": list(
            list_channels({each.press.channel_id for each in press if not each.press.title_id}).values()
        ),
        "browse_href": reverse("storefront:home"),
    }


def _shows(viewer_id: UUID) -> list[Show]:
    """The broadcasts to come, or on air, that they have a ticket for; the next one first."""
    held = list_tickets(viewer_id)
    broadcasts = [each for each in find_broadcasts(each.broadcast_id for each in held).values() if not each.is_over]
    return sorted(shows_of(broadcasts).values(), key=lambda show: show.starts_at) if broadcasts else []


def _press_ticket(code: PressCode, titles: Mapping[UUID, Title], at: datetime) -> Ticket | None:
    title = titles.get(code.press.title_id) if code.press.title_id else None
    return Ticket(title=title, percent=0, note=code.explain(title.id, at)) if title else None


def _begun(title: Title, progress: Progress) -> dict[str, Any]:
    how_far = {"words": _("Next episode")} if progress.is_at_start else {"percent": max(1, progress.percent)}
    return {"card": title, "href": _watch_href(title), **how_far}


def _watch_href(card: TitleCard | Title) -> str:
    return reverse("watch:title", args=[card.channel_handle, card.path.rpartition("/")[2]])


def _shelf(
    tickets: list[Entitlement],
    titles: Mapping[UUID, Title],
    progress: Mapping[UUID, Progress],
    at: datetime,
    *,
    kinds: set[OfferKind],
) -> list[Ticket]:
    shelf = {}
    for each in tickets:
        title = titles.get(each.title_id)
        if title is None or each.kind not in kinds or title.id in shelf:
            continue
        seen = progress.get(title.id)
        note = rental_note(each, at) if each.kind is OfferKind.RENT or each.ends_at else ""
        shelf[title.id] = Ticket(title=title, percent=seen.percent if seen and not seen.finished else 0, note=note)
    return list(shelf.values())
