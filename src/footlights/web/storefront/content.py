"""What the storefront's shared pages show, fetched in a bounded number of queries. Nothing personal comes in here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from footlights.catalog.api import (
    Category,
    Place,
    Row,
    Title,
    TitleCard,
    find_language_name,
    find_shown_channel,
    get_title_of_card,
    list_categories,
    list_collections_of,
    list_places_of,
    list_rows,
    list_used_categories,
)
from footlights.giving.api import tip_jar
from footlights.live.api import list_coming
from footlights.media.api import list_captions
from footlights.monetization.api import Offer, OfferKind, offers_for_collections, offers_for_titles
from footlights.prices.api import AT_HOME, Buyer
from footlights.subscriptions.api import list_plans
from footlights.web.live.cards import cards_of, posters_of
from footlights.web.memberships.words import cheapest
from footlights.web.rooms.subjects import has_open_room
from footlights.web.storefront.ways import card_price, label_of

ROW_LENGTH = 12
CATEGORY_ROWS = 5
FEW = 8  # while there are no more titles than this, rows would only repeat each other
PAGE_LENGTH = 24
SENTENCE_CHARS = 180


@dataclass(frozen=True, slots=True)
class PricedCard:
    """A poster card with what it costs, in words."""

    card: TitleCard
    price: str


@dataclass(frozen=True, slots=True)
class ShelfRow:
    name: str
    href: str
    cards: list[PricedCard]


@dataclass(frozen=True, slots=True)
class Hero:
    title: Title
    sentence: str
    action_label: str
    action_href: str
    plays: bool


def home(at: datetime, buyer: Buyer = AT_HOME) -> dict[str, Any]:
    """Hero, what is live and soon, the newest, and a row for each of the first categories that have something.

    While there are only a few titles, each is there once: the hero, and one row of all the others.
    """
    known = list_categories()  # asked for all at once: to learn first which have something would be a query more
    of_categories = [Row(kind="category", category=each.slug, limit=ROW_LENGTH) for each in known]
    newest, *of_each = list_rows([Row(kind="newest", limit=ROW_LENGTH), *of_categories], at=at)
    used = [(each, cards) for each, cards in zip(known, of_each, strict=True) if cards]
    categories, shown = [each for each, _cards in used], used[:CATEGORY_ROWS]
    offers = offers_for_titles(
        list({card.id for row in [newest, *(cards for _each, cards in shown)] for card in row}), buyer
    )
    hero = _hero(newest, offers, at)
    live = cards_of(list_coming(at=at, limit=ROW_LENGTH))
    others = priced((card for card in newest if hero and card.id != hero.title.id), offers, at)
    if len(newest) <= FEW:
        rows = [ShelfRow(_("Also on"), "", others)] if others else []
        return {"hero": hero, "live": live, "rows": rows, "categories": categories if len(categories) > 1 else []}
    rows = [ShelfRow(_("New"), reverse("storefront:search") if len(newest) == ROW_LENGTH else "", others)]
    for category, cards in shown:
        href = reverse("storefront:category", args=[category.slug])
        rows.append(ShelfRow(category.label, href, priced(cards, offers, at)))
    return {"hero": hero, "live": live, "rows": [row for row in rows if row.cards], "categories": categories}


def category(chosen: Category, page: int, at: datetime, buyer: Buyer = AT_HOME) -> dict[str, Any]:
    row = Row(kind="category", category=chosen.slug, limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH)
    [cards] = list_rows([row], at=at)
    return {"category": chosen, "categories": list_used_categories(at=at), **_grid(cards, page, at, buyer)}


def channel(handle: str, page: int, at: datetime, buyer: Buyer = AT_HOME) -> dict[str, Any]:
    """Raises NotFoundError."""
    found = find_shown_channel(handle, at=at, limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH)
    coming = list_coming(at=at, channel_id=found.id, limit=ROW_LENGTH) if page == 1 else []
    shown, cards, pictures = found.show(beside=posters_of(coming))
    return {
        "channel": shown,
        "count": found.count,
        "membership": cheapest(list_plans(shown.id, buyer)),
        "collections": list_collections_of(shown.id, public=True, limit=PAGE_LENGTH) if page == 1 else [],
        "live": cards_of(coming, shown, pictures),
        "takes_tips": tip_jar(shown.id).is_open,
        "has_room": has_open_room(shown.id),
        **_grid(cards, page, at, buyer),
    }


@dataclass(frozen=True, slots=True)
class PricedPlace:
    """Where a title belongs, and what all of that costs as one."""

    place: Place
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What a title's page shows to everybody; what it costs comes with it for those who have to ask."""

    title: Title
    language: str
    captions: list[str]
    more: list[PricedCard]
    offers: list[Offer]
    places: list[PricedPlace]
    takes_tips: bool

    @property
    def given_by(self) -> Offer | None:
        """The offer somebody gives it by: to keep, if it is sold."""
        kinds = {offer.kind: offer for offer in self.offers}
        return kinds.get(OfferKind.BUY) or kinds.get(OfferKind.RENT)


def title_page(title: Title, more: list[TitleCard], at: datetime, buyer: Buyer = AT_HOME) -> TitlePage:
    offers = offers_for_titles([title.id, *(card.id for card in more)], buyer)
    return TitlePage(
        title=title,
        language=find_language_name(title.language) if title.language else "",
        captions=[each.label for each in list_captions(title.asset_id)] if title.asset_id else [],
        more=priced(more, offers, at),
        offers=offers[title.id],
        places=_places(title, buyer),
        takes_tips=tip_jar(title.channel_id).is_open,
    )


def _places(title: Title, buyer: Buyer) -> list[PricedPlace]:
    places = list_places_of(title.id)
    offers = offers_for_collections([each.collection.id for each in places], buyer) if places else {}
    return [PricedPlace(each, offers.get(each.collection.id)) for each in places]


def priced(cards: Iterable[TitleCard], offers: Mapping[UUID, list[Offer]], at: datetime) -> list[PricedCard]:
    return [PricedCard(card, card_price(offers.get(card.id, []), at)) for card in cards]


def first_sentence(text: str) -> str:
    """The first sentence, or as much of the first paragraph as fits, ending at a word."""
    paragraph = text.strip().split("\n")[0]
    for end in (". ", "! ", "? ", "。", "… "):
        head, found, _rest = paragraph.partition(end)
        if found and len(head) < SENTENCE_CHARS:
            return head + end.strip()
    if len(paragraph) <= SENTENCE_CHARS:
        return paragraph
    return paragraph[:SENTENCE_CHARS].rsplit(" ", 1)[0] + "…"


def _hero(newest: list[TitleCard], offers: Mapping[UUID, list[Offer]], at: datetime) -> Hero | None:
    """The newest work that has a still and can be had; failing that, just the newest."""
    if not newest:
        return None
    wanted = [card for card in newest if card.poster and offers.get(card.id)] or newest
    title = get_title_of_card(wanted[0])
    cheapest = next(iter(offers.get(title.id, [])), None)
    plays = cheapest is not None and cheapest.kind == OfferKind.FREE
    return Hero(
        title=title,
        sentence=first_sentence(title.description),
        action_label=label_of(cheapest, at) if cheapest else _("See more"),
        action_href=reverse("watch:title", args=[title.channel_handle, title.slug]) if plays else title.path,
        plays=plays,
    )


def _grid(cards: list[TitleCard], page: int, at: datetime, buyer: Buyer) -> dict[str, Any]:
    offers = offers_for_titles([card.id for card in cards], buyer)
    return {"cards": priced(cards[:PAGE_LENGTH], offers, at), "page": page, "has_more": len(cards) > PAGE_LENGTH}
