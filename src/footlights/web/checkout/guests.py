"""Buying without an account: an e-mail address at the till, and a link by mail that makes what was bought one's own.

A guest is signed in as somebody new in this browser. Whether the address is somebody's already is not asked before its
mailbox is proved, so neither the answer nor its time tells.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.accounts.api import UnprovenAccountError, admit_guest, find_person, masked_address, prove_guest
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import new_id
from footlights.monetization.api import list_library
from footlights.playback.api import end_screens
from footlights.web import letters
from footlights.web.access import ask_to_sign_in, person_id_of

SALT = "guest"
LINK_SENT = "guest_link_sent"  # in the session of who asked for it
GOOD_FOR_S = 90 * 86_400


class GuestForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("For the receipt, and to find your film again."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


def buyer_id(request: HttpRequest) -> uuid.UUID:
    """Who asks what it costs; a visitor is somebody new, who has nothing yet."""
    return person_id_of(request) if request.user.is_authenticated else new_id()


def for_buyers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let visitors in where guests may buy; elsewhere they sign in first."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        may_buy = request.user.is_authenticated or settings.GUEST_CHECKOUT
        return view(request, *args, **kwargs) if may_buy else ask_to_sign_in(request)

    return wrapped


def admit(request: HttpRequest, address: str) -> bool:
    """Sign a visitor in as a guest of this address. False: too many came from where they are."""
    if not ratelimit.consume(request, action="signup"):
        return False
    _sign_in(request, admit_guest(address=address, at=now()).id)
    return True


def send_link(guest_id: uuid.UUID) -> None:
    """Mail what proves the address: the same words whosever it is."""
    link = settings.SITE_URL + reverse("checkout:kept", args=[signing.dumps(str(guest_id), salt=SALT)])
    letters.send_to_person(guest_id, "checkout/email/keep", link=link)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Where a guest is led who asks for more: open the mail. POST sends it, again where they bought something."""
    if not getattr(request.user, "is_guest", False):
        return redirect("account:home")
    if request.method == "POST":
        if ratelimit.consume(request, action="request_login_code", key=str(person_id_of(request))):
            send_link(person_id_of(request))
            request.session[LINK_SENT] = True
            messages.success(request, _("It is on its way."))
        else:
            messages.error(request, _("That was too often. Wait a minute and try again."))
        return redirect("checkout:keep")
    was_sent = LINK_SENT in request.session or bool(list_library(person_id_of(request)))
    return render(request, "checkout/keep.html", {"was_sent": was_sent})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Looking at it does nothing: programs that check mails open links, too."""
    try:
        guest_id = uuid.UUID(signing.loads(token, salt=SALT, max_age=GOOD_FOR_S))
    except signing.BadSignature as error:
        raise NotFoundError("There is no such link.") from error
    if request.method != "POST":
        found = find_person(guest_id)
        return render(request, "checkout/kept.html", {"address": masked_address(found.email) if found else ""})
    try:
        person = prove_guest(guest_id=guest_id, session=request.session.session_key, at=now())
    except UnprovenAccountError as error:
        messages.error(request, str(error))
        return redirect(request.path)
    end_screens(viewer_id=guest_id, at=now())
    if person.id != guest_id:
        messages.success(request, _("It is in your library now. Sign in to see it."))
        return redirect(f"{reverse('account_login')}?next={reverse('storefront:library')}")
    if not request.user.is_authenticated:
        _sign_in(request, guest_id)
    messages.success(request, _("Your account is ready: what you bought is yours on every device."))
    return redirect("storefront:library")


def _sign_in(request: HttpRequest, person_id: uuid.UUID) -> None:
    user = get_user_model().objects.get(pk=person_id)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
