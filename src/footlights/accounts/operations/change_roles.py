"""Giving and taking the roles of the house. Whoever did it, to whom and what: in the trail."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from footlights.accounts.errors import LastAdministratorError
from footlights.accounts.models import User
from footlights.accounts.operations.end_sign_ins import end_sign_ins
from footlights.accounts.queries import person_of
from footlights.accounts.records import Person
from footlights.accounts.roles import HOUSE_ROLES, Permission, Role, permissions_of, role_named
from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError, NotAllowedError, NotFoundError


@transaction.atomic
def give_role(*, person_id: UUID, role: Role, by_id: UUID) -> Person:
    """Give somebody else a role of the house. They are signed out everywhere, and come back with it.

    Locks them and every administrator; repeatable. Raises NotAllowedError to whoever may not give roles, or gives one
    to themselves; NotFoundError; InvalidInputError for a role that the house does not have.
    """
    user, _others = _lock(person_id, by_id, role)
    if person_id == by_id:
        raise NotAllowedError(_("Nobody gives themselves a role. Ask another administrator."))
    if role not in user.roles:
        is_administrator = role is Role.ADMINISTRATOR
        _save(user, [*user.roles, role], Act.PERSON_MADE_ADMINISTRATOR if is_administrator else Act.ROLE_GIVEN, role)
        end_sign_ins(person_id=person_id, kept=None)
    return person_of(user)


@transaction.atomic
def take_role(*, person_id: UUID, role: Role, by_id: UUID) -> Person:
    """Take a role of the house from somebody; one may lay down one's own. Others are signed out everywhere.

    Locks them and every administrator, so that of two who take each other's at once one fails; repeatable. Raises as
    `give_role` does, and LastAdministratorError.
    """
    user, other_administrators = _lock(person_id, by_id, role)
    if role is Role.ADMINISTRATOR and not other_administrators:
        raise LastAdministratorError(_("This is the last administrator. Make somebody else one first."))
    if role in user.roles:
        _save(user, [held for held in user.roles if held != role], Act.ROLE_TAKEN, role)
        if person_id != by_id:
            end_sign_ins(person_id=person_id, kept=None)
    return person_of(user)


def _lock(person_id: UUID, by_id: UUID, role: Role) -> tuple[User, list[User]]:
    """The person and the administrators besides them, as they are once everybody before has finished."""
    if role not in HOUSE_ROLES:
        raise InvalidInputError(_("The house has no such role."), field="role")
    wanted = Q(pk=person_id) | Q(roles__contains=[Role.ADMINISTRATOR])
    rows = {user.pk: user for user in User.objects.filter(wanted).order_by("pk").select_for_update(no_key=True)}
    by = rows.get(by_id)
    if by is None or Permission.GIVE_ROLES not in permissions_of(map(role_named, by.roles)):
        raise NotAllowedError("Only administrators give and take the roles of the house.")
    if person_id not in rows:
        raise NotFoundError("There is no such person.")
    others = [user for user in rows.values() if user.pk != person_id and user.is_active]
    return rows[person_id], others


def _save(user: User, roles: list[str], act: Act, role: Role) -> None:
    was, user.roles = user.roles, roles
    user.save(update_fields=["roles"])
    record(
        act=act,
        object_kind="person",
        object_id=user.pk,
        person_ids=[user.pk],
        before={"roles": sorted(was)},
        after={"roles": sorted(roles), "role": role},
    )
