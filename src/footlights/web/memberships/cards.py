"""The cards one lets the payment service keep."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.payments.api import (
    GatewayUnreachableError,
    MethodGoneError,
    PaymentsClosedError,
    forget_method,
    list_methods,
    make_default,
    note_setup_return,
    open_method_setup,
)
from footlights.subscriptions import api as subscriptions
from footlights.subscriptions.api import State
from footlights.web.access import person_id_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest) -> HttpResponse:
    """What is kept; POST leads to the page on which another card is. Whoever comes back from it sees it at once."""
    person_id = person_id_of(request)
    if request.method == "GET" and "back" in request.GET:
        if note_setup_return(payer_id=person_id, at=now()):
            messages.success(request, _("This card is kept, and is charged from now on."))
        return redirect("memberships:cards")
    if request.method == "POST":
        try:
            setup = open_method_setup(
                payer_id=person_id, return_path=f"{request.path}?back=1", idempotency_key=f"card:{new_id()}", at=now()
            )
        except (GatewayUnreachableError, PaymentsClosedError):
            messages.error(request, _("The payment service does not answer. Try again in a moment."))
            return redirect("memberships:cards")
        return HttpResponse(status=303, headers={"Location": setup.hosted_url})
    owes = any(each.state is State.PAST_DUE for each in subscriptions.list_subscriptions(person_id))
    return render(request, "memberships/cards.html", {"methods": list_methods(person_id), "owes": owes})


@require_POST
def change(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """Use it from now on (and for what is owed, at once), or keep it no longer."""
    person_id = person_id_of(request)
    try:
        if request.POST.get("act") == "forget":
            forget_method(payer_id=person_id, method_id=method_id, at=now())
            messages.success(request, _("Forgotten."))
        else:
            make_default(payer_id=person_id, method_id=method_id)
            subscriptions.note_method(payer_id=person_id, at=now())
            messages.success(request, _("This one is charged from now on."))
    except MethodGoneError as error:
        messages.error(request, str(error))
    except GatewayUnreachableError:
        messages.error(request, _("The payment service does not answer. Try again in a moment."))
    return redirect("memberships:cards")
