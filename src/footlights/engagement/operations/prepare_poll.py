"""A channel prepares polls before it needs them."""

from datetime import datetime
from uuid import UUID

from footlights.engagement import policies
from footlights.engagement.errors import RefusedError
from footlights.engagement.models import PreparedRow
from footlights.engagement.records import PollKind


def prepare_poll(
    *,
    channel_id: UUID,
    question: str,
    choices: list[str],
    kind: PollKind,
    right: int | None,
    is_result_live: bool,
    at: datetime,
) -> None:
    """Keep it for the channel's rooms. The same again is there once.

    Raises RefusedError: "empty", "long", "same", "right", and "many" at PREPARED_MAX.
    """
    asked, kept, right = policies.check_poll(question, choices, kind=kind, right=right)
    rows = PreparedRow.objects.filter(channel_id=channel_id)
    if rows.filter(question=asked, choices=kept, kind=kind, right=right).exists():
        return
    if rows.count() >= policies.PREPARED_MAX:
        raise RefusedError("many")
    PreparedRow.objects.create(
        channel_id=channel_id,
        question=asked,
        kind=kind,
        choices=kept,
        right=right,
        is_result_live=is_result_live and kind is not PollKind.QUIZ,
        made_at=at,
    )


def drop_prepared(*, prepared_id: UUID, channel_id: UUID) -> None:
    """Safe to repeat; polls that were asked with it stay."""
    PreparedRow.objects.filter(pk=prepared_id, channel_id=channel_id).delete()
