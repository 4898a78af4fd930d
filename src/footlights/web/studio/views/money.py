"""What the channel earned: now, over time, by title, by what was sold, to where and how, and sale by sale."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from footlights.accounts import api as accounts
from footlights.kernel.clock import now
from footlights.monetization import api as monetization
from footlights.payouts import api as payouts
from footlights.subscriptions import api as subscriptions
from footlights.web.sold import thing_of, things_of
from footlights.web.studio.current import StudioRequest, with_channel
from footlights.web.studio.earnings import breakdowns_of, lines_by_title

PERIODS = {"30": 30, "90": 90, "365": 365}
SALES_SHOWN = 50


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    channel_id, at = request.channel.id, now()
    currencies = monetization.earning_currencies(channel_id)
    currency = request.GET.get("currency", "")
    if currency not in currencies:
        currency = currencies[0] if currencies else accounts.get_installation().currency
    period = request.GET.get("days", "30")
    period = period if period in PERIODS else "30"
    sales = monetization.list_sales(channel_id, limit=SALES_SHOWN)
    by_title = lines_by_title(channel_id, currency)
    things = things_of([*sales, *by_title])
    days = monetization.daily_earnings(channel_id, currency, PERIODS[period], at)
    context = {
        "section": "money",
        "currencies": currencies,
        "currency": currency,
        "period": period,
        "periods": list(PERIODS),
        "earnings": monetization.earnings(channel_id, currency),
        "days": [(day.day, day.net) for day in days],
        "has_gifts": any(line.gifts for line in by_title),
        "has_tips": any(line.tips for line in by_title),
        "by_title": [{"title": thing_of(line, things), "line": line} for line in by_title],
        "sales": [{"title": thing_of(sale, things), "sale": sale} for sale in sales],
    }
    if currencies:
        context |= _what_it_means(channel_id, currency, PERIODS[period], at)
    return render(request, "studio/money.html", context)


def _what_it_means(channel_id: UUID, currency: str, days: int, at: datetime) -> dict[str, Any]:
    """Of a channel that ever earned: what may leave and what waits, what sold where and how, what a member brings."""
    standing = payouts.standing_of(payouts.creator_account(channel_id), currency, at)
    members = [each for each in subscriptions.member_figures(channel_id, at) if each.monthly.currency == currency]
    return {
        "standing": standing,
        "next": payouts.next_payout(standing, payouts.find_destination(standing.account), at),
        "members": members[0] if members else None,
        "breakdowns": breakdowns_of(channel_id, currency, days, at),
    }
