"""What somebody sent for a channel whose titles they may not edit any more."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from footlights.accounts.api import Permission
from footlights.catalog import models
from footlights.catalog.membership import may
from footlights.catalog.operations.files import take_file
from footlights.catalog.operations.trailers import take_trailer
from footlights.kernel.errors import NotFoundError
from footlights.media import api as media
from footlights.media.api import Upload


def part_from_uploads(channel: models.Channel, person_id: UUID, *, at: datetime) -> None:
    """A file that arrived whole while they might becomes its title's, and so the owner's; the rest is ended by a job.

    Joins the caller's transaction, which takes the right away and holds the channel.
    """
    from footlights.catalog.jobs import end_uploads  # noqa: PLC0415  jobs.py calls the operations, which defer jobs

    is_unfinished = False
    for title, place, upload in _waited_for(channel.pk, person_id, lock=True):
        if upload.asset_id is None:
            is_unfinished = True
        else:
            (take_file if place == "upload_id" else take_trailer)(title, upload.asset_id, at=at)
    if is_unfinished:
        end_uploads.defer(channel_id=str(channel.pk), person_id=str(person_id))


def end_uploads(*, channel_id: UUID, person_id: UUID, at: datetime) -> None:
    """Take back what they had not finished sending: its space is free, and its title waits for another file.

    What they finished after they might not any more is deleted. Call outside a transaction. Repeatable; nothing where
    they may edit again. Raises NotAllowedError when an upload is finished this moment: the next try deletes it.
    """
    if may(person_id, Permission.EDIT_TITLES, channel_id):
        return
    for title, place, upload in _waited_for(channel_id, person_id):
        if upload.asset_id is None:
            with suppress(NotFoundError):  # it expired meanwhile
                media.terminate_upload(upload_id=upload.id, owner_id=person_id)
        else:
            media.delete_asset(asset_id=upload.asset_id, at=at)
        models.Title.objects.filter(pk=title.pk, **{place: upload.id}).update(**{place: None})


def _waited_for(channel_id: UUID, person_id: UUID, *, lock: bool = False) -> Iterator[tuple[models.Title, str, Upload]]:
    """Each of the channel's titles that waits for a file of this person, at which place, and for which upload."""
    newest = [*media.list_uploads(person_id), *media.list_uploads(person_id, unfinished=False)]
    assets = media.list_assets(upload.asset_id for upload in newest if upload.asset_id)
    # A file that a title took is its channel's owner's.
    free = {None, *(asset.id for asset in assets.values() if asset.owner_id == person_id)}
    sent = {upload.id: upload for upload in newest if upload.asset_id in free}
    waits = Q(upload_id__in=sent) | Q(trailer_upload_id__in=sent)
    titles = models.Title.objects.filter(waits, channel_id=channel_id).select_related("channel").order_by("pk")
    for title in titles.select_for_update(no_key=True, of=("self",)) if lock else titles:
        for place in ("upload_id", "trailer_upload_id"):
            if upload := sent.get(getattr(title, place)):
                yield title, place, upload
