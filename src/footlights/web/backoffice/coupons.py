"""Coupons of the platform's: make one, see what it can cost and has cost, end it."""

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.accounts.api import get_installation
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.monetization import api as monetization
from footlights.monetization.api import costs_at_most
from footlights.subscriptions import api as subscriptions
from footlights.web.access import person_id_of
from footlights.web.backoffice.coupon_form import HouseCouponForm
from footlights.web.coupon_words import codes_to_take, lasts_of, line_of
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.studio.forms import blame


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """All of them and the form for another; a POST makes it and leads to its codes."""
    sent = request.POST if request.method == "POST" else None
    form = HouseCouponForm(sent, initial={"currency": get_installation().currency})
    if request.method == "POST" and form.is_valid():
        try:
            made = monetization.make_house_coupon(editor_id=person_id_of(request), new=form.new(), at=now())
        except InvalidInputError as error:
            blame(form, error)
        else:
            messages.success(request, _("The coupon is ready."))
            return redirect("backoffice:coupon", made.id)
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, monetization.list_coupons(None, limit=PER_PAGE + 1, offset=offset))
    lines = [line_of(coupon) | {"costs": costs_at_most(coupon)} for coupon in page.rows]
    context = {"section": "coupons", "form": form, "page": page, "coupons": lines}
    return render(request, "backoffice/coupons.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def coupon(request: HttpRequest, house_coupon_id: UUID) -> HttpResponse:
    """One with its codes and what it costs; as a plain list of codes to take along with ?codes."""
    found = monetization.get_coupon(coupon_id=house_coupon_id, channel_id=None)
    codes = monetization.list_codes(house_coupon_id)
    if "codes" in request.GET:
        headers = {"Content-Disposition": 'attachment; filename="codes.txt"'}
        return HttpResponse(codes_to_take(codes), content_type="text/plain; charset=utf-8", headers=headers)
    context = {
        "section": "coupons",
        "line": line_of(found),
        "lasts": lasts_of(found),
        "costs": costs_at_most(found),
        "cost": _cost_of(house_coupon_id),
        "codes": codes,
        "is_batch": len(codes) > 1,
    }
    return render(request, "backoffice/coupon.html", context)


@require_POST
def withdraw(request: HttpRequest, house_coupon_id: UUID) -> HttpResponse:
    monetization.withdraw_house_coupon(coupon_id=house_coupon_id, editor_id=person_id_of(request), at=now())
    messages.success(request, _("The coupon is over. Nobody can use it any more."))
    return redirect("backoffice:coupon", house_coupon_id)


def _cost_of(coupon_id: UUID) -> list[Money]:
    """What the platform has put in for it so far, by currency."""
    sums: Counter[str] = Counter()
    for each in [*monetization.borne_with(coupon_id), *subscriptions.borne_with(coupon_id)]:
        sums[each.currency] += each.amount_minor
    return [Money(minor, currency) for currency, minor in sorted(sums.items()) if minor]
