"""Cancelling: on one's own page in two clicks, or by the link in a mail with one."""

import uuid

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from footlights.catalog.api import get_channel
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.subscriptions import api as subscriptions
from footlights.subscriptions.api import State, Subscription
from footlights.web.access import person_id_of

SALT = "memberships.leave"
OVER = frozenset({State.CANCELLING, State.ENDED})


def token_of(subscription: Subscription) -> str:
    """What the link in a mail holds. It does one thing only, and only for this membership."""
    return signing.dumps(str(subscription.id), salt=SALT)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """Ask once, and offer a pause where there is one; POST cancels."""
    own = subscriptions.get_subscription(subscription_id, person_id_of(request))
    if request.method != "POST" and own.state not in OVER:
        may_pause = own.state is State.ACTIVE
        context = {"own": own, "channel": get_channel(own.channel_id), "may_pause": may_pause}
        return render(request, "memberships/cancel.html", context)
    if request.method == "POST":
        own = subscriptions.cancel(subscription_id=own.id, subscriber_id=own.subscriber_id, at=now())
        messages.success(request, _("Cancelled. Nothing will be charged any more."))
    return redirect("memberships:membership", own.id)


@csrf_exempt  # mail programs send the form by themselves (RFC 8058); the token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: nobody has to sign in to leave."""
    try:
        own = subscriptions.get_subscription(uuid.UUID(signing.loads(token, salt=SALT)))
    except signing.BadSignature as error:
        raise NotFoundError("This link opens nothing.") from error
    if request.method == "POST":
        own = subscriptions.cancel(subscription_id=own.id, subscriber_id=own.subscriber_id, at=now())
    context = {"own": own, "channel": get_channel(own.channel_id), "is_over": own.state in OVER}
    return render(request, "memberships/left.html", context)
