"""A gift for somebody: what one gives, how it gets there, and what became of it."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from footlights.accounts.api import find_person
from footlights.catalog.api import find_collection_by_path, find_title_by_path, get_channel
from footlights.giving import api as giving
from footlights.giving.api import Gift, State
from footlights.invoicing.api import note_language
from footlights.kernel.clock import now
from footlights.kernel.errors import FootlightsError, IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.live.api import get_broadcast_by_token
from footlights.monetization.api import Choice, OfferChangedError, Quote, QuoteChangedError, quote_gift
from footlights.payments.api import GatewayUnreachableError, can_be_paid, note_consent
from footlights.taxes.api import asks_where
from footlights.web.access import person_id_of
from footlights.web.checkout import bill
from footlights.web.checkout.forms import total_for_form
from footlights.web.checkout.where import WhereForm
from footlights.web.giving.agreed import agreed_to_gift, gift_terms
from footlights.web.giving.forms import GiftForm, SendForm
from footlights.web.paging import PER_PAGE, number_of, page_of
from footlights.web.sold import Show, Thing, gift_till_of, named, show_of, thing_of, things_of
from footlights.web.whereabouts import currency_chosen

POLL_S = 1


@dataclass(frozen=True, slots=True)
class Counter:
    """One offer before one giver, of a title, a collection or a ticket."""

    request: HttpRequest
    title: Thing
    quote: Quote
    where: WhereForm

    @property
    def choice(self) -> Choice:
        return choice_of(self.where, currency_chosen(self.request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, handle: str, slug: str, offer_id: uuid.UUID) -> HttpResponse:
    """Ask whom it is for; POST leads to the payment page."""
    return _at_the_till(request, find_title_by_path(handle, slug), offer_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_collection(request: HttpRequest, handle: str, slug: str, offer_id: uuid.UUID) -> HttpResponse:
    """The same for all titles of a collection."""
    found = find_collection_by_path(handle, slug)
    return _at_the_till(request, named(found) if found else None, offer_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_ticket(request: HttpRequest, token: str, offer_id: uuid.UUID) -> HttpResponse:
    """The same for a ticket to a broadcast."""
    try:
        broadcast = get_broadcast_by_token(token, person_id_of(request))
    except NotFoundError as error:
        raise Http404 from error
    return _at_the_till(request, show_of(broadcast, get_channel(broadcast.channel_id)), offer_id)


def _at_the_till(request: HttpRequest, title: Thing | None, offer_id: uuid.UUID) -> HttpResponse:
    if title is None:
        raise Http404
    where = WhereForm(request.POST if request.method == "POST" else request.GET, request=request)
    choice = choice_of(where, currency_chosen(request))
    try:
        quote = quote_gift(giver_id=person_id_of(request), offer_id=offer_id, at=now(), choice=choice)
    except OfferChangedError as error:
        return _offer_changed(request, title, error)
    except NotFoundError as error:
        raise Http404 from error
    counter = Counter(request, title, quote, where)
    if title.id not in {quote.offer.title_id, quote.offer.collection_id, quote.offer.broadcast_id}:
        raise Http404
    if request.method != "POST":
        return _page(counter, GiftForm(initial=_first(counter)))
    form = GiftForm(request.POST, begins_at=title.starts_at if isinstance(title, Show) else None)
    where.require_region()
    if not form.is_valid() or not where.is_valid():
        return _page(counter, form)
    if not can_be_paid():
        return _page(counter, form, status=503)  # the page says why
    return _buy(counter, form)


def choice_of(where: WhereForm, currency: str) -> Choice:
    """What was typed, as far as it is right, in the currency the giver pays in."""
    where.is_valid()
    sent = where.cleaned_data
    return Choice(
        evidence=where.evidence,
        currency=currency,
        region=sent.get("region", ""),
        business_number=sent.get("business_number", ""),
    )


@never_cache
@require_safe
def gift(request: HttpRequest, gift_id: uuid.UUID) -> HttpResponse:
    """What became of it. While the payment is open the page asks again by itself; then it says how to hand it over."""
    is_script = bool(getattr(request, "htmx", False))
    given = giving.get_gift(gift_id, person_id_of(request))
    if is_script and given.state is State.PAID:
        again: HttpResponse = HttpResponseClientRedirect(request.path)
        return again
    if not is_script and given.state is State.PENDING:
        giving.note_return(payment_id=given.payment_id, at=now())
    return render(request, "giving/gift_state.html" if is_script else "giving/gift.html", _what_became_of(given))


@require_POST
def send(request: HttpRequest, gift_id: uuid.UUID) -> HttpResponse:
    """Send it now: again, or at last."""
    giver_id, form = person_id_of(request), SendForm(request.POST)
    giving.get_gift(gift_id, giver_id)
    if not settings.MAILS_ARRIVE:
        raise Http404  # the page does not offer it
    if not form.is_valid():
        messages.error(request, _("That is not an e-mail address."))
        return redirect("giving:gift", gift_id)
    address = form.cleaned_data["recipient"]
    try:
        giving.send_gift(gift_id=gift_id, giver_id=giver_id, recipient=address, at=now())
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is on its way to %(address)s.") % {"address": address})
    return redirect("giving:gift", gift_id)


@require_POST
def give_back(request: HttpRequest, gift_id: uuid.UUID) -> HttpResponse:
    """Its giver has the money back, while nobody has opened it."""
    try:
        given = giving.return_gift(gift_id=gift_id, giver_id=person_id_of(request), at=now())
    except NotFoundError as error:
        raise Http404 from error
    except FootlightsError as error:
        messages.error(request, str(error))
    else:
        words = _("Your money is on its way back.")
        messages.success(request, words if given.state is State.REFUNDED else _("Your money goes back soon."))
    return redirect("giving:gift", gift_id)


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    offset = (number_of(request) - 1) * PER_PAGE
    page = page_of(request, giving.list_gifts(person_id_of(request), limit=PER_PAGE + 1, offset=offset))
    things = things_of(page.rows)
    lines = [{"gift": each, "title": thing_of(each, things)} for each in page.rows]
    return render(request, "giving/gifts.html", {"page": page, "gifts": lines})


def _buy(counter: Counter, form: GiftForm) -> HttpResponse:
    giver_id = person_id_of(counter.request)
    note_language(person_id=giver_id, wanted=counter.request.headers.get("Accept-Language", ""))
    try:
        given = giving.buy_gift(
            giver_id=giver_id,
            new=form.new_gift(counter.quote.offer.id),
            idempotency_key=str(form.cleaned_data["key"]),
            at=now(),
            choice=counter.choice,
            shown=form.cleaned_data["total"],
        )
    except InvalidInputError as error:
        form.blame(error)
        return _page(counter, form)
    except QuoteChangedError as error:
        fresh = {**counter.request.POST.dict(), **_first(counter)}
        return _page(counter, GiftForm(initial=fresh), was=error.was, status=409)
    except IdempotencyConflictError:
        return redirect(counter.request.path)  # the page again, with a key of its own
    except GatewayUnreachableError:
        return _page(counter, form, wrong=_("The payment service does not answer."), status=503)
    note_consent(
        reference=f"gift:{given.id}", words=agreed_to_gift(given.amount, is_ticket=bool(given.broadcast_id)), at=now()
    )
    is_open = given.state in {State.PENDING, State.UNKNOWN} and given.hosted_url
    address = given.hosted_url if is_open else reverse("giving:gift", args=[given.id])
    return HttpResponse(status=303, headers={"Location": address})


def _first(counter: Counter) -> dict[str, object]:
    """What the form starts with."""
    person = find_person(person_id_of(counter.request))
    return {
        "key": uuid.uuid4(),
        "total": total_for_form(counter.quote.total),
        "sender": person.display_name if person else "",
    }


def _offer_changed(request: HttpRequest, title: Thing, error: OfferChangedError) -> HttpResponse:
    messages.info(request, _("The price has changed since you saw it. Nothing was charged."))
    if error.current is None:
        return redirect(title.path)
    return redirect(gift_till_of(title, error.current.id))


def _page(
    counter: Counter, form: GiftForm, *, was: Money | None = None, wrong: str = "", status: int = 200
) -> HttpResponse:
    breakdown = counter.quote.breakdown
    context = {
        "title": counter.title,
        "offer": counter.quote.offer,
        "count": len(counter.quote.parts),
        "terms": gift_terms(is_ticket=isinstance(counter.title, Show)),
        "form": form,
        "where": counter.where,
        "asks_country": asks_where(),
        "here": counter.request.path,
        "total": counter.quote.total,
        "lines": bill.lines_of(breakdown),
        "tax_words": counter.where.open_words or bill.tax_words(breakdown),
        "was": was,
        "wrong": wrong,
    }
    return render(counter.request, "giving/give_gift.html", context, status=status)


def _what_became_of(given: Gift) -> dict[str, object]:
    thing = thing_of(given)  # it may be gone; the gift is not
    return {
        "gift": given,
        "title": thing,
        "again": gift_till_of(thing, given.offer_id) if thing else "",
        "link": settings.SITE_URL + reverse("giving:opening", args=[given.code]),
        "is_open": given.state in {State.PENDING, State.UNKNOWN},
        "why_not": giving.why_gift_not_returned(given, now()),
        "form": SendForm(initial={"recipient": given.recipient}),
        "may_send": settings.MAILS_ARRIVE and given.is_waiting and given.sent_times < giving.SENT_TIMES_MAX,
        "poll_s": POLL_S,
    }
