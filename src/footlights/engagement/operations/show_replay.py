"""A channel shows what a room said beside its recording, or does not."""

from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.catalog.api import get_title
from footlights.engagement.models import ReplayRow

WORDS = {True: "shown", False: "hidden"}


def show_replay(*, title_id: UUID, by_id: UUID, is_shown: bool) -> None:
    """From now on, for everybody; nothing is deleted. Whether they may is for the caller to know. Safe to repeat."""
    with transaction.atomic():
        if not ReplayRow.objects.filter(pk=title_id, is_shown=not is_shown).update(is_shown=is_shown):
            return
        title = get_title(title_id)
        record(
            act=Act.TITLE_CHANGED,
            object_kind="title",
            object_id=title_id,
            actor_id=by_id,
            channel_id=title.channel_id,
            before={"conversation": WORDS[not is_shown]},
            after={"name": title.name, "conversation": WORDS[is_shown]},
        )
