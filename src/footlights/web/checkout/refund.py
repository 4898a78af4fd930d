"""A buyer gives back what they bought, where the terms let them."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.catalog.api import get_title
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.monetization.api import Purchase, PurchaseState, get_purchase, return_purchase, why_not_returned
from footlights.playback.api import progress_for
from footlights.web.access import person_id_of


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
        "title": get_title(purchase.title_id),
        "why_not": why_not_returned(purchase_id=purchase_id, viewer_id=viewer_id, watched_percent=watched, at=now()),
    }
    return render(request, "checkout/refund.html", context)


def watched_percent(purchase: Purchase) -> int:
    """How much of it its buyer watched; all of it once they came to the end."""
    progress = progress_for(purchase.viewer_id, [purchase.title_id]).get(purchase.title_id)
    if progress is None:
        return 0
    return 100 if progress.finished else progress.percent
