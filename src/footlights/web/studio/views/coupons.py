"""A channel's coupons: make one, see how often it was used, end it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.accounts import api as accounts
from footlights.catalog import api as catalog
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.monetization import api as monetization
from footlights.subscriptions.api import get_plan, list_plans
from footlights.web.coupon_words import codes_to_take, lasts_of, line_of
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.studio.answers import UNPROCESSABLE
from footlights.web.studio.coupon_form import CouponForm
from footlights.web.studio.current import StudioRequest, person_id, with_channel
from footlights.web.studio.forms import blame

TITLES_MAX = 200


@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    """All coupons and the form for another; a POST makes it and leads to its codes."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = monetization.make_coupon(
                channel_id=request.channel.id, editor_id=person_id(request), new=form.new(), at=now()
            )
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("The coupon is ready."))
            return redirect("studio:coupon", made.id)
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, monetization.list_coupons(request.channel.id, limit=PER_PAGE + 1, offset=offset))
    lines = [line_of(coupon) for coupon in page.rows]
    context = {"section": "money", "form": form, "page": page, "coupons": lines}
    return render(request, "studio/coupons.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_safe
@with_channel
def coupon(request: StudioRequest, coupon_id: UUID) -> HttpResponse:
    """One coupon with its codes; as a plain list of codes to take along with ?codes."""
    found = monetization.get_coupon(coupon_id=coupon_id, channel_id=request.channel.id)
    codes = monetization.list_codes(coupon_id)
    if "codes" in request.GET:
        headers = {"Content-Disposition": 'attachment; filename="codes.txt"'}
        return HttpResponse(codes_to_take(codes), content_type="text/plain; charset=utf-8", headers=headers)
    title = catalog.list_titles([found.title_id]).get(found.title_id) if found.title_id else None
    context = {
        "section": "money",
        "line": line_of(found),
        "title": title,
        "plan": get_plan(found.plan_id) if found.plan_id else None,
        "lasts": lasts_of(found),
        "codes": codes,
        "is_batch": len(codes) > 1,
    }
    return render(request, "studio/coupon.html", context)


@require_POST
@with_channel
def withdraw(request: StudioRequest, coupon_id: UUID) -> HttpResponse:
    monetization.get_coupon(coupon_id=coupon_id, channel_id=request.channel.id)
    monetization.withdraw_coupon(coupon_id=coupon_id, editor_id=person_id(request), at=now())
    messages.success(request, _("The coupon is over. Nobody can use it any more."))
    return redirect("studio:coupon", coupon_id)


def _form(request: StudioRequest) -> CouponForm:
    titles = catalog.list_titles_of(request.channel.id, limit=TITLES_MAX)
    initial = {"currency": accounts.get_installation().currency}
    sent = request.POST if request.method == "POST" else None
    return CouponForm(sent, titles=titles, plans=list_plans(request.channel.id), initial=initial)
