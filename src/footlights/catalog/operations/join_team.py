from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import find_person
from footlights.audit.api import Act, record
from footlights.catalog import models
from footlights.catalog.membership import digest_of, invitation_of
from footlights.catalog.records import Invitation
from footlights.kernel.errors import NotAllowedError, NotFoundError


@transaction.atomic
def join_team(*, token: str, person_id: UUID, at: datetime) -> Invitation:
    """Take up an invitation: its link's `token` opens it once, to the person whose address it went to.

    Locks the invitation, so that of two at once one joins. Raises NotFoundError (unknown, used, withdrawn, over), and
    NotAllowedError to anybody else.
    """
    row = models.Invitation.objects.select_for_update(of=("self",)).filter(digest=digest_of(token)).first()
    invitation = invitation_of(row, at) if row else None
    if row is None or invitation is None:
        raise NotFoundError("There is no such invitation.")
    person = find_person(person_id)
    if person is None or person.email != invitation.address:
        raise NotAllowedError(_("This invitation went to another address."))
    row.delete()
    if person.id != row.channel.owner_id:
        models.Member.objects.update_or_create(
            channel_id=row.channel_id, person_id=person_id, defaults={"role": row.role, "since": at}
        )
    record(
        act=Act.TEAM_JOINED,
        object_kind="person",
        object_id=person_id,
        channel_id=row.channel_id,
        person_ids=[person_id, row.channel.owner_id],
        after={"role": row.role},
    )
    return invitation
