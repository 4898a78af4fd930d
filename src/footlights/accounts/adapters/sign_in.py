"""Our words and manners in django-allauth, which does the signing in."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from footlights.accounts.operations.tell_limited import tell_limited
from footlights.accounts.queries import get_installation
from footlights.audit.api import current_origin
from footlights.kernel.clock import now


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This address and password do not belong together. Try again, or reset the password."
        ),
        "email_taken": _("There is an account with this address already. Sign in instead, or reset its password."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your password."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or reset the password."),
        "rate_limited": _("That was too often. Wait a minute and try again."),
        "incorrect_code": _("That is not the code of our latest mail. Look again, or ask for a new one."),
        "same_as_current": _("That is your address already."),
    }

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """A try that comes too often is turned away unseen; it is counted all the same."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tell_limited(str(credentials.get("email") or ""), at=now())
            raise

    def get_client_ip(self, request: Any) -> str:
        """The one the trail has, from what the edge saw. Without an edge in between, the connection's."""
        return current_origin().address or str(super().get_client_ip(request))

    def add_message(
        self, request: Any, level: int, message_template: str | None = None, *args: Any, **more: Any
    ) -> None:
        """Nobody is told to look at a mail that no mail server brings."""
        told_of_mail = message_template == "account/messages/email_confirmation_sent.txt"
        if told_of_mail and not settings.MAILS_ARRIVE:
            return
        super().add_message(request, level, message_template, *args, **more)

    ways_to_prove: ClassVar = {
        "mfa_reauthenticate": _("Use a code from your app, or a spare code"),
        "mfa_reauthenticate:webauthn": _("Use a passkey"),
    }

    def is_reauthentication_required(self, **_: Any) -> bool:
        """Never by django-allauth: the web's one table says what needs a proof, for its pages as for ours."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How somebody can prove that it is they: by their second factor, else the password, else a mailed code."""
        methods = [
            {**each, "description": self.ways_to_prove.get(each["id"], each["description"])}
            for each in super().get_reauthentication_methods(user)
        ]
        ways = [each for each in methods if each["id"] != "reauthenticate"] or methods
        if not ways:  # they came by another service, whose word is no proof here
            return [{"id": "mail", "description": _("Use a code we mail you"), "url": reverse("account:prove_by_mail")}]
        return sorted(ways, key=lambda way: not way["id"].endswith("webauthn"))  # a passkey is quickest

    def render_mail(self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None) -> Any:
        """Every mail speaks in the name of this installation; what one may unsubscribe from says how (RFC 8058)."""
        if link := context.get("no_more_link"):
            one_click = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
            headers = {**(headers or {}), **one_click}
        return super().render_mail(
            template_prefix,
            email,
            {**context, "service": get_installation().name, "site_url": settings.SITE_URL},
            headers,
        )
