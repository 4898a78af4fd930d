from uuid import UUID

from django.db import transaction

from footlights.accounts.models import User
from footlights.accounts.queries import person_of
from footlights.accounts.reasons import told_reason
from footlights.accounts.records import Person
from footlights.accounts.roles import HELD, Permission, role_named
from footlights.audit.api import Act, record
from footlights.kernel.errors import NotAllowedError, NotFoundError


@transaction.atomic
def unmask_person(*, person_id: UUID, by_id: UUID, reason: str, note: str = "") -> Person:
    """Their name and address, for somebody of the house who says why. The person finds it in their Activity.

    Each call is a record of its own. For how long it may be shown is the caller's to bound. Raises NotAllowedError to
    who may not see people, NotFoundError, and InvalidInputError for no reason.
    """
    by = User.objects.filter(pk=by_id, is_active=True).first()
    roles = [role for role in sorted(by.roles) if Permission.SEE_PEOPLE in HELD[role_named(role)]] if by else []
    if not roles:
        raise NotAllowedError("Only who looks after people sees their names and addresses.")
    told = told_reason(reason, note) | {"as": roles[-1]}
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFoundError("There is no such person.")
    record(
        act=Act.PERSON_UNMASKED,
        object_kind="person",
        object_id=person_id,
        actor_id=by_id,
        person_ids=[person_id],
        after=told,
    )
    return person_of(person)
