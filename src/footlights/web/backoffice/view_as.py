"""A title's page as somebody else would see it, for support: a picture of the page, with nothing in it to press.

Nobody is acted for: the reader stays who they are, no session changes, and this address takes no form. What the page
says is decided by the same rules, from what such a person would hold. That it was looked at is in the trail.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from footlights.audit.api import Act, record
from footlights.catalog.api import Title, find_title_with_more, get_title, is_visible
from footlights.kernel.clock import now
from footlights.monetization.api import Entitlement, OfferKind, may_anybody_watch
from footlights.web.design.page import Content, look_of, respond
from footlights.web.storefront.content import ROW_LENGTH
from footlights.web.storefront.title_page import FoundTitle, card_of, show_title

WHO: dict[str, Any] = {
    "visitor": _("a visitor, not signed in"),
    "member": _("somebody who has bought it"),
    "expired": _("somebody whose rental is over"),
}


@never_cache
@require_GET
def title_as(request: HttpRequest, title_id: UUID, who: str) -> HttpResponse:
    title, at = get_title(title_id), now()
    found = find_title_with_more(handle=title.channel_handle, slug=title.slug, limit=ROW_LENGTH, at=at)
    if who not in WHO or found is None:
        raise Http404
    with transaction.atomic():
        told = {"name": title.name, "as": who}
        record(act=Act.VIEWED_AS, object_kind="title", object_id=title_id, channel_id=title.channel_id, after=told)
    shown, is_out = show_title(FoundTitle(*found), at), is_visible(title, None, at)
    decision = may_anybody_watch(
        shown.offers,
        is_visible=is_out,
        at=at,
        signed_in=who != "visitor",
        entitlements=_held(who, title, at),
    )
    context = dict(shown.content.context) | {
        "viewed_as": WHO[who],
        "way_out": reverse("backoffice:title", args=[title_id]),
        "others": [(label, reverse("backoffice:title_as", args=[title_id, key])) for key, label in WHO.items()],
        "is_there": is_out or decision.allowed,
    }
    page = Content("backoffice/view_as.html", context).page(look_of(signed_in=who != "visitor"))
    card = card_of(shown, decision, at, signed_in=who != "visitor")
    return respond(request, page, price_card=card)


def _held(who: str, title: Title, at: datetime) -> list[Entitlement]:
    """What such a person would hold of the title."""
    if who == "visitor":
        return []
    then = at - timedelta(days=7)
    if who == "member":
        return [Entitlement(title.id, OfferKind.BUY, then, None, None, None, None)]
    return [Entitlement(title.id, OfferKind.RENT, then, then, then, at - timedelta(days=1), None)]
