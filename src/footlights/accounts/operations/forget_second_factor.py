from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.models import User
from footlights.accounts.operations.end_sign_ins import end_sign_ins
from footlights.accounts.queries import person_of
from footlights.accounts.records import Person
from footlights.audit.api import Act, record
from footlights.kernel.errors import NotFoundError


def forget_second_factor(*, email: str) -> Person:
    """For somebody who lost phone, passkeys and spare codes: the password alone signs them in again.

    One transaction, recorded as the service's own act; repeatable. They are signed out everywhere.
    Raises NotFoundError.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise NotFoundError(_("Nobody here has this e-mail address."))
    with transaction.atomic():
        count, _models = Authenticator.objects.filter(user=user).delete()
        end_sign_ins(person_id=user.pk, kept=None)
        if count:
            record(
                act=Act.SECOND_FACTOR_REMOVED,
                actor_id=None,
                object_kind="person",
                object_id=user.pk,
                person_ids=[user.pk],
                after={"kind": "all"},
            )
    return person_of(user)
