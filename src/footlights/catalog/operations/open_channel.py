from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.catalog import models, policies, queries
from footlights.catalog.records import Channel
from footlights.kernel.errors import InvalidInputError


def open_channel(*, owner_id: UUID, handle: str, name: str, description: str = "", at: datetime) -> Channel:
    """Open a channel for `owner_id`. The handle is its address for good.

    Own transaction; of two who want the same handle the database lets one win. Raises InvalidInputError.
    """
    channel = models.Channel(
        owner_id=owner_id,
        handle=policies.clean_handle(handle),
        name=policies.clean_name(name, limit=80),
        description=policies.clean_text(description, limit=policies.MAX_DESCRIPTION_CHARS, field="description"),
        created_at=at,
    )
    if models.Channel.objects.filter(owner_id=owner_id).count() >= policies.MAX_CHANNELS_PER_PERSON:
        raise InvalidInputError(_("You have as many channels as one person may open."))
    try:
        with transaction.atomic():
            channel.save(force_insert=True)
            record(
                act=Act.CHANNEL_OPENED,
                object_kind="channel",
                object_id=channel.pk,
                channel_id=channel.pk,
                person_ids=[owner_id],
                after={"handle": channel.handle, "name": channel.name},
            )
    except IntegrityError as error:
        raise InvalidInputError(_("Somebody has this address already. Choose another."), field="handle") from error
    return queries.get_channel(channel.id)
