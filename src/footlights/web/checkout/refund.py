"""A buyer gives back what they bought, where the terms let them."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.monetization.api import (
    Purchase,
    PurchaseState,
    get_purchase,
    list_granted_titles,
    return_purchase,
    why_not_returned,
)
from footlights.playback.api import progress_for
from footlights.web.access import person_id_of
from footlights.web.sold import thing_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, purchase_id: uuid.UUID) -> HttpResponse:
    """Say what goes back and what is lost with it; POST does it. Where it cannot be done the page says why."""
    viewer_id = person_id_of(request)
    purchase = get_purchase(purchase_id, viewer_id)
    watched = watched_percent(purchase)
    if request.method == "POST":
        try:
            done = return_purchase(
                purchase_id=purchase_id,
                viewer_id=viewer_id,
                watched_percent=watched,
                idempotency_key=f"return:{purchase_id}",
                at=now(),
            )
        except FootlightsError as error:
            messages.error(request, str(error))
            return redirect("checkout:refund", purchase_id)
        words = _("Your money is on its way back.")
        messages.success(request, words if done.state is PurchaseState.REFUNDED else _("Your money goes back soon."))
        return redirect("account:receipt", purchase_id)
    context = {
        "purchase": purchase,
        "title": thing_of(purchase),
        "why_not": why_not_returned(purchase_id=purchase_id, viewer_id=viewer_id, watched_percent=watched, at=now()),
    }
    return render(request, "checkout/refund.html", context)


def watched_percent(purchase: Purchase) -> int:
    """How much of it its buyer watched, on average over what came with it; all of a title once they saw its end."""
    title_ids = list_granted_titles(purchase.id)
    progress = progress_for(purchase.viewer_id, title_ids).values()
    return sum(100 if each.finished else each.percent for each in progress) // max(len(title_ids), 1)
