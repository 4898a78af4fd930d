"""The pass, as a channel sees it: whether it takes part, what that brought, and by which formula."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import Permission
from footlights.catalog.api import list_titles
from footlights.kernel.clock import now
from footlights.monetization.api import find_in_pass, leave_pass, take_part
from footlights.subscriptions.api import PassEarning, count_passes, find_pass, pass_earnings, pass_earnings_by_title
from footlights.web.pass_words import formula
from footlights.web.studio.current import StudioRequest, person_id, with_channel

SECONDS_A_MINUTE = 60
BAR_WIDTH = 1_000  # of the picture's own units


@never_cache
@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    months = pass_earnings(request.channel.id)
    titles = pass_earnings_by_title(request.channel.id, months[0].month) if months else []
    names = list_titles([each.id for each in titles])
    context = {
        "section": "money",
        "plan": find_pass(),
        "taking_part": find_in_pass(request.channel.id, now()),
        "may_price": Permission.SET_PRICES in request.may,
        "have_it": count_passes(),
        "formula": formula(now()),
        "months": _lines(months),
        "titles": [line | {"title": names.get(line["of"].id)} for line in _lines(titles)],
    }
    return render(request, "studio/pass.html", context)


@require_POST
@with_channel
def choose(request: StudioRequest) -> HttpResponse:
    """Take part from today on, or leave with the end of the month."""
    channel_id, editor_id = request.channel.id, person_id(request)
    if request.POST.get("act") == "leave":
        leave_pass(channel_id=channel_id, editor_id=editor_id, at=now())
        messages.success(request, _("You leave with the end of this month. Until then your part is counted."))
    else:
        take_part(channel_id=channel_id, editor_id=editor_id, at=now())
        messages.success(request, _("You take part from today on."))
    return redirect("studio:pass")


def _lines(earned: list[PassEarning]) -> list[dict[str, Any]]:
    """With the minutes as a picture: how long each bar is, next to the longest."""
    most = max((each.seconds for each in earned), default=0) or 1
    return [
        {"of": each, "minutes": each.seconds // SECONDS_A_MINUTE, "width": each.seconds * BAR_WIDTH // most}
        for each in earned
    ]
