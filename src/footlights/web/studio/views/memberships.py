"""A channel's memberships one by one, without a word about who they are; and ending one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import Permission
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.subscriptions import api as subscriptions
from footlights.subscriptions.api import NotNowError, State, Subscription
from footlights.web.memberships.words import amount, badge_of, price_words
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.studio.current import StudioRequest, person_id, with_channel


@never_cache
@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, subscriptions.list_members(request.channel.id, limit=PER_PAGE + 1, offset=offset))
    lines = [{"own": each, "badge": badge_of(each), "price": price_words(each.terms)} for each in page.rows]
    return render(request, "studio/memberships.html", {"section": "members", "page": page, "lines": lines})


@never_cache
@require_safe
@with_channel
def membership(request: StudioRequest, subscription_id: UUID) -> HttpResponse:
    own = _of_the_channel(request, subscription_id)
    may_end = Permission.REFUND_SALES in request.may and own.state is not State.ENDED
    back = subscriptions.quote_end(subscription_id=own.id, by_id=person_id(request), at=now()) if may_end else None
    context = {
        "section": "members",
        "own": own,
        "badge": badge_of(own),
        "price": price_words(own.terms),
        "may_end": may_end,
        "back": back,
        "put_in": _put_in(own),
        "what_happens": _words_of_end(amount(back) if back else ""),
    }
    return render(request, "studio/membership.html", context)


@require_POST
@with_channel
def end(request: StudioRequest, subscription_id: UUID) -> HttpResponse:
    """End it at once; what is left of the paid period goes back. A second click ends and gives nothing twice."""
    _of_the_channel(request, subscription_id)
    try:
        back = subscriptions.end_now(subscription_id=subscription_id, by_id=person_id(request), at=now())
    except NotNowError as error:
        messages.error(request, str(error))
        return redirect("studio:membership", subscription_id)
    given = _("%(amount)s goes back to them.") % {"amount": amount(back)} if back else _("Nothing had to go back.")
    messages.success(request, _("The membership has ended.") + " " + given)
    return redirect("studio:memberships")


def _put_in(own: Subscription) -> Money | None:
    """What the service paid towards it so far, for a coupon of its own."""
    borne = [each.borne for each in subscriptions.list_invoices(own.id) if each.paid_at and each.borne]
    return sum(borne[1:], borne[0]) if borne else None


def _words_of_end(back: str) -> str:
    if back:
        return _(
            "They can no longer watch what is for members, and are told so. %(amount)s, for the days that are left, "
            "goes back the way it came; your share of it goes with it."
        ) % {"amount": back}
    return _("They can no longer watch what is for members, and are told so. Nothing is left to give back.")


def _of_the_channel(request: StudioRequest, subscription_id: UUID) -> Subscription:
    own = subscriptions.get_subscription(subscription_id)
    if own.channel_id != request.channel.id or own.began_at is None:
        raise Http404
    return own
