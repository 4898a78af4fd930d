"""What search engines read first: robots.txt, and the sitemap it names, in files of bounded size (sitemaps.org)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from footlights.catalog import api as catalog
from footlights.catalog.api import Address
from footlights.kernel.clock import now

SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
KEPT_S = 3600
PAGES_MAX = 50_000  # of a sitemap's index, by its specification
NOT_FOR_ROBOTS = ("/studio/", "/backoffice/", "/account/", "/search")

KINDS: dict[str, tuple[Callable[..., int], Callable[..., list[Address]]]] = {
    "titles": (catalog.count_title_addresses, catalog.list_title_addresses),
    "collections": (catalog.count_collection_addresses, catalog.list_collection_addresses),
    "channels": (catalog.count_channel_addresses, catalog.list_channel_addresses),
}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  the same for everybody
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('storefront:sitemap')}", ""]
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  as above
    """The index: where the pages are. Two counts, however large the catalog is."""
    return _xml("sitemapindex", (_entry("sitemap", path) for path in _pages(now())))


@require_safe
def sitemap_page(request: HttpRequest, kind: str, page: int) -> HttpResponse:  # noqa: ARG001  as above
    if kind not in KINDS or not 1 <= page <= PAGES_MAX:
        raise Http404
    _count, list_addresses = KINDS[kind]
    found = list_addresses(at=now(), page=page)
    if not found:
        raise Http404
    return _xml("urlset", (_entry("url", each.path, each.changed_at) for each in found))


def _pages(at: datetime) -> Iterator[str]:
    for kind, (count, _list) in KINDS.items():
        for page in range(1, -(-count(at=at) // catalog.MAX_ADDRESSES) + 1):
            yield reverse("storefront:sitemap_page", args=[kind, page])


def _entry(tag: str, path: str, changed_at: datetime | None = None) -> str:
    changed = f"<lastmod>{changed_at:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed_at else ""
    return f"<{tag}><loc>{escape(settings.SITE_URL + path)}</loc>{changed}</{tag}>"


def _xml(root: str, entries: Iterator[str]) -> HttpResponse:
    body = "\n".join(
        ['<?xml version="1.0" encoding="utf-8"?>', f'<{root} xmlns="{SCHEMA}">', *entries, f"</{root}>", ""]
    )
    return _kept(HttpResponse(body, content_type="application/xml; charset=utf-8"))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={KEPT_S}"
    return response
