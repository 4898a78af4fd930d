"""What became of a purchase. The page asks monetization and decides nothing about money."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from footlights.catalog.api import Title, get_title
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.monetization.api import Purchase, PurchaseState, get_purchase, note_return
from footlights.payments.api import PaymentState, get_payment
from footlights.web.access import person_id_of

EAGER_FOR_S = 60
EAGER_S, PATIENT_S = 1, 5


@never_cache
@require_safe
def purchase(request: HttpRequest, purchase_id: uuid.UUID) -> HttpResponse:
    """What became of a purchase. While that is open the page asks again by itself, and leads to the film once paid."""
    is_script = bool(getattr(request, "htmx", False))
    try:
        bought = get_purchase(purchase_id, person_id_of(request))
        title = get_title(bought.title_id)
    except NotFoundError as error:
        raise Http404 from error
    if bought.state is PurchaseState.PAID:
        film = f"{reverse('watch:title', args=[title.channel_handle, title.slug])}?autoplay=1"
        return HttpResponseClientRedirect(film) if is_script else redirect(film)
    if not is_script and bought.state is PurchaseState.PENDING:
        note_return(purchase_id=purchase_id, viewer_id=person_id_of(request), at=now())
    template = "checkout/state.html" if is_script else "checkout/purchase.html"
    return render(request, template, _what_became_of(bought, title))


def _what_became_of(bought: Purchase, title: Title) -> dict[str, object]:
    age_s = (now() - bought.created_at).total_seconds()
    context = {"purchase": bought, "title": title, "poll_s": EAGER_S if age_s < EAGER_FOR_S else PATIENT_S}
    if bought.state is PurchaseState.UNKNOWN and bought.payment_id:
        payment = get_payment(bought.payment_id)
        context |= {"payment": payment, "is_flagged": payment.state is PaymentState.FLAGGED}
    context["is_open"] = bought.state in {PurchaseState.PENDING, PurchaseState.UNKNOWN} and not context.get(
        "is_flagged"
    )
    return context
