"""The pass, as the house sees it: what it costs, who takes part, what waits and what was shared."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from footlights.accounts.api import get_installation
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.monetization.api import list_in_pass
from footlights.subscriptions import api as subscriptions
from footlights.web.access import person_id_of
from footlights.web.pass_words import formula
from footlights.web.studio.forms import blame
from footlights.web.studio.plan_form import PlanForm

SECONDS_A_MINUTE = 60
DAY = timedelta(days=1)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """What there is, and the form of what it costs; a POST offers it, or changes it for whoever comes from now on."""
    plan = subscriptions.find_pass()
    form = PlanForm.of(plan, currency=get_installation().currency)
    if request.method == "POST":
        form = PlanForm(request.POST)
        if form.is_valid() and _offer(request, form):
            messages.success(request, _("Saved. It is offered from now on."))
            return redirect("backoffice:pass")
    today = now().date()
    context = {
        "section": "pass",
        "plan": plan,
        "form": form,
        "formula": formula(now()),
        "have_it": subscriptions.count_passes(),
        "channels": len(list_in_pass(today, today + DAY)),
        "waiting": subscriptions.waiting_to_be_shared(),
        "months": [
            {"line": each, "minutes": each.seconds // SECONDS_A_MINUTE} for each in subscriptions.list_pass_months()
        ],
    }
    return render(request, "backoffice/pass.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    subscriptions.withdraw_pass(at=now())
    messages.success(request, _("Nobody new can join it. Who has it keeps it."))
    return redirect("backoffice:pass")


def _offer(request: HttpRequest, form: PlanForm) -> bool:
    sent = form.cleaned_data
    try:
        subscriptions.offer_pass(
            editor_id=person_id_of(request), name=sent["name"], words=sent["words"], terms=sent["terms"], at=now()
        )
    except InvalidInputError as error:
        blame(form, error)
        return False
    return True
