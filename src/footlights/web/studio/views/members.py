"""A channel's members: how many, what they bring, and what they are offered."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.accounts import api as accounts
from footlights.accounts.api import Permission
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.subscriptions import api as subscriptions
from footlights.subscriptions.api import MAX_TIER, Plan
from footlights.web.memberships.words import choices_of
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.current import StudioRequest, person_id, with_channel
from footlights.web.studio.forms import blame
from footlights.web.studio.plan_form import PlanForm

PERIODS = {"30": 30, "90": 90, "365": 365}


@never_cache
@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    period = request.GET.get("days", "30")
    period = period if period in PERIODS else "30"
    plans = subscriptions.list_plans(request.channel.id)
    days = subscriptions.members_by_day(request.channel.id, PERIODS[period], now())
    figures = subscriptions.member_figures(request.channel.id, now())
    context = {
        "section": "members",
        "period": period,
        "periods": list(PERIODS),
        "plans": [{"plan": plan, "choices": choices_of(plan, may_try=True)} for plan in plans],
        "next_tier": max((plan.tier for plan in plans), default=0) + 1,
        "max_tier": MAX_TIER,
        "figures": [
            {"line": each, "churn": None if each.churn_bps is None else f"{each.churn_bps / 100:g}"} for each in figures
        ],
        "days": [(day.day, day.members) for day in days],
        "may_price": Permission.SET_PRICES in request.may,
        "may_share": Permission.SHARE_EARNINGS in request.may,
    }
    return render(request, "studio/members.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def plan(request: StudioRequest, tier: int) -> HttpResponse:
    current = _plan_of(request, tier)
    if current is None and not 1 <= tier <= MAX_TIER:
        raise Http404
    if request.method != "POST":
        return _page(request, tier, current, PlanForm.of(current, currency=accounts.get_installation().currency))
    form = PlanForm(request.POST)
    if form.is_valid():
        try:
            subscriptions.offer_plan(
                channel_id=request.channel.id,
                editor_id=person_id(request),
                tier=tier,
                name=form.cleaned_data["name"],
                words=form.cleaned_data["words"],
                terms=form.cleaned_data["terms"],
                at=now(),
            )
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("Saved. It is offered on your channel's page."))
            return redirect("studio:members")
    return _page(request, tier, current, form)


@require_POST
@with_channel
def withdraw(request: StudioRequest, tier: int) -> HttpResponse:
    current = _plan_of(request, tier)
    if current is not None:
        subscriptions.withdraw_plan(plan_id=current.id, editor_id=person_id(request), at=now())
        messages.success(request, _("Nobody new can join it. Who is a member stays one."))
    return redirect("studio:members")


def _plan_of(request: StudioRequest, tier: int) -> Plan | None:
    return next((each for each in subscriptions.list_plans(request.channel.id) if each.tier == tier), None)


def _page(request: StudioRequest, tier: int, current: Plan | None, form: PlanForm) -> HttpResponse:
    context = {"section": "members", "tier": tier, "plan": current, "form": form}
    return render(request, "studio/plan.html", context, status=UNPROCESSABLE if form.errors else 200)
