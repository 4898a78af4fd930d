from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.accounts.errors import AlreadySetUpError
from footlights.accounts.models import Installation, User
from footlights.accounts.queries import forget_installation, person_of
from footlights.accounts.records import Person
from footlights.accounts.roles import Role
from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import exponent_of

DEFAULT_NAME = "Footlights"
DEFAULT_CURRENCY = "EUR"


def create_owner(
    *,
    email: str,
    password: str,
    display_name: str = "",
    service_name: str = DEFAULT_NAME,
    currency: str = DEFAULT_CURRENCY,
) -> Person:
    """The first run: make the owner (an administrator) and name the installation, or neither.

    One transaction. The installation's only row has a fixed key, so of two first runs that race one waits for the
    other's row and then fails. Raises AlreadySetUpError once anybody exists, InvalidInputError for a weak password or
    an unknown currency.
    """
    exponent_of(currency)
    owner = User(
        email=User.objects.normalize_email(email).lower(), display_name=display_name.strip(), roles=[Role.ADMINISTRATOR]
    )
    try:
        validate_password(password, owner)
    except ValidationError as error:
        raise InvalidInputError(" ".join(error.messages), field="password") from error
    owner.set_password(password)
    try:
        with transaction.atomic():
            if User.objects.exists():
                raise AlreadySetUpError(_("This service has its owner already. Sign in instead."))
            owner.save(force_insert=True)
            EmailAddress.objects.create(user=owner, email=owner.email, primary=True, verified=True)
            Installation(name=service_name.strip() or DEFAULT_NAME, currency=currency, owner=owner).save(
                force_insert=True
            )
            for act in (Act.PERSON_JOINED, Act.PERSON_MADE_ADMINISTRATOR):
                record(act=act, object_kind="person", object_id=owner.pk, actor_id=owner.pk)
    except IntegrityError as error:
        raise AlreadySetUpError(_("This service has its owner already. Sign in instead.")) from error
    forget_installation()
    return person_of(owner)
