"""The studio's first page: what happened, what needs me, what to do next."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from footlights.accounts.api import Permission
from footlights.catalog import api as catalog
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.monetization import api as monetization
from footlights.playback import api as playback
from footlights.web.studio.current import StudioRequest, parts_for, with_channel
from footlights.web.studio.presenting import TitleRow, title_rows

LOOKED_AT = 100  # the newest titles, enough to find what needs somebody


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    at = now()
    since = at - timedelta(days=1)
    titles = catalog.list_titles_of(request.channel.id, order="updated", limit=LOOKED_AT)
    may_see_money = Permission.SEE_EARNINGS in request.may
    sold = monetization.list_sales(request.channel.id, limit=LOOKED_AT) if may_see_money else []
    sales = [sale for sale in sold if sale.at >= since and sale.refunded_at is None]
    rows = title_rows(titles, earned={})
    context = parts_for(request) | {
        "section": "home",
        "titles": titles,
        "sales": sales,
        "earnings": _earned(sales),
        "views": sum(playback.view_counts([title.id for title in titles], since=since).values()),
        **_followers(request.channel.id, since),
        "troubles": [row for row in rows if row.trouble][:8],
        "next": _next_step(rows, request.may),
        "own_address": f"{settings.SITE_URL}{request.channel.path}",
    }
    return render(request, "studio/home.html", context)


def _followers(channel_id: UUID, since: datetime) -> dict[str, int]:
    followers, new_followers = catalog.count_followers(channel_id, since=since)
    return {"followers": followers, "new_followers": new_followers}


def _earned(sales: list[monetization.Sale]) -> list[Money]:
    """The creator's share of these sales, a sum for each currency."""
    sums: dict[str, Money] = {}
    for sale in sales:
        known = sums.get(sale.net.currency)
        sums[sale.net.currency] = sale.net if known is None else known + sale.net
    return list(sums.values())


def _next_step(rows: list[TitleRow], may: frozenset[Permission]) -> dict[str, object]:
    """The one thing that brings this channel forward most, of what this reader may do."""
    may_edit = Permission.EDIT_TITLES in may
    if not rows:
        return {"step": "first" if may_edit else "empty"}
    for step, fits in (
        ("publish", lambda row: may_edit and row.title.state == "draft" and row.title.playable and row.price),
        (
            "price",
            lambda row: (
                Permission.SET_PRICES in may and row.title.state != "deleted" and row.title.asset_id and not row.price
            ),
        ),
    ):
        if row := next(filter(fits, rows), None):
            return {"step": step, "title": row.title}
    if any(row.title.state == "published" for row in rows):
        return {"step": "share"}
    return {"step": "more" if may_edit else "wait"}
