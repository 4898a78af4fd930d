"""The one way operations lock titles: for whoever may edit their channel's titles, in primary-key order."""

from collections.abc import Collection
from uuid import UUID

from footlights.accounts.api import Permission
from footlights.catalog import models
from footlights.catalog.membership import managed_by
from footlights.kernel.errors import NotFoundError


def lock_title(title_id: UUID, editor_id: UUID) -> models.Title:
    """The title's row, locked until the transaction ends. Raises NotFoundError to everybody who may not edit it."""
    return lock_titles([title_id], editor_id)[0]


def lock_titles(title_ids: Collection[UUID], editor_id: UUID) -> list[models.Title]:
    """As lock_title, for many: all of them or none."""
    wanted = set(title_ids)
    mine = managed_by(editor_id, Permission.EDIT_TITLES)
    found = models.Title.objects.filter(mine, pk__in=wanted).order_by("pk")
    titles = list(found.select_for_update(no_key=True, of=("self",)).select_related("channel"))
    if not titles or len(titles) != len(wanted):
        raise NotFoundError("There is no such title.")
    return titles


def lock_channel_with_team(channel_id: UUID, manager_id: UUID) -> models.Channel:
    """The channel's row, locked, for whoever may manage its team. Raises NotFoundError to everybody else."""
    mine = managed_by(manager_id, Permission.MANAGE_TEAM, channel="")
    channel = models.Channel.objects.select_for_update(no_key=True).filter(mine, pk=channel_id).first()
    if channel is None:
        raise NotFoundError("There is no such channel.")
    return channel
