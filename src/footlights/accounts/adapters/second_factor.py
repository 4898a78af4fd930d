"""Our words and manners in django-allauth's second factors. What a code app shares with us is sealed at rest."""

import base64
from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footlights.accounts.queries import get_installation
from footlights.accounts.roles import needs_second_factor, role_named
from footlights.kernel import crypto

CONTEXT = "second-factor"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That did not fit. A code counts for half a minute: use the newest one."),
        "unverified_email": gettext_lazy("Confirm your e-mail address first, so that you can always get back in."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role here needs a second step. Set up another one first, then remove this."
        ),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.seal(text.encode(), context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(base64.b64decode(encrypted_text), context=CONTEXT).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever needs a second factor keeps one."""
        user = authenticator.user
        if not needs_second_factor(roles=map(role_named, user.roles), is_required=settings.SECOND_FACTOR_REQUIRED):
            return True
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        has_another: bool = others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return has_another

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  allauth's name
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)d") % {"number": number}

    def _get_site_name(self) -> str:
        return get_installation().name
