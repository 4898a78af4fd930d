"""In which currencies a channel sells, and what its titles cost in one of them: proposed, changed, agreed to."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError, InvalidInputError
from footlights.kernel.money import parse_money
from footlights.prices import api as prices
from footlights.prices.api import Market
from footlights.terms.api import SaleKind
from footlights.web.paging import number_of, page_of
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, person_id, with_channel
from footlights.web.studio.forms import blame
from footlights.web.studio.local_prices import PER_PAGE, LocalLine, agree, lines_of
from footlights.web.studio.market_form import MarketForm, code_of, words_of
from footlights.web.studio.presenting import net_abroad

PRICED = (SaleKind.BUY, SaleKind.RENT, SaleKind.TICKET, SaleKind.SUBSCRIPTION)


@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    """All currencies and the form for another; a POST opens it and leads to its prices."""
    form = MarketForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        market = form.market()
        try:
            prices.open_market(channel_id=request.channel.id, market=market, by_id=person_id(request), at=now())
        except InvalidInputError as error:
            blame(form, error)
        else:
            return redirect("studio:market", code_of(market))
    opened = [
        {"market": each, "code": code_of(each), "words": words_of(each), "percent": f"{each.share_bps / 100:g}"}
        for each in prices.list_markets(request.channel.id)
    ]
    context = {"section": "money", "form": form, "markets": opened}
    return render(request, "studio/markets.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def prices_in(request: StudioRequest, code: str) -> HttpResponse:
    """What each title costs there, what today's rate proposes, and what stays; a POST agrees to what is typed."""
    market = _market(request, code)
    lines, has_more = lines_of(request.channel.id, market, number_of(request), at=now())
    status = 200
    if request.method == "POST":
        try:
            wanted = [(line, line.agreed_with(_typed(request, line), market)) for line in lines]
            agree(channel_id=request.channel.id, editor_id=person_id(request), lines=wanted, at=now())
        except _LineError as wrong:
            wrong.line.error, status = str(wrong), UNPROCESSABLE
        except FootlightsError as error:
            messages.error(request, str(error))
            status = UNPROCESSABLE
        else:
            messages.success(request, _("These are the prices from now on."))
            return redirect(request.get_full_path())
    context: dict[str, Any] = {
        "section": "money",
        "market": market,
        "code": code,
        "words": words_of(market),
        "lines": lines,
        "page": page_of(request, lines, per_page=PER_PAGE, has_more=has_more),
        "is_moved": any(line.is_far_off for line in lines),
        "has_rate": any(line.proposed for line in lines),
    }
    return render(request, "studio/market.html", context, status=status)


@require_GET
@with_channel
def preview(request: StudioRequest, code: str) -> HttpResponse:
    """What of a price stays with the creator, while it is typed."""
    market = _market(request, code)
    name = request.GET.get("field", "")
    asked = request.GET.get("kind", "")
    kind = SaleKind(asked) if asked in PRICED else SaleKind.BUY
    try:
        typed = request.GET.get(name, "")[:20].strip()
        price = parse_money(typed, market.currency, locale=get_language() or "en") if typed else None
    except InvalidInputError as error:
        return render(request, "studio/net.html", {"error": str(error)})
    return render(request, "studio/net.html", net_abroad(price, kind, request.channel.id, market))


@require_POST
@with_channel
def close(request: StudioRequest, code: str) -> HttpResponse:
    market = _market(request, code)
    prices.close_market(
        channel_id=request.channel.id, currency=market.currency, country=market.country, by_id=person_id(request)
    )
    messages.success(request, _("Buyers there see your own prices again."))
    return redirect("studio:markets")


class _LineError(Exception):
    """What was typed into a line is no price."""

    def __init__(self, line: LocalLine, words: str) -> None:
        super().__init__(words)
        self.line = line


def _typed(request: StudioRequest, line: LocalLine) -> Any:
    line.typed = request.POST.get(line.field, "")[:20].strip()
    try:
        return parse_money(line.typed, line.currency, locale=get_language() or "en") if line.typed else None
    except InvalidInputError as error:
        raise _LineError(line, str(error)) from error


def _market(request: StudioRequest, code: str) -> Market:
    found = next((each for each in prices.list_markets(request.channel.id) if code_of(each) == code), None)
    if found is None:
        raise Http404
    return found
