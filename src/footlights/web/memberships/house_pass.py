"""The page that sells the pass: what it opens, what it costs, and where the money goes."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from footlights.catalog.api import get_channel, list_channels
from footlights.kernel.clock import now
from footlights.monetization.api import list_in_pass
from footlights.subscriptions import api as subscriptions
from footlights.subscriptions.api import State
from footlights.web.memberships import words
from footlights.web.pass_words import formula
from footlights.web.whereabouts import buyer_of_request

CHANNELS_SHOWN = 60
DAY = timedelta(days=1)


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    at, viewer_id = now(), request.user.pk
    plan = subscriptions.find_pass(buyer_of_request(request))
    own = subscriptions.find_living(viewer_id, plan.channel_id) if plan and viewer_id else None
    may_try = plan is None or viewer_id is None or subscriptions.may_try(viewer_id, plan.channel_id)
    taking_part = [each.channel_id for each in list_in_pass(at.date(), at.date() + DAY)]
    context = {
        "plan": plan,
        "house": get_channel(plan.channel_id) if plan else None,
        "choices": words.choices_of(plan, may_try=may_try) if plan else [],
        "own": own if own and own.state is not State.PENDING else None,
        "channels": list(list_channels(taking_part[:CHANNELS_SHOWN]).values()),
        "more": max(len(taking_part) - CHANNELS_SHOWN, 0),
        "formula": formula(at),
    }
    return render(request, "memberships/pass.html", context)
