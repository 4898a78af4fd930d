"""What all of a collection costs as one, and what of it stays with its creator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from footlights.catalog.api import Collection
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import parse_money
from footlights.monetization import api as monetization
from footlights.monetization.api import OfferKind
from footlights.web.account.proof import require_proof
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.collection_form import AllPriceForm
from footlights.web.studio.current import StudioRequest, person_id
from footlights.web.studio.forms import blame
from footlights.web.studio.presenting import net_of, prices_abroad
from footlights.web.studio.views.collections import show_page, with_collection


@require_POST
@with_collection
def price(request: StudioRequest, found: Collection) -> HttpResponse:
    """Set it; empty takes it off sale. Another price of what people can buy already needs a proof."""
    form = AllPriceForm(request.POST)
    if form.is_valid():
        current = monetization.find_collection_offer(found.id)
        if found.state == "published" and (current.price if current else None) != form.amount:
            require_proof(request)
        try:
            monetization.price_collection(
                collection_id=found.id, editor_id=person_id(request), price=form.amount, at=now()
            )
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("studio:collection", found.id)
    return show_page(request, found, price_form=form, status=UNPROCESSABLE)


@require_GET
@with_collection
def preview(request: StudioRequest, found: Collection) -> HttpResponse:
    """What of a price stays with the creator, while it is typed."""
    typed, currency = request.GET.get("price", "")[:20], request.GET.get("currency", "")[:3]
    try:
        amount = parse_money(typed, currency, locale=get_language() or "en") if typed.strip() else None
    except InvalidInputError as error:
        return render(request, "studio/net.html", {"error": str(error)})
    context = net_of(amount, OfferKind.BUY, found.channel_id) | {"abroad": prices_abroad(amount, OfferKind.BUY, found)}
    return render(request, "studio/net.html", context)
