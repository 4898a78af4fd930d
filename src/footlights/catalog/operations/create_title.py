from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act
from footlights.catalog import models, policies, queries
from footlights.catalog.membership import managed_by
from footlights.catalog.operations.addresses import free_slug
from footlights.catalog.operations.files import check_own_asset, take_file
from footlights.catalog.operations.telling import tell
from footlights.catalog.records import Title
from footlights.kernel.errors import NotFoundError
from footlights.media import api as media


@transaction.atomic
def create_title(
    *,
    channel_id: UUID,
    editor_id: UUID,
    name: str,
    upload_id: UUID | None = None,
    asset_id: UUID | None = None,
    at: datetime,
) -> Title:
    """Make a draft, usually the moment its upload begins; the upload's asset joins when it is complete.

    Locks the channel, so that two drafts of one name get two addresses. Idempotent per upload and per asset: asked
    again it answers with the title it made. Raises NotFoundError for another's channel, upload or asset, and
    InvalidInputError.
    """
    mine = managed_by(editor_id, Permission.EDIT_TITLES, channel="")
    channel = models.Channel.objects.select_for_update(no_key=True).filter(mine, pk=channel_id).first()
    if channel is None:
        raise NotFoundError("There is no such channel.")
    if title := _made_before(channel, upload_id, asset_id):
        return queries.get_title(title.id)
    if upload_id is not None:
        asset_id = media.get_upload(upload_id, editor_id).asset_id
    if asset_id is not None:
        check_own_asset(asset_id, editor_id, channel.owner_id)
    name = policies.clean_name(name)
    title = models.Title(
        channel=channel, slug=free_slug(channel.id, policies.slug_from(name)), name=name, upload_id=upload_id,
        created_at=at, updated_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            title.save(force_insert=True)
    except IntegrityError as error:  # the upload is another channel's title
        raise NotFoundError(_("That file belongs to another title.")) from error
    tell(Act.TITLE_CREATED, title)
    if asset_id is not None:
        take_file(title, asset_id, at=at)
    return queries.get_title(title.id)


def _made_before(channel: models.Channel, upload_id: UUID | None, asset_id: UUID | None) -> models.Title | None:
    if upload_id is not None:
        return channel.titles.filter(upload_id=upload_id).first()
    return channel.titles.filter(asset_id=asset_id).first() if asset_id is not None else None
