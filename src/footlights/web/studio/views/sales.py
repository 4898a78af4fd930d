"""Every sale of the channel, each with where its money went; and giving one back."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import Permission
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.kernel.money import parse_money
from footlights.monetization import api as monetization
from footlights.monetization.api import PurchaseState
from footlights.terms.api import refund_proof_above
from footlights.web.account.proof import require_proof
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.sold import thing_of, things_of
from footlights.web.studio.current import StudioRequest, person_id, with_channel

KEY_LENGTH_MAX = 40


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    rows = monetization.list_sales(request.channel.id, limit=PER_PAGE + 1, offset=(number_of(request) - 1) * PER_PAGE)
    page = page_of(request, rows)
    things = things_of(page.rows)
    context = {
        "section": "money",
        "page": page,
        "sales": [{"title": thing_of(sale, things), "sale": sale} for sale in page.rows],
    }
    return render(request, "studio/sales.html", context)


@require_safe
@with_channel
def sale(request: StudioRequest, purchase_id: UUID) -> HttpResponse:
    found = monetization.get_sale(channel_id=request.channel.id, purchase_id=purchase_id)
    context = {
        "section": "money",
        "sale": found,
        "title": thing_of(found),
        "may_refund": Permission.REFUND_SALES in request.may and found.state is not PurchaseState.REFUNDED,
        "key": uuid4(),  # of the form for a part: a second click gives nothing twice
        "question": _("Give %(amount)s back?") % {"amount": (found.price - found.refunded).format(_reader())},
    }
    return render(request, "studio/sale.html", context)


@require_POST
@with_channel
def refund(request: StudioRequest, purchase_id: UUID) -> HttpResponse:
    """Give the money of one sale back, or a part of it. A second click gives nothing twice: the key is the sale's."""
    at = now()
    found = monetization.get_sale(channel_id=request.channel.id, purchase_id=purchase_id)
    if refund_proof_above(found.price.currency, at) < found.price:
        require_proof(request)
    typed, key = request.POST.get("amount", ""), request.POST.get("key", "whole")[:KEY_LENGTH_MAX]
    try:
        purchase = monetization.refund_purchase(
            purchase_id=purchase_id,
            by_id=person_id(request),
            idempotency_key=f"studio:{purchase_id}:{key}",
            at=at,
            amount=parse_money(typed, found.price.currency, locale=_reader()) if typed else None,
        )
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        if purchase.state is PurchaseState.REFUNDED:
            messages.success(request, _("The money is on its way back, and the viewer can no longer watch."))
        elif found.refunded < purchase.refunded:
            messages.success(request, _("This part is on its way back."))
        else:
            messages.info(
                request, _("The payment service does not answer yet. The money goes back by itself as soon as it does.")
            )
    return redirect("studio:sale", purchase_id)


def _reader() -> str:
    return get_language() or "en"
