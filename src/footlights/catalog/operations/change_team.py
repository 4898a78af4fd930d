from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import HELD, TEAM_ROLES, Permission, Role, role_named
from footlights.audit.api import Act, record
from footlights.catalog import models
from footlights.catalog.operations.end_uploads import part_from_uploads
from footlights.catalog.operations.locking import lock_channel_with_team
from footlights.kernel.errors import InvalidInputError, NotFoundError


@transaction.atomic
def change_member_role(*, channel_id: UUID, person_id: UUID, role: Role, by_id: UUID, at: datetime) -> bool:
    """What somebody of the team may do, from now on; whether that changed. Locks the channel; repeatable.

    Raises NotFoundError to whoever may not manage the team and for whoever is not in it, InvalidInputError.
    """
    channel = lock_channel_with_team(channel_id, by_id)
    if role not in TEAM_ROLES:
        raise InvalidInputError(_("Choose what they will do."), field="role")
    member = _member(channel, person_id)
    was, member.role = member.role, role
    if was == role:
        return False
    member.save(update_fields=["role"])
    if Permission.EDIT_TITLES in HELD[role_named(was)] - HELD[role]:
        part_from_uploads(channel, person_id, at=at)
    _tell(Act.TEAM_ROLE_CHANGED, channel, person_id, before={"role": was}, after={"role": role})
    return True


@transaction.atomic
def remove_member(*, channel_id: UUID, person_id: UUID, by_id: UUID, at: datetime) -> None:
    """From now on they have no part in the channel. What they made stays; what they had not finished sending is ended.

    Locks the channel. Raises NotFoundError.
    """
    channel = lock_channel_with_team(channel_id, by_id)
    member = _member(channel, person_id)
    member.delete()
    part_from_uploads(channel, person_id, at=at)
    _tell(Act.TEAM_REMOVED, channel, person_id, before={"role": member.role})


@transaction.atomic
def leave_team(*, channel_id: UUID, person_id: UUID, at: datetime) -> None:
    """Somebody goes by themselves. Raises NotFoundError; the owner cannot leave."""
    channel = models.Channel.objects.select_for_update(no_key=True).filter(pk=channel_id).first()
    if channel is None:
        raise NotFoundError("There is no such channel.")
    member = _member(channel, person_id)
    member.delete()
    part_from_uploads(channel, person_id, at=at)
    _tell(Act.TEAM_LEFT, channel, person_id, before={"role": member.role})


def _member(channel: models.Channel, person_id: UUID) -> models.Member:
    member = channel.team.filter(person_id=person_id).first()
    if member is None:
        raise NotFoundError("There is no such person in the team.")
    return member


def _tell(
    act: Act,
    channel: models.Channel,
    person_id: UUID,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    record(
        act=act,
        object_kind="person",
        object_id=person_id,
        channel_id=channel.pk,
        person_ids=[person_id, channel.owner_id],
        before=before,
        after=after,
    )
