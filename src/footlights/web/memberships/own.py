"""What one is a member of: how it stands, what it cost, another plan, a pause."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.catalog.api import get_channel, list_channels
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.payments.api import list_methods
from footlights.subscriptions import api as subscriptions
from footlights.subscriptions.api import NotNowError, Plan, State, Subscription, SubscriptionError
from footlights.web.access import person_id_of
from footlights.web.memberships import words

CHANGEABLE = frozenset({State.ACTIVE, State.TRIALING})


@never_cache
@require_safe
def memberships(request: HttpRequest) -> HttpResponse:
    found = subscriptions.list_subscriptions(person_id_of(request))
    channels = list_channels({each.channel_id for each in found})
    lines = [
        {
            "subscription": each,
            "channel": channels.get(each.channel_id),
            "price": words.price_words(each.terms),
            "badge": words.badge_of(each),
        }
        for each in found
    ]
    return render(request, "memberships/own.html", {"lines": lines, "house_pass": find_house_pass(found)})


@never_cache
@require_safe
def membership(request: HttpRequest, subscription_id: uuid.UUID) -> HttpResponse:
    own = subscriptions.get_subscription(subscription_id, person_id_of(request))
    is_over = own.state in {State.CANCELLING, State.ENDED}
    default = next((each for each in list_methods(own.subscriber_id) if each.is_default), None)
    context = {
        "own": own,
        "channel": get_channel(own.channel_id),
        "price": words.price_words(own.terms),
        "next_price": words.price_words(own.next_terms) if own.next_terms else "",
        "next_plan": subscriptions.get_plan(own.next_terms.plan_id) if own.next_terms and not is_over else None,
        "may_keep": own.next_terms is not None and own.state in CHANGEABLE,
        "may_pause": own.state is State.ACTIVE,
        "next_due": subscriptions.quote_next(own.id, now()) if own.state in CHANGEABLE else None,
        "coupon": words.coupon_left_words(own),
        "badge": (_("Waits for your bank"), "wrong") if (held := subscriptions.is_held(own)) else words.badge_of(own),
        "is_held": held,
        "card": default,
        "invoices": subscriptions.list_invoices(own.id),
        "others": _others(own) if own.state in CHANGEABLE else [],
        "months": range(1, subscriptions.MAX_MONTHS + 1),
    }
    return render(request, "memberships/membership.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """What another plan would mean, before it happens; POST agrees to exactly that."""
    own = subscriptions.get_subscription(subscription_id, person_id_of(request))
    terms_id = _id_in(request.POST.get("to") or request.GET.get("to", ""))
    try:
        if request.method == "POST":
            return _agree(request, own, terms_id)
        return _quote(request, own, terms_id)
    except SubscriptionError as error:
        messages.error(request, str(error))
        return redirect("memberships:membership", own.id)


@require_POST
def pause(request: HttpRequest, subscription_id: uuid.UUID) -> HttpResponse:
    months = request.POST.get("months", "1")
    try:
        subscriptions.pause(
            subscription_id=subscription_id,
            subscriber_id=person_id_of(request),
            months=int(months) if months.isascii() and months.isdigit() and len(months) == 1 else 0,
            at=now(),
        )
    except NotNowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Paused. Nothing is charged until it goes on."))
    return redirect("memberships:membership", subscription_id)


@require_POST
def go_on(request: HttpRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """End a pause, or take a cancellation back."""
    person_id = person_id_of(request)
    own = subscriptions.get_subscription(subscription_id, person_id)
    act = subscriptions.resume if own.state is State.PAUSED else subscriptions.come_back
    try:
        after = act(subscription_id=subscription_id, subscriber_id=person_id, at=now())
    except NotNowError as error:
        messages.error(request, str(error))
    else:
        if after.state is State.PAST_DUE:
            messages.error(request, _("Your card was declined. Put in another one."))
        else:
            messages.success(request, _("Good to have you. It goes on."))
    return redirect("memberships:membership", subscription_id)


def _quote(request: HttpRequest, own: Subscription, terms_id: uuid.UUID) -> HttpResponse:
    to_plan = subscriptions.get_plan(subscriptions.get_terms(terms_id).plan_id, own.buyer)
    to = next((each for each in to_plan.terms if each.id == terms_id), None)
    if to is None:
        raise NotFoundError("There are no such terms.")
    context = {
        "own": own,
        "channel": get_channel(own.channel_id),
        "to": to,
        "to_plan": to_plan,
        "price": words.price_words(own.terms),
        "to_price": words.price_words(to),
        "change": subscriptions.quote_change(
            subscription_id=own.id, subscriber_id=own.subscriber_id, terms_id=terms_id, at=now()
        ),
    }
    return render(request, "memberships/plan.html", context)


def _agree(request: HttpRequest, own: Subscription, terms_id: uuid.UUID) -> HttpResponse:
    minor, _space, currency = request.POST.get("due", "").partition(" ")
    is_number = minor.isascii() and minor.isdigit() and len(minor) < 16  # noqa: PLR2004  as long as any amount
    due = Money(int(minor) if is_number else 0, currency if len(currency) == 3 else own.terms.price.currency)  # noqa: PLR2004
    after = subscriptions.change_plan(
        subscription_id=own.id, subscriber_id=own.subscriber_id, terms_id=terms_id, due=due, at=now()
    )
    if after.terms.offered_id == terms_id and after.next_terms is None and due:
        messages.success(request, _("Done. You have it from now on."))
    elif due:
        messages.info(request, _("The bank has not answered yet. It changes as soon as it does."))
    else:
        messages.success(request, _("Saved."))
    return redirect("memberships:membership", own.id)


def _others(own: Subscription) -> list[dict[str, object]]:
    """Every price of the channel in the currency they pay in, but what they have and what they chose for later."""
    theirs = {each.offered_id for each in (own.terms, own.next_terms) if each}
    return [
        {"plan": each, "choice": choice}
        for each in subscriptions.list_plans(own.channel_id, own.buyer)
        for choice in words.choices_of(each, may_try=False)
        if choice.terms.id not in theirs and choice.terms.price.currency == own.terms.price.currency
    ]


def _id_in(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFoundError("There is no such plan.") from error


def find_house_pass(have: list[Subscription]) -> Plan | None:
    """The pass, for whoever has none."""
    has_one = any(each.plan.is_pass and each.state is not State.ENDED for each in have)
    return None if has_one else subscriptions.find_pass()
