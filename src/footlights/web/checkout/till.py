"""The till: what an offer of a title, a collection or a ticket costs this buyer, and the way to pay it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.catalog.api import find_collection_by_path, find_title_by_path, get_channel
from footlights.invoicing.api import note_language
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.live.api import get_broadcast_by_token
from footlights.monetization.api import (
    AlreadyYoursError,
    Choice,
    CouponRefusedError,
    OfferChangedError,
    OfferKind,
    Purchase,
    PurchaseState,
    Quote,
    QuoteChangedError,
    buy_title,
    list_offers,
    quote_offer,
)
from footlights.payments.api import GatewayUnreachableError, can_be_paid, note_consent
from footlights.prices.api import currencies_sold_in
from footlights.taxes.api import Evidence, asks_where
from footlights.web.access import person_id_of
from footlights.web.checkout import bill
from footlights.web.checkout.consent import ConsentForm
from footlights.web.checkout.forms import ChoiceForm, PurchaseForm, total_for_form
from footlights.web.checkout.guests import GuestForm, admit, buyer_id, for_buyers, send_link
from footlights.web.checkout.parts import parts_for
from footlights.web.pass_words import pass_price
from footlights.web.sold import Thing, named, next_after, show_of, till_of
from footlights.web.storefront.ways import label_of
from footlights.web.whereabouts import country_of_request, currency_chosen


@dataclass(frozen=True, slots=True)
class Till:
    """One offer before one buyer."""

    request: HttpRequest
    title: Thing
    quote: Quote
    choice: ChoiceForm
    purchase: PurchaseForm
    guest: GuestForm
    consent: ConsentForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_buyers
def offer(request: HttpRequest, handle: str, slug: str, offer_id: uuid.UUID) -> HttpResponse:
    """Show what one buys; POST leads to the payment page, or straight to the film when nothing is to pay."""
    return _at_the_till(request, find_title_by_path(handle, slug), offer_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_buyers
def collection_offer(request: HttpRequest, handle: str, slug: str, offer_id: uuid.UUID) -> HttpResponse:
    """The same for all titles of a collection, less what counts of those the buyer has."""
    found = find_collection_by_path(handle, slug)
    return _at_the_till(request, named(found) if found else None, offer_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_buyers
def ticket(request: HttpRequest, token: str, offer_id: uuid.UUID) -> HttpResponse:
    """The same for a ticket to a broadcast."""
    try:
        broadcast = get_broadcast_by_token(token, request.user.pk)
    except NotFoundError as error:
        raise Http404 from error
    return _at_the_till(request, show_of(broadcast, get_channel(broadcast.channel_id)), offer_id)


def _at_the_till(request: HttpRequest, title: Thing | None, offer_id: uuid.UUID) -> HttpResponse:
    if title is None:
        raise Http404
    try:
        till = _till(request, title, offer_id)
    except AlreadyYoursError:
        return _to_the_film(title)
    except OfferChangedError as error:
        return _offer_changed(request, title, error)
    except NotFoundError as error:
        raise Http404 from error
    if request.method == "POST":
        till.choice.require_region()
    if request.method != "POST" or not all(each.is_valid() for each in (till.purchase, till.choice, till.consent)):
        return _page(till)
    if till.quote.total and not can_be_paid():
        return _page(till, status=503)  # the page says why
    if not request.user.is_authenticated and not _admit(till):
        return _page(till)
    return _buy(till)


def _admit(till: Till) -> bool:
    """A visitor becomes a guest, signed in in this browser, when they typed an address."""
    if not till.guest.is_valid():
        return False
    if not admit(till.request, till.guest.cleaned_data["email"]):
        till.guest.add_error("email", _("That was too often. Wait a minute and try again."))
        return False
    return True


def _till(request: HttpRequest, title: Thing, offer_id: uuid.UUID) -> Till:
    """What it costs with what was typed; with the price alone when what was typed is wrong, which the page says."""
    quoted = partial(quote_offer, viewer_id=buyer_id(request), offer_id=offer_id, title_id=title.id, at=now())
    sent = request.POST if request.method == "POST" else request.GET
    address_country, currency = country_of_request(request), currency_chosen(request)
    where = Evidence(address=address_country, billing=sent.get("country", "")[:2])
    quote = quoted(choice=Choice(evidence=where, currency=currency))
    choice = ChoiceForm(sent, request=request, offer=quote.offer)
    if choice.is_valid():
        quote = _quote_as_chosen(quoted, choice, quote)
    purchase = PurchaseForm(request.POST if request.method == "POST" else None, title_id=title.id)
    guest = GuestForm(request.POST if request.method == "POST" else None)
    return Till(request, title, quote, choice, purchase, guest, _consent(request, choice, quote))


def _consent(request: HttpRequest, choice: ChoiceForm, quote: Quote) -> ConsentForm:
    """A box that was ticked stays ticked while something else is typed."""
    sent = request.POST if request.method == "POST" else (request.GET if "at_once" in request.GET else None)
    is_right = choice.is_valid()
    return ConsentForm(
        sent,
        country=choice.where if is_right else "",
        total=quote.total,
        is_business=is_right and bool(choice.cleaned_data["business_number"]),
        is_dated=quote.offer.kind is OfferKind.TICKET,
    )


def _quote_as_chosen(quoted: Callable[..., Quote], choice: ChoiceForm, plain: Quote) -> Quote:
    """With everything that was typed; what is refused is blamed, and the rest still counts."""
    try:
        return quoted(choice=choice.choice())
    except InvalidInputError as error:
        choice.add_error("amount", str(error))
        return plain
    except CouponRefusedError as error:
        choice.add_error("coupon", str(error))
    try:
        return quoted(choice=replace(choice.choice(), coupon=""))
    except InvalidInputError as error:
        choice.add_error("amount", str(error))
        return plain


def _buy(till: Till) -> HttpResponse:  # noqa: PLR0911  one answer for each way it can end
    sent = till.purchase.cleaned_data
    note_language(person_id=person_id_of(till.request), wanted=till.request.headers.get("Accept-Language", ""))
    try:
        bought = buy_title(
            viewer_id=person_id_of(till.request),
            offer_id=till.quote.offer.id,
            idempotency_key=str(sent["key"]),
            at=now(),
            choice=replace(till.choice.choice(), source=sent["source"]),
            shown=sent["total"],
            promised=sent["promised"],
        )
    except AlreadyYoursError:
        return _to_the_film(till.title)
    except OfferChangedError as error:
        return _offer_changed(till.request, till.title, error)
    except QuoteChangedError as error:
        if error.was == error.quote.total:
            return _page(till, wrong=str(error), status=409)
        return _page(till, was=error.was, status=409)
    except CouponRefusedError as error:  # somebody else had its last use a blink ago
        till.choice.add_error("coupon", str(error))
        plain = _without_coupon(till)
        return _page(replace(till, quote=plain), was=sent["total"], status=409)
    except IdempotencyConflictError:
        return redirect(_again(till))
    except GatewayUnreachableError:
        return _page(till, wrong=_("The payment service does not answer."), status=503)
    note_consent(reference=f"purchase:{bought.id}", words=till.consent.words, at=now())
    if bought.state is PurchaseState.PAID:
        if getattr(till.request.user, "is_guest", False):  # nothing was to pay, so no payment brings them the link
            send_link(bought.viewer_id)
        return _to_the_film(till.title)
    undecided = bought.state in {PurchaseState.PENDING, PurchaseState.UNKNOWN} and bought.hosted_url
    return HttpResponse(status=303, headers={"Location": bought.hosted_url if undecided else _address(bought)})


def _without_coupon(till: Till) -> Quote:
    return quote_offer(
        viewer_id=buyer_id(till.request),
        offer_id=till.quote.offer.id,
        at=now(),
        choice=replace(till.choice.choice(), coupon=""),
    )


def _again(till: Till) -> str:
    """The page once more, with a key of its own and with what was typed."""
    typed = {name: value for name in till.choice.fields if (value := till.request.POST.get(name))}
    return f"{till.request.path}?{urlencode(typed)}" if typed else till.request.path


def _offer_changed(request: HttpRequest, title: Thing, error: OfferChangedError) -> HttpResponse:
    """Ask again, with the offer there is now."""
    if error.current is None:
        messages.info(request, _("This is not offered any more. Nothing was charged."))
        return redirect(title.path)
    till = _till(request, title, error.current.id)
    return _page(till, was=error.was, status=409 if request.method == "POST" else 200)


def _page(till: Till, *, was: Money | None = None, wrong: str = "", status: int = 200) -> HttpResponse:
    """The whole page; only the part with the total for a script that asks while something is typed."""
    asked, breakdown = till.quote.offer, till.quote.breakdown
    key = till.purchase.data.get("key") if till.purchase.is_bound and status != 409 else till.request.GET.get("key")  # noqa: PLR2004
    offers = [
        each
        for each in list_offers(till.title.id, till.choice.buyer)
        if each.id != asked.id and each.kind not in {OfferKind.MEMBERS, OfferKind.FOLLOWERS}
    ]
    context = {
        "title": till.title,
        "offer": asked,
        "others": [{"id": each.id, "label": label_of(each, now())} for each in offers],
        "choice": till.choice,
        "guest": till.guest,
        "consent": till.consent,
        "form": PurchaseForm(
            initial=_for_form(till.quote) | ({"key": key} if key else {}),
            title_id=till.title.id,
        ),
        "total": till.quote.total,
        "lines": bill.lines_of(
            breakdown,
            coupon=till.quote.coupon.code if till.quote.coupon else "",
            had=bill.had_words(till.quote.parts),
        ),
        "parts": parts_for(till.quote.parts),
        "here": till_of(till.title, asked.id),
        "coupon": till.quote.coupon,
        "tax_words": till.choice.open_words or bill.tax_words(breakdown),
        "floor_words": bill.floor_words(asked),
        "asks_country": asks_where() or bool(currencies_sold_in()),
        "may_choose_currency": bool(currencies_sold_in()),
        "country": till.choice.name,
        "later": bill.later_price(asked, now()),
        "pass_price": pass_price(till.quote.channel_id, till.choice.buyer, now()),
        "was": was,
        "wrong": wrong,
    }
    is_script = bool(getattr(till.request, "htmx", False))
    return render(till.request, "checkout/pay.html" if is_script else "checkout/offer.html", context, status=status)


def _for_form(quote: Quote) -> dict[str, str]:
    return {"total": total_for_form(quote.total), "promised": quote.promise}


def _to_the_film(title: Thing) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": next_after(title)})


def _address(bought: Purchase) -> str:
    return reverse("checkout:purchase", args=[bought.id])
