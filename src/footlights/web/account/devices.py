"""What follows when somebody signs in or out, or changes what lets them in.

A mail at a new browser, an end to the other sign-ins and to what plays there. Never decides who may do what.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as services
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from footlights.accounts.api import end_sign_ins, remember_device
from footlights.audit.api import Act, record
from footlights.kernel.clock import now
from footlights.playback.api import end_screens
from footlights.web.access import is_activity, person_id_of
from footlights.web.account.browser import remember, token_of

SIGN_OUT = "account_logout"


class DeviceMiddleware:
    """Gives a browser that signs in its cookie, and notes that the person is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        remember(request, response)
        session: Any = request.session  # of footlights.accounts.sessions
        if session.was_read and is_activity(request, response):
            session.note_activity(at=now(), address=get_adapter().get_client_ip(request))
        if request.method == "POST" and request.resolver_match and request.resolver_match.view_name == SIGN_OUT:
            # What a page of theirs left in the browser goes; cookies stay, for they say which browser it is and how
            # it likes its pages, and the session's is gone.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@receiver(user_logged_in)
def greet(request: HttpRequest, user: Any, **_: Any) -> None:
    """Somebody signed in: list this browser, and tell them by mail if it is new to them."""
    is_new = remember_device(person_id=user.pk, token=token_of(request), at=now())
    if not hasattr(request, "user"):
        return  # no browser asked
    note_sign_in(request)
    if is_new:
        get_adapter().send_notification_mail("account/email/new_device", user)


def note_sign_in(request: HttpRequest) -> None:
    """List this browser among those the person is signed in with. Repeatable."""
    UserSession.objects.create_from_request(request)


@receiver(user_logged_out)
def stop_playing_here(request: HttpRequest, user: Any, **_: Any) -> None:
    if user and (key := request.COOKIES.get(settings.SESSION_COOKIE_NAME)):
        end_screens(viewer_id=user.pk, at=now(), session_keys=[f"account:{key}"])


@receiver([mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset])
def record_second_factor(signal: Any, user: Any, authenticator: Any, **_: Any) -> None:
    act = Act.SECOND_FACTOR_REMOVED if signal is mfa.authenticator_removed else Act.SECOND_FACTOR_ADDED
    kind = {"totp": "app", "webauthn": "passkey", "recovery_codes": "spare"}[authenticator.type]
    with transaction.atomic():
        record(act=act, object_kind="person", object_id=user.pk, person_ids=[user.pk], after={"kind": kind})


@receiver([account.password_changed, account.password_set, account.password_reset])
@receiver([mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset])
@receiver([services.social_account_added, services.social_account_removed])
def lock_out_the_others(request: HttpRequest, user: Any = None, **_: Any) -> None:
    """What lets this person in has changed: every other browser is signed out, and nothing plays on."""
    user = user or request.user
    if request.user.is_authenticated:
        request.session.cycle_key()
    end_sign_ins(person_id=user.pk, kept=request.session.session_key)
    end_screens(viewer_id=user.pk, at=now())


def sign_out_of(request: HttpRequest, only: int | None) -> None:
    """Sign the person out of another browser, or of all others; what plays there ends with it."""
    person_id = person_id_of(request)
    ended = end_sign_ins(person_id=person_id, kept=request.session.session_key, only=only)
    end_screens(viewer_id=person_id, at=now(), session_keys=[f"account:{key}" for key in ended])
