"""The gifts people bought of a channel's titles: what waits to be opened, what was earned; and giving one back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import Permission
from footlights.giving import api as giving
from footlights.giving.api import State
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError
from footlights.terms.api import refund_proof_above
from footlights.web.account.proof import require_proof
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.sold import thing_of, things_of
from footlights.web.studio.current import StudioRequest, person_id, with_channel


@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, giving.list_sold_gifts(request.channel.id, limit=PER_PAGE + 1, offset=offset))
    things = things_of(page.rows)
    context = {
        "section": "money",
        "page": page,
        "gifts": [{"gift": each, "title": thing_of(each, things)} for each in page.rows],
        "totals": giving.gift_totals(request.channel.id),
    }
    return render(request, "studio/gifts.html", context)


@require_safe
@with_channel
def gift(request: StudioRequest, gift_id: UUID) -> HttpResponse:
    found = giving.get_sold_gift(channel_id=request.channel.id, gift_id=gift_id)
    left = found.amount - found.refunded
    context = {
        "section": "money",
        "gift": found,
        "title": thing_of(found),
        "may_refund": Permission.REFUND_SALES in request.may and found.state is not State.REFUNDED,
        "question": _("Give %(amount)s back?") % {"amount": left.format(get_language() or "en")},
    }
    return render(request, "studio/gift.html", context)


@require_POST
@with_channel
def refund(request: StudioRequest, gift_id: UUID) -> HttpResponse:
    """Give a gift's money back, all that is left of it. A second click gives nothing twice: the key is the gift's."""
    at = now()
    found = giving.get_sold_gift(channel_id=request.channel.id, gift_id=gift_id)
    if refund_proof_above(found.amount.currency, at) < found.amount:
        require_proof(request)
    key = f"studio:gift:{gift_id}"
    try:
        done = giving.refund_gift(gift_id=gift_id, by_id=person_id(request), idempotency_key=key, at=at)
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        words = _("The money is on its way back to whoever gave it.")
        later = _("The payment service does not answer yet. The money goes back by itself as soon as it does.")
        messages.success(request, words if done.state is State.REFUNDED else later)
    return redirect("studio:gift", gift_id)
