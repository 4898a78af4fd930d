"""Others whom a ban keeps out, too, are put out of the channel's rooms: now, not when they come in next."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from footlights.engagement.adapters.tokens import TOKEN_LIFE
from footlights.engagement.models import BanRow, CaughtRow
from footlights.engagement.staff import staff_of


def catch(ban: BanRow, person_ids: Iterable[UUID], *, at: datetime) -> bool:
    """Whether anybody is to be put out; never the team, nor whom the ban names. Joins the caller's transaction.

    A room process hears of it within a second. Safe to repeat. Forgets those whose tokens ended by themselves.
    """
    CaughtRow.objects.filter(at__lt=at - TOKEN_LIFE).delete()
    wanted = set(person_ids) - {ban.person_id}
    if wanted:
        wanted -= staff_of(ban.channel_id)
    CaughtRow.objects.bulk_create(
        [CaughtRow(ban=ban, person_id=person_id, at=at) for person_id in sorted(wanted)],
        update_conflicts=True,
        unique_fields=["ban", "person_id"],
        update_fields=["at", "heard_at"],
    )
    return bool(wanted)


def hear_of_caught(*, at: datetime) -> bool:
    """Whether somebody was caught that no room process has seen to yet. One query."""
    return CaughtRow.objects.filter(heard_at=None).update(heard_at=at) > 0
