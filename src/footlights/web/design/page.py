"""Pages that are the same for everybody who looks alike, with holes where the personal parts go.

A shared page is rendered without the request, so that nothing personal can get into it. `{% hole "name" %}` in its
template marks a place; `fill` puts each reader's own part there without rendering anything twice.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footlights.accounts.api import Installation, get_installation
from footlights.prices.api import currencies_sold_in
from footlights.web.design.messages import MessageCookie
from footlights.web.whereabouts import currency_chosen

THEMES = ("dark", "light")
_MARK = f"<!--hole {secrets.token_hex(8)} "  # unguessable, so that no text somebody wrote can look like one
_INDENT = re.compile(r"\n\s+")  # a sixth of a page is the templates' own indentation; none of them holds a <pre>
_HOLE = re.compile(f"{re.escape(_MARK)}([a-z0-9_]+)-->")


@dataclass(frozen=True, slots=True)
class Look:
    """All that a shared page may depend on besides its address."""

    language: str
    signed_in: bool


@dataclass(frozen=True, slots=True)
class SharedPage:
    """`pieces` alternate: text, the name of a hole, text."""

    pieces: tuple[str, ...]

    def fill(self, parts: Mapping[str, str]) -> str:
        """The page with each hole filled; a hole without a part stays empty. Parts are safe HTML."""
        return "".join(parts.get(piece, "") if at % 2 else piece for at, piece in enumerate(self.pieces))


def hole(name: str) -> SafeString:
    return mark_safe(f"{_MARK}{name}-->")  # noqa: S308  names are ours


@dataclass(slots=True)
class Content:
    """What a page shows, and the page as it was rendered for each look. Equal content needs no rendering again."""

    template: str
    context: Mapping[str, Any]
    installation: Installation | None = field(default_factory=get_installation)
    _pages: dict[Look, SharedPage] = field(default_factory=dict, compare=False)

    def page(self, look: Look) -> SharedPage:
        """The page for a look in the language that the content was made in."""
        page = self._pages.get(look)
        if page is None:
            shared = {"signed_in": look.signed_in, "installation": self.installation, "site_url": settings.SITE_URL}
            page = self._pages[look] = shared_part(self.template, {**shared, **self.context})
        return page


def look_of(*, signed_in: bool) -> Look:
    return Look(get_language() or "en", signed_in)


def theme_attribute(choice: str | None) -> str:
    """data-theme for <html> when the reader chose one; so the first paint is right and nothing flashes."""
    return f'data-theme="{choice}"' if choice in THEMES else ""


def shared_part(template: str, context: Mapping[str, Any]) -> SharedPage:
    """A piece of a page that is the same for everybody but for its holes."""
    return SharedPage(tuple(_HOLE.split(_INDENT.sub("\n", part(template, context)))))


def respond(request: HttpRequest, page: SharedPage, **parts: str) -> HttpResponse:
    theme = theme_attribute(request.COOKIES.get("theme"))
    response = HttpResponse(
        page.fill({"theme": theme, "toasts": _toasts(request), "currency": currency_link(request), **parts})
    )
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, HX-Request"
    return response


def part(template: str, context: Mapping[str, Any]) -> str:
    """A personal part, rendered without the request as well: it may use what it is given, and that alone."""
    return get_template(template).render(dict(context))


def currency_link(request: HttpRequest) -> str:
    """The way to another currency, for the page's foot; nothing where all is sold in one."""
    if not currencies_sold_in():
        return ""
    chosen = currency_chosen(request)
    words = _("Currency: %(currency)s") % {"currency": chosen} if chosen else _("Currency")
    where = f"{reverse('storefront:currency')}?next={quote(request.get_full_path())}"
    return format_html('<a href="{}" rel="nofollow">{}</a>', where, words)


def _toasts(request: HttpRequest) -> str:
    """Messages travel in a cookie of their own; without it there is nothing to read and nothing to render."""
    waiting = MessageCookie.cookie_name in request.COOKIES
    return part("design/components/toasts.html", {"messages": get_messages(request)}) if waiting else _NO_TOASTS


_NO_TOASTS = '<div class="toasts" id="toasts" role="status" aria-live="polite"></div>'
