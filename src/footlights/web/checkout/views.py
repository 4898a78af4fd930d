"""The checkout's pages. They ask monetization for everything and decide nothing about money."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from footlights.catalog.api import Title, find_title_by_path, get_title
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.monetization.api import (
    AlreadyYoursError,
    Offer,
    OfferChangedError,
    OfferKind,
    Purchase,
    PurchaseState,
    buy_title,
    get_purchase,
    list_offers,
    may_get,
    note_return,
)
from footlights.payments.api import GatewayUnreachableError, PaymentState, can_be_paid, get_payment
from footlights.web.access import person_id_of
from footlights.web.checkout.forms import PurchaseForm

EAGER_FOR_S = 60
EAGER_S, PATIENT_S = 1, 5


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, handle: str, slug: str, offer_id: uuid.UUID) -> HttpResponse:
    """Show what one buys; POST leads to the payment page, or straight to the film when nothing is to pay."""
    title = find_title_by_path(handle, slug)
    if title is None:
        raise Http404
    try:
        asked = may_get(viewer_id=person_id_of(request), offer_id=offer_id, title_id=title.id, at=now())
    except AlreadyYoursError:
        return _to_the_film(title)
    except OfferChangedError as error:
        return _price_changed(request, title, error)
    except NotFoundError as error:
        raise Http404 from error
    form = PurchaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if asked.price and not can_be_paid():
            return _page(request, title, asked, form=form, status=503)  # the page says why
        return _buy(request, title, asked, form)
    return _page(request, title, asked, form=form)


def _buy(request: HttpRequest, title: Title, asked: Offer, form: PurchaseForm) -> HttpResponse:
    try:
        bought = buy_title(
            viewer_id=person_id_of(request), offer_id=asked.id, idempotency_key=str(form.cleaned_data["key"]), at=now()
        )
    except AlreadyYoursError:
        return _to_the_film(title)
    except OfferChangedError as error:
        return _price_changed(request, title, error)
    except IdempotencyConflictError:
        return redirect(request.path)  # the page again, with a key of its own
    except GatewayUnreachableError:
        return _page(request, title, asked, form=form, wrong=_("The payment service does not answer."), status=503)
    if bought.state is PurchaseState.PAID:
        return _to_the_film(title)
    undecided = bought.state in {PurchaseState.PENDING, PurchaseState.UNKNOWN} and bought.hosted_url
    return HttpResponse(status=303, headers={"Location": bought.hosted_url if undecided else _address(bought)})


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


def _page(
    request: HttpRequest,
    title: Title,
    asked: Offer,
    *,
    form: PurchaseForm | None = None,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    others = [other for other in list_offers(title.id) if other.id != asked.id and other.kind != OfferKind.MEMBERS]
    context = {"title": title, "offer": asked, "others": others, "form": form or PurchaseForm(), **more}
    return render(request, "checkout/offer.html", context, status=status)


def _price_changed(request: HttpRequest, title: Title, error: OfferChangedError) -> HttpResponse:
    """Ask again, with the price there is now."""
    if error.current is None:
        messages.info(request, _("This is not offered any more. Nothing was charged."))
        return redirect(title.path)
    status = 409 if request.method == "POST" else 200
    return _page(request, title, error.current, was=error.was, status=status)


def _to_the_film(title: Title) -> HttpResponse:
    film = reverse("watch:title", args=[title.channel_handle, title.slug])
    return HttpResponse(status=303, headers={"Location": f"{film}?autoplay=1"})


def _address(bought: Purchase) -> str:
    return reverse("checkout:purchase", args=[bought.id])
