"""A channel takes part in the pass, and leaves it."""

import uuid
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Q

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import may
from footlights.kernel.errors import NotFoundError
from footlights.monetization.models import PassChannelRow
from footlights.monetization.records import InPass

MONTHS_A_YEAR = 12


def take_part(*, channel_id: uuid.UUID, editor_id: uuid.UUID, at: datetime) -> InPass:
    """Whoever has the pass may watch what this channel sells, from this UTC day on; takes a leaving back.

    Safe to repeat, and twice at once. Raises NotFoundError to whoever may not set its prices.
    """
    _require_seller(channel_id, editor_id)
    today = at.astimezone(UTC).date()
    with transaction.atomic():
        row = _holding(channel_id, today)
        if row is None:
            row, is_new = PassChannelRow.objects.get_or_create(
                channel_id=channel_id, until_day=None, defaults={"from_day": today, "decided_by": editor_id}
            )
        else:
            is_new = bool(PassChannelRow.objects.filter(pk=row.pk).exclude(until_day=None).update(until_day=None))
            row.until_day = None
        if is_new:
            _tell(channel_id, editor_id, {"in_the_pass": True})
    return row.to_record()


def leave_pass(*, channel_id: uuid.UUID, editor_id: uuid.UUID, at: datetime) -> InPass | None:
    """With the end of this UTC month; until then who has the pass watches, and the channel gets its part.

    Safe to repeat; None for a channel that takes no part. Raises NotFoundError to whoever may not set its prices.
    """
    _require_seller(channel_id, editor_id)
    today = at.astimezone(UTC).date()
    until = month_after(today)
    with transaction.atomic():
        row = _holding(channel_id, today)
        if row is not None and row.until_day is None:
            row.until_day = until
            row.save(update_fields=["until_day"])
            _tell(channel_id, editor_id, {"in_the_pass": False, "until": until.isoformat()})
    return row.to_record() if row else None


def month_after(day: date) -> date:
    """The first day of the next month."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month, MONTHS_A_YEAR)
    return date(year, month + 1, 1)


def _holding(channel_id: uuid.UUID, day: date) -> PassChannelRow | None:
    rows = PassChannelRow.objects.filter(Q(until_day=None) | Q(until_day__gt=day), channel_id=channel_id)
    return rows.select_for_update(no_key=True).first()


def _require_seller(channel_id: uuid.UUID, editor_id: uuid.UUID) -> None:
    if not may(editor_id, Permission.SET_PRICES, channel_id):
        raise NotFoundError("There is no such channel.")


def _tell(channel_id: uuid.UUID, editor_id: uuid.UUID, after: dict[str, object]) -> None:
    record(
        act=Act.PASS_CHOSEN,
        object_kind="channel",
        object_id=channel_id,
        actor_id=editor_id,
        channel_id=channel_id,
        after=after,
    )
