"""From a channel's tiers to being a member: two pages of ours, and the payment page between them."""

import uuid
from dataclasses import dataclass, replace
from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from footlights.catalog.api import Channel, get_channel, get_channel_by_handle
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.kernel.money import Money
from footlights.monetization.api import CouponRefusedError
from footlights.payments.api import GatewayUnreachableError, can_be_paid
from footlights.prices.api import Buyer
from footlights.subscriptions import api as subscriptions
from footlights.subscriptions.api import (
    AlreadySubscribedError,
    Joining,
    Plan,
    State,
    Subscription,
    Terms,
    TermsChangedError,
)
from footlights.taxes.api import TaxQuote, asks_where, quote_tax
from footlights.web.access import person_id_of
from footlights.web.checkout.consent import ConsentForm
from footlights.web.checkout.forms import read_total, total_for_form
from footlights.web.checkout.where import WhereForm
from footlights.web.memberships import words
from footlights.web.pass_words import pass_price
from footlights.web.whereabouts import buyer_of_request, currency_chosen

POLL_S = 2
CONFLICT = 409


class JoinForm(forms.Form):
    """One click on “Pay”. The key makes a second click, and a repeated one, the same subscription."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=24, required=False)  # the price that the page said

    def clean_shown(self) -> Money | None:
        return read_total(self.cleaned_data["shown"]) if self.cleaned_data["shown"] else None


class CouponForm(forms.Form):
    """A code, tried before anything is paid."""

    coupon = forms.CharField(
        label=gettext_lazy("Coupon"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True, slots=True)
class Counter:
    """One membership before one buyer, as it would begin with the coupon they typed."""

    request: HttpRequest
    channel: Channel
    plan: Plan
    terms: Terms
    form: JoinForm
    where: WhereForm
    coupon: CouponForm
    joining: Joining

    @property
    def consent(self) -> ConsentForm:
        """To what is paid today: a free beginning is left within it, and nothing was paid."""
        self.where.is_valid()
        return ConsentForm(
            self.request.POST if self.request.method == "POST" else None,
            country=self.where.where,
            total=_quoted(self.where, self.joining.first).gross,
            is_business=bool(self.where.cleaned_data.get("business_number")),
        )


@never_cache
@require_safe
def tiers(request: HttpRequest, handle: str) -> HttpResponse:
    channel = _channel(handle)
    viewer_id = request.user.pk
    may_try = viewer_id is None or subscriptions.may_try(viewer_id, channel.id)
    offered = subscriptions.list_plans(channel.id, buyer_of_request(request))
    if any(plan.is_pass for plan in offered):
        return redirect("memberships:pass")
    plans = [{"plan": plan, "choices": words.choices_of(plan, may_try=may_try)} for plan in offered]
    context = {
        "channel": channel,
        "plans": plans,
        "own": _membership(viewer_id, channel) if viewer_id else None,
        "pass_price": pass_price(channel.id, buyer_of_request(request), now()),
    }
    return render(request, "memberships/tiers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, handle: str, terms_id: uuid.UUID) -> HttpResponse:
    """Show what one gets and what it costs when; POST leads to the payment page."""
    channel = _channel(handle)
    where = WhereForm(request.POST if request.method == "POST" else request.GET, request=request)
    where.is_valid()
    plan, terms = _offered(channel, terms_id, Buyer(where.where, currency_chosen(request)))
    if terms is None:
        messages.info(request, _("This is not offered any more. Nothing was charged."))
        return redirect("memberships:tiers", channel.handle)
    if request.method != "POST" and _membership(person_id_of(request), channel):
        return redirect("memberships:tiers", channel.handle)  # which leads to the membership they have
    form = JoinForm(request.POST or None, initial={"shown": total_for_form(terms.price)})
    coupon = CouponForm(request.POST if request.method == "POST" else request.GET)
    joining = _quote(request, terms, Buyer(where.where, currency_chosen(request)), coupon)
    counter = Counter(request, channel, plan, terms, form, where, coupon, joining)
    if request.method == "POST":
        where.require_region()
    if request.method != "POST" or not (form.is_valid() and where.is_valid() and coupon.is_valid()):
        return _page(counter)
    if not can_be_paid():
        return _page(counter, status=503)  # the page says why
    return _begin(counter) if counter.consent.is_valid() else _page(counter)


@never_cache
@require_safe
def joined(request: HttpRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """What became of it. While that is open the page asks again by itself, and leads to the channel once it began."""
    person_id = person_id_of(request)
    is_script = bool(getattr(request, "htmx", False))
    subscription = subscriptions.get_subscription(subscription_id, person_id)
    if subscription.state is State.PENDING and not is_script:
        subscriptions.note_return(subscription_id=subscription_id, subscriber_id=person_id, at=now())
        subscription = subscriptions.get_subscription(subscription_id, person_id)
    channel = get_channel(subscription.channel_id)
    if subscription.state in {State.ACTIVE, State.TRIALING}:
        return _welcome(request, channel, is_pass=subscription.plan.is_pass, is_script=is_script)
    template = "memberships/joined_state.html" if is_script else "memberships/joined.html"
    return render(request, template, {"subscription": subscription, "channel": channel, "poll_s": POLL_S})


def _membership(person_id: uuid.UUID, channel: Channel) -> Subscription | None:
    """The one they have; not one that waits for its first payment."""
    own = subscriptions.find_living(person_id, channel.id)
    return own if own and own.state is not State.PENDING else None


def _quote(request: HttpRequest, terms: Terms, buyer: Buyer, coupon: CouponForm) -> Joining:
    """What it means to join with what was typed; a code that is refused is blamed, and the rest still counts."""
    person_id = person_id_of(request)
    quoted = partial(subscriptions.quote_join, subscriber_id=person_id, terms_id=terms.id, buyer=buyer, at=now())
    typed = coupon.cleaned_data["coupon"] if coupon.is_valid() else ""
    try:
        return quoted(coupon=typed)
    except CouponRefusedError as error:
        coupon.add_error("coupon", str(error))
        return quoted()


def _begin(counter: Counter) -> HttpResponse:
    request, where = counter.request, counter.where
    try:
        begun = subscriptions.subscribe(
            subscriber_id=person_id_of(request),
            terms_id=counter.terms.id,
            idempotency_key=str(counter.form.cleaned_data["key"]),
            country=where.where,
            region=where.cleaned_data["region"],
            business_number=where.cleaned_data["business_number"],
            currency=currency_chosen(request),
            coupon=counter.joining.coupon,
            shown=counter.form.cleaned_data["shown"],
            at=now(),
        )
    except (AlreadySubscribedError, TermsChangedError) as error:
        messages.info(request, str(error))
        return redirect("memberships:tiers", counter.channel.handle)
    except CouponRefusedError as error:  # somebody else had its last use a blink ago
        counter.coupon.add_error("coupon", str(error))
        buyer = Buyer(where.where, currency_chosen(request))
        plain = _quote(request, counter.terms, buyer, CouponForm({}))
        return _page(replace(counter, joining=plain), status=CONFLICT)
    except IdempotencyConflictError:
        return redirect(request.path)  # the page again, with a key of its own
    except GatewayUnreachableError:
        return _page(counter, wrong=_("The payment service does not answer."), status=503)
    subscriptions.note_agreed(subscription_id=begun.id, words=counter.consent.words, at=now())
    is_open = begun.state is State.PENDING and begun.hosted_url
    address = begun.hosted_url if is_open else reverse("memberships:joined", args=[begun.id])
    return HttpResponse(status=303, headers={"Location": address})


def _welcome(request: HttpRequest, channel: Channel, *, is_pass: bool, is_script: bool) -> HttpResponse:
    if is_script:
        again: HttpResponse = HttpResponseClientRedirect(request.path)
        return again
    if is_pass:
        messages.success(request, _("Welcome. You have the pass: every channel here is open to you."))
        return redirect("memberships:pass")
    messages.success(request, _("Welcome. You are a member of %(channel)s.") % {"channel": channel.name})
    return redirect(channel.path)


def _page(counter: Counter, *, wrong: str = "", status: int = 200) -> HttpResponse:
    request, terms, joining = counter.request, counter.terms, counter.joining
    may_try = subscriptions.may_try(person_id_of(request), counter.channel.id)
    context = {
        "channel": counter.channel,
        "plan": counter.plan,
        "terms": terms,
        "price": words.price_words(terms),
        "start": words.start_words(terms, may_try=may_try),
        "lowered": words.coupon_words(joining, terms),
        "free": words.free_words(joining),
        "joining": joining,
        "quote": _quoted(counter.where, joining.first),
        "form": JoinForm(initial={"shown": total_for_form(terms.price)}) if status == CONFLICT else counter.form,
        "coupon": counter.coupon,
        "consent": counter.consent,
        "where": counter.where,
        "asks_country": asks_where(),
        "here": request.path,
        "wrong": wrong,
    }
    return render(request, "memberships/join.html", context, status=status)


def _quoted(where: WhereForm, price: Money) -> TaxQuote:
    """With the tax of where they are, as far as what was typed is right."""
    where.is_valid()
    sent = where.cleaned_data
    return quote_tax(
        price=price,
        kind="subscription",
        buyer_country=where.where or None,
        buyer_region=sent.get("region", ""),
        business_number=sent.get("business_number", ""),
        at=now(),
    )


def _channel(handle: str) -> Channel:
    try:
        return get_channel_by_handle(handle)
    except NotFoundError as error:
        raise Http404 from error


def _offered(channel: Channel, terms_id: uuid.UUID, buyer: Buyer) -> tuple[Plan, Terms | None]:
    """The plan and, while they are offered, its terms. Raises NotFoundError for another channel's."""
    plan = subscriptions.get_plan(subscriptions.get_terms(terms_id).plan_id, buyer)
    if plan.channel_id != channel.id:
        raise NotFoundError("There is no such membership.")
    return plan, next((terms for terms in plan.terms if terms.id == terms_id), None)
