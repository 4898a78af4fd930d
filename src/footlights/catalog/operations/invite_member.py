from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from footlights.accounts.api import TEAM_ROLES, Role, find_person_by_email
from footlights.audit.api import Act, record
from footlights.catalog import models, policies
from footlights.catalog.membership import context_of, digest_of
from footlights.catalog.operations.locking import lock_channel_with_team
from footlights.kernel import crypto
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id, new_token


@transaction.atomic
def invite_member(*, channel_id: UUID, by_id: UUID, address: str, role: Role, at: datetime) -> str:
    """Invite whoever has this mail address to the channel's team; answers the token their link must hold.

    The token is good once and for policies.INVITATION_LASTS; only its digest is kept. An earlier invitation of the same
    address ends. Locks the channel. Raises NotFoundError to whoever may not manage the team, InvalidInputError.
    """
    channel = lock_channel_with_team(channel_id, by_id)
    address = address.strip().lower()
    _check(channel, address, role)
    token, invitation_id = new_token(), new_id()
    channel.invitations.filter(address_digest=_keyed(address)).delete()
    models.Invitation.objects.create(
        id=invitation_id,
        channel=channel,
        role=role,
        digest=digest_of(token),
        sealed_address=crypto.seal(address.encode(), context=context_of(invitation_id)),
        address_digest=_keyed(address),
        invited_by=by_id,
        created_at=at,
        expires_at=at + policies.INVITATION_LASTS,
    )
    _tell(Act.TEAM_INVITED, channel, role)
    return token


@transaction.atomic
def withdraw_invitation(*, channel_id: UUID, invitation_id: UUID, by_id: UUID) -> None:
    """Its link opens nothing any more. Locks the channel. Raises NotFoundError."""
    channel = lock_channel_with_team(channel_id, by_id)
    invitation = channel.invitations.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFoundError("There is no such invitation.")
    invitation.delete()
    _tell(Act.TEAM_INVITATION_WITHDRAWN, channel, invitation.role)


def _keyed(address: str) -> str:
    return salted_hmac("footlights.catalog.invitation", address, algorithm="sha256").hexdigest()


def _check(channel: models.Channel, address: str, role: Role) -> None:
    if role not in TEAM_ROLES:
        raise InvalidInputError(_("Choose what they will do."), field="role")
    if channel.team.count() + channel.invitations.count() >= policies.MAX_TEAM:
        raise InvalidInputError(_("The team is as large as a team may be."))
    person = find_person_by_email(address)
    if person is None:
        return
    if person.id == channel.owner_id:
        raise InvalidInputError(_("This is the channel's owner, who may do everything already."), field="email")
    if channel.team.filter(person_id=person.id).exists():
        raise InvalidInputError(_("They are in the team already. Change their role in the list."), field="email")


def _tell(act: Act, channel: models.Channel, role: str) -> None:
    record(
        act=act,
        object_kind="channel",
        object_id=channel.pk,
        channel_id=channel.pk,
        person_ids=[channel.owner_id],
        after={"role": role},
    )
