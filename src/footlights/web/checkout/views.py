"""What became of a purchase. The page asks monetization and decides nothing about money."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.monetization.api import Purchase, PurchaseState, get_purchase, note_return
from footlights.payments.api import PaymentState, get_payment
from footlights.web.access import person_id_of
from footlights.web.sold import Thing, next_after, thing_of, till_of

EAGER_FOR_S = 60
EAGER_S, PATIENT_S = 1, 5


@never_cache
@require_safe
def purchase(request: HttpRequest, purchase_id: uuid.UUID) -> HttpResponse:
    """What became of a purchase. While that is open the page asks again by itself, and leads to the film once paid."""
    is_script = bool(getattr(request, "htmx", False))
    try:
        bought = get_purchase(purchase_id, person_id_of(request))
        title = _bought_thing(bought)
    except NotFoundError as error:
        raise Http404 from error
    if bought.state is PurchaseState.PAID:
        there = next_after(title)
        return HttpResponseClientRedirect(there) if is_script else redirect(there)
    if not is_script and bought.state is PurchaseState.PENDING:
        note_return(purchase_id=purchase_id, viewer_id=person_id_of(request), at=now())
    template = "checkout/state.html" if is_script else "checkout/purchase.html"
    return render(request, template, _what_became_of(bought, title))


def _bought_thing(bought: Purchase) -> Thing:
    thing = thing_of(bought)
    if thing is None:
        raise NotFoundError("There is no such title.")
    return thing


def _what_became_of(bought: Purchase, title: Thing) -> dict[str, object]:
    age_s = (now() - bought.created_at).total_seconds()
    context: dict[str, object] = {
        "purchase": bought,
        "title": title,
        "till": till_of(title, bought.offer_id),
        "poll_s": EAGER_S if age_s < EAGER_FOR_S else PATIENT_S,
    }
    if bought.state is PurchaseState.UNKNOWN and bought.payment_id:
        payment = get_payment(bought.payment_id)
        context |= {"payment": payment, "is_flagged": payment.state is PaymentState.FLAGGED}
    context["is_open"] = bought.state in {PurchaseState.PENDING, PurchaseState.UNKNOWN} and not context.get(
        "is_flagged"
    )
    return context
