"""Signing in with another service's account (Google, Apple, Facebook, X, any OpenID provider), by django-allauth.

Owns which services are offered, what of a profile is kept (how the account is shown, nothing else) and that a service
is linked only after a proof. An account is found by the service's own id for it, never by a matching address: whoever
has one here signs in to it first and links the service. What such a sign-in proves is said in proof.py: nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from footlights.audit.api import Act, record
from footlights.web.account.proof import is_proven

NAME_LENGTH = 80
logger = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Service:
    name: str
    login_url: str


class ServicesAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages: ClassVar = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": gettext_lazy(
            "There is an account with this address already. Sign in to it, then link %s under Your account."
        ),
        "no_password": gettext_lazy("Set a password first: without one you could not get in any more."),
        "no_verified_email": gettext_lazy("Confirm your e-mail address first, so that you can always get back in."),
        "connected_other": gettext_lazy("That account is linked to somebody else here."),
    }

    def list_apps(
        self,
        request: Any,  # noqa: ARG002  allauth passes it
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        """From the settings alone: no page asks the database which services there are."""
        return [
            SocialApp(provider=each, **app)
            for each, found in settings.SOCIALACCOUNT_PROVIDERS.items()
            for app in found["APPS"]
            if provider in {None, each, app.get("provider_id")} and client_id in {None, app["client_id"]}
        ]

    def get_app(self, request: Any, provider: str, client_id: str | None = None) -> SocialApp:
        """One that is configured no more still has its name, where somebody's account is linked to it."""
        apps = self.list_apps(request, provider=provider, client_id=client_id)
        if apps:
            return apps[0]
        known = registry.get_class(provider)
        return SocialApp(
            provider=provider if known else "openid_connect",
            provider_id="" if known else provider,
            name=known.name if known else provider.capitalize(),
        )

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Take over address and name; of the profile keep only how the account is shown, of its tokens none."""
        user = super().populate_user(request, sociallogin, data)
        words = [data.get("name"), f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()]
        user.display_name = next((each for each in words if each), "")[:NAME_LENGTH]
        sociallogin.account.extra_data = {"shown": data.get("username") or masked(data.get("email") or "")}
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """To link a service is grave: it lets somebody in. Back from it, the proof must still count."""
        sociallogin.token = None
        is_linking = sociallogin.state.get("process") == "connect"
        if is_linking and request.user.is_authenticated and not is_proven(request):
            messages.info(request, _("That took a while. Please link it once more."))
            raise ImmediateHttpResponse(redirect("socialaccount_connections"))


def services() -> list[Service]:
    """What is offered, in the order of the settings."""
    return [
        Service(name=app["name"], login_url=_login_url(provider, app))
        for provider, found in settings.SOCIALACCOUNT_PROVIDERS.items()
        for app in found["APPS"]
    ]


def masked(address: str) -> str:
    """Enough of an address to know one's own by: "m…@example.org"."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if at else ""


def by_a_page(login: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Leave for the service from a page of ours instead of straight from the form.

    Browsers hold a form's redirects to the page's form-action, and where a service leads its people next is its own
    affair: so forms here may go to ourselves alone, as everywhere.
    """

    @never_cache
    def leave(request: HttpRequest, **parameters: str) -> HttpResponse:
        if request.path not in {service.login_url for service in services()}:
            raise Http404
        answer = plainly(login)(request, **parameters)
        address = answer.headers.get("Location", "")
        return render(request, "socialaccount/leaving.html", {"address": address}) if "://" in address else answer

    return leave


def plainly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A service that is away, or answers nonsense, is told in plain words."""

    def tell(request: HttpRequest, **parameters: str) -> HttpResponse:
        try:
            answer = view(request, **parameters)
        except (OSError, KeyError, OAuth2Error) as error:  # what the HTTP client raises is an OSError
            logger.warning("A service did not let somebody sign in.", path=request.path, error=type(error).__name__)
            return render(request, "socialaccount/authentication_error.html", status=502)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:  # which to a browser would mean a password of its own
            answer.status_code = HTTPStatus.BAD_REQUEST
        return answer

    return tell


@receiver([social_account_added, social_account_removed])
def record_link(signal: Any, **sent: Any) -> None:
    account = sent.get("socialaccount") or sent["sociallogin"].account
    act = Act.SERVICE_LINKED if signal is social_account_added else Act.SERVICE_UNLINKED
    with transaction.atomic():
        record(
            act=act,
            object_kind="person",
            object_id=account.user_id,
            person_ids=[account.user_id],
            after={"service": account.provider},
        )


def _login_url(provider: str, app: dict[str, Any]) -> str:
    return reverse(f"{provider}_login", args=[app["provider_id"]] if "provider_id" in app else [])
