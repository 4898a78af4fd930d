from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.accounts.models import User
from footlights.accounts.queries import person_of
from footlights.accounts.records import Person
from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError


def create_person(*, email: str, password: str, display_name: str = "") -> Person:
    """Make an account whose address counts as confirmed: for the demo and for the operator's command.

    One transaction. Repeatable: whoever has the address already is given back as they are. People who come by the web
    sign up by themselves.
    """
    address = User.objects.normalize_email(email).lower()
    if not address:
        raise InvalidInputError(_("An account needs an e-mail address."), field="email")
    try:
        with transaction.atomic():
            user = User.objects.create_user(address, password, display_name=display_name)
            EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
            record(act=Act.PERSON_JOINED, object_kind="person", object_id=user.pk, person_ids=[user.pk])
    except IntegrityError:
        user = User.objects.get(email=address)
    return person_of(user)
