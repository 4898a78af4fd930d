"""A channel says for which words a message waits."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.engagement import policies
from footlights.engagement.models import WordListRow
from footlights.engagement.queries import word_list
from footlights.engagement.words import LISTS


def set_words(*, channel_id: UUID, typed: str, languages: Sequence[str], by_id: UUID) -> None:
    """Its own words, one a line, and the short lists of some languages. From the next message on; safe to repeat.

    The trail tells how many there are, not which: they are no words to read twice.
    """
    own, kept = policies.own_words(typed), sorted({each for each in languages if each in LISTS})
    with transaction.atomic():
        before = word_list(channel_id)
        if (before.own, before.languages) == (own, kept):
            return
        WordListRow.objects.update_or_create(channel_id=channel_id, defaults={"own": own, "languages": kept})
        record(
            act=Act.ROOM_CHANGED,
            object_kind="room",
            object_id=channel_id,
            actor_id=by_id,
            channel_id=channel_id,
            after={"words": len(own), "languages": kept},
        )
