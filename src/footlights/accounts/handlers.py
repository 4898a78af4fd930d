"""Tells the trail what django-allauth does for people: it has signals for that, and no operation of ours is in between.

Each record is in the transaction of the act where there is one, else in one of its own.
"""

from typing import Any
from uuid import UUID

from allauth.account import signals
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.utils.crypto import salted_hmac

from footlights.accounts.models import User
from footlights.audit.api import Act, record


@receiver(signals.user_signed_up)
def tell_joined(user: User, **_: Any) -> None:
    _tell(Act.PERSON_JOINED, user)


@receiver(signals.user_logged_in)
def tell_signed_in(request: Any, user: User, **_: Any) -> None:
    methods = request.session.get("account_authentication_methods") or [{}]
    _tell(Act.SESSION_STARTED, user, method=methods[-1].get("method", ""))


@receiver(user_logged_out)
def tell_signed_out(user: User | None, **_: Any) -> None:
    if user is not None and user.pk:
        _tell(Act.SESSION_ENDED, user)


@receiver(user_login_failed)
@transaction.atomic
def tell_refused(credentials: dict[str, Any], **_: Any) -> None:
    """Whose account was tried, if anybody's: the person sees it. An address nobody has is kept as a keyed digest."""
    address = str(credentials.get("email") or "").strip().lower()
    person_id = User.objects.filter(email=address).values_list("pk", flat=True).first()
    tried = person_id or salted_hmac("footlights.audit.address", address, algorithm="sha256").hexdigest()[:32]
    record(
        act=Act.SESSION_REFUSED,
        object_kind="person" if person_id else "unknown person",
        object_id=tried,
        actor_id=None,
        person_ids=[person_id],
    )


@receiver(authentication_failed)
@transaction.atomic
def tell_second_factor_refused(user: User, authenticator: Any, reauthentication: bool, **_: Any) -> None:  # noqa: FBT001  allauth's
    """Whoever comes so far knew the first factor."""
    record(
        act=Act.SECOND_FACTOR_REFUSED,
        object_kind="person",
        object_id=user.pk,
        actor_id=None,
        person_ids=[user.pk],
        after={"method": authenticator.type, "again": reauthentication},
    )


@receiver(signals.password_changed)
@receiver(signals.password_set)
def tell_password_changed(user: User, **_: Any) -> None:
    _tell(Act.PASSWORD_CHANGED, user)


@receiver(signals.password_reset)
def tell_password_reset(user: User, **_: Any) -> None:
    _tell(Act.PASSWORD_RESET, user)


@receiver(signals.email_changed)
def tell_mail_changed(user: User, **_: Any) -> None:
    _tell(Act.MAIL_CHANGED, user)


@receiver(signals.email_confirmed)
def tell_mail_confirmed(email_address: Any, **_: Any) -> None:
    _tell(Act.MAIL_CONFIRMED, email_address.user)


@transaction.atomic
def _tell(act: Act, user: User, **after: Any) -> UUID:
    return record(act=act, object_kind="person", object_id=user.pk, actor_id=user.pk, after=after or None)
