"""What the channel earned: now, over time, by title and sale by sale."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from footlights.accounts import api as accounts
from footlights.kernel.clock import now
from footlights.monetization import api as monetization
from footlights.web.sold import thing_of, things_of
from footlights.web.studio.current import StudioRequest, with_channel

PERIODS = {"30": 30, "90": 90, "365": 365}
SALES_SHOWN = 50


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    channel_id = request.channel.id
    currencies = monetization.earning_currencies(channel_id)
    currency = request.GET.get("currency", "")
    if currency not in currencies:
        currency = currencies[0] if currencies else accounts.get_installation().currency
    period = request.GET.get("days", "30")
    period = period if period in PERIODS else "30"
    sales = monetization.list_sales(channel_id, limit=SALES_SHOWN)
    by_title = monetization.earnings_by_title(channel_id, currency)
    things = things_of([*sales, *by_title])
    days = monetization.daily_earnings(channel_id, currency, PERIODS[period], now())
    context = {
        "section": "money",
        "currencies": currencies,
        "currency": currency,
        "period": period,
        "periods": list(PERIODS),
        "earnings": monetization.earnings(channel_id, currency),
        "days": [(day.day, day.net) for day in days],
        "by_title": [{"title": thing_of(line, things), "line": line} for line in by_title],
        "sales": [{"title": thing_of(sale, things), "sale": sale} for sale in sales],
    }
    return render(request, "studio/money.html", context)
