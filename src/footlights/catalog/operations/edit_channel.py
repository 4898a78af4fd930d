from datetime import datetime
from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, changed, record, shortened
from footlights.catalog import models, policies, queries
from footlights.catalog.membership import managed_by
from footlights.catalog.records import Channel, ChannelChanges
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.media import api as media


@transaction.atomic
def edit_channel(
    *,
    channel_id: UUID,
    editor_id: UUID,
    at: datetime,  # noqa: ARG001  every operation takes it
    **changes: Unpack[ChannelChanges],
) -> Channel:
    """Change what is given. Locks the channel. Raises NotFoundError to strangers, InvalidInputError."""
    mine = managed_by(editor_id, Permission.EDIT_CHANNEL, channel="")
    found = models.Channel.objects.select_for_update(no_key=True).filter(mine, pk=channel_id).first()
    if found is None:
        raise NotFoundError("There is no such channel.")
    was = _facts_of(found)
    if "name" in changes:
        found.name = policies.clean_name(changes["name"], limit=80)
    if "description" in changes:
        limit = policies.MAX_DESCRIPTION_CHARS
        found.description = policies.clean_text(changes["description"], limit=limit, field="description")
    if "avatar_id" in changes:
        found.avatar_id = _own_picture(changes["avatar_id"], found.owner_id, "avatar")
    if "banner_id" in changes:
        found.banner_id = _own_picture(changes["banner_id"], found.owner_id, "banner")
    found.save(update_fields=["name", "description", "avatar_id", "banner_id"])
    before, after = changed(was, _facts_of(found))
    if after:
        record(
            act=Act.CHANNEL_CHANGED,
            object_kind="channel",
            object_id=found.pk,
            channel_id=found.pk,
            person_ids=[found.owner_id],
            before=before,
            after=after,
        )
    return queries.get_channel(channel_id)


def _facts_of(channel: models.Channel) -> dict[str, object]:
    facts = {name: getattr(channel, name) for name in ("name", "avatar_id", "banner_id")}
    return facts | {"description": shortened(channel.description)}


def _own_picture(picture_id: UUID | None, owner_id: UUID, field: str) -> UUID | None:
    if picture_id is not None and not media.owns_picture(picture_id, owner_id):
        raise InvalidInputError(_("That picture is gone. Upload it again."), field=field)
    return picture_id
