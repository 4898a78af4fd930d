"""The storefront's pages: the shared page as it is kept, and the reader's own parts into its holes."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from footlights.catalog.api import (
    Row,
    list_categories,
    list_rows,
    list_used_categories,
    search_collections,
    search_titles,
)
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.shared import Shared
from footlights.monetization.api import offers_for_titles
from footlights.prices.api import Buyer
from footlights.web.design.page import Content, Look, look_of, respond
from footlights.web.storefront import content
from footlights.web.storefront import library as shelves
from footlights.web.storefront.channel_ways import channel_ways
from footlights.web.storefront.hero_action import hero_action
from footlights.web.storefront.title_page import (
    FRESH_S,
    HiddenError,
    ShownTitle,
    find_visible,
    had_press_code,
    may_see_hidden,
    price_card,
    show_title,
)
from footlights.web.storefront.viewer import viewer_id_of
from footlights.web.whereabouts import reach_of_request

PAGES_MAX = 200
QUERY_MAX_CHARS = 100
STALE_S = 5.0

_pages: Shared[Content] = Shared(fresh_s=FRESH_S, stale_s=STALE_S, capacity=250)
_titles: Shared[ShownTitle] = Shared(fresh_s=FRESH_S, stale_s=STALE_S, capacity=500)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer_id, look = _reader(request)
    at, buyer = now(), reach_of_request(request)
    shown = _pages.get(("home", look.language, buyer), lambda: Content("storefront/home.html", content.home(at, buyer)))
    return respond(
        request,
        shown.page(look),
        continue_row=shelves.continue_row(viewer_id, at),
        hero_action=hero_action(shown.context["hero"], viewer_id, at),
    )


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    chosen = next((each for each in list_categories() if each.slug == slug), None)
    if chosen is None:
        raise Http404
    number = _page_number(request)
    return _listing(
        request,
        ("category", slug, number),
        "storefront/category.html",
        lambda buyer: content.category(chosen, number, now(), buyer),
    )


@require_safe
def channel(request: HttpRequest, handle: str) -> HttpResponse:
    number = _page_number(request)
    viewer_id, look = _reader(request)
    shown = _shared(
        request,
        ("channel", handle, number),
        "storefront/channel.html",
        lambda buyer: content.channel(handle, number, now(), buyer),
    )
    return respond(request, shown.page(look), channel_ways=channel_ways(shown.context, viewer_id))


@require_safe
def title(request: HttpRequest, handle: str, slug: str) -> HttpResponse:
    viewer_id, look = _reader(request)
    at, buyer = now(), reach_of_request(request)
    try:
        shown = _titles.get(
            (handle, slug, look.language, buyer), lambda: show_title(find_visible(handle, slug, at), at, buyer)
        )
        if viewer_id == shown.title.owner_id:  # who changes it sees the change at once
            shown = show_title(find_visible(handle, slug, at), at, buyer)
    except HiddenError as hidden:
        if had_press_code(hidden.found.title, viewer_id, at):  # told there that it is used up, and no more of the film
            return HttpResponseRedirect(reverse("watch:title", args=[handle, slug]))
        if not may_see_hidden(hidden.found.title, viewer_id, at):
            raise Http404 from hidden
        shown = show_title(hidden.found, at, buyer)
    except NotFoundError as error:
        raise Http404 from error
    if shown.title.path != request.path:
        return HttpResponseRedirect(shown.title.path, status=301)
    response = respond(request, shown.content.page(look), price_card=price_card(shown, viewer_id, at))
    response["Speculation-Rules"] = f'"{reverse("watch:speculation_rules")}"'  # to watch may be the next click
    return response


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """While one types, htmx asks for the results alone."""
    at, number = now(), _page_number(request)
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:QUERY_MAX_CHARS]
    if query:
        found = search_titles(
            text=query, at=at, limit=content.PAGE_LENGTH + 1, offset=(number - 1) * content.PAGE_LENGTH
        )
    else:
        newest = Row(kind="newest", limit=content.PAGE_LENGTH + 1, offset=(number - 1) * content.PAGE_LENGTH)
        found = list_rows([newest], at=at)[0]
    cards = found[: content.PAGE_LENGTH]
    context = {
        "query": query,
        "href_base": f"?{urlencode({'q': query})}&page=" if query else "?page=",
        "collections": search_collections(query) if number == 1 else [],
        "cards": content.priced(cards, offers_for_titles([card.id for card in cards], reach_of_request(request)), at),
        "categories": [] if cards and query else list_used_categories(at=at),
        "page": number,
        "has_more": len(found) > content.PAGE_LENGTH,
    }
    response = render(
        request, "storefront/results.html" if "HX-Request" in request.headers else "storefront/search.html", context
    )
    response["Vary"] = "Cookie, HX-Request"
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/library.html", shelves.shelves(cast("UUID", request.user.pk), now()))


def _listing(
    request: HttpRequest, key: tuple[object, ...], template: str, make: Callable[[Buyer], dict[str, Any]]
) -> HttpResponse:
    _viewer_id, look = _reader(request)
    return respond(request, _shared(request, key, template, make).page(look))


def _shared(
    request: HttpRequest, key: tuple[object, ...], template: str, make: Callable[[Buyer], dict[str, Any]]
) -> Content:
    buyer = reach_of_request(request)
    try:
        return _pages.get((*key, get_language() or "en", buyer), lambda: Content(template, make(buyer)))
    except NotFoundError as error:
        raise Http404 from error


def _reader(request: HttpRequest) -> tuple[UUID | None, Look]:
    viewer_id = viewer_id_of(request)
    return viewer_id, look_of(signed_in=viewer_id is not None)


def _page_number(request: HttpRequest) -> int:
    """From 1; a number nobody can mean is not found, so that nobody pages through nothing."""
    given = request.GET.get("page", "1")
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= PAGES_MAX:
        raise Http404
    return int(given)
