"""Who is in the pass: bounded reads."""

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db.models import Q

from footlights.monetization.models import PassChannelRow
from footlights.monetization.records import InPass

CHANNELS_MAX = 10_000


def find_in_pass(channel_id: uuid.UUID, at: datetime) -> InPass | None:
    """How a channel takes part at that moment; None when it does not."""
    today = at.astimezone(UTC).date()
    rows = PassChannelRow.objects.filter(Q(until_day=None) | Q(until_day__gt=today), channel_id=channel_id)
    row = rows.filter(from_day__lte=today).first()
    return row.to_record() if row else None


def list_in_pass(from_day: date, until_day: date, channel_ids: Iterable[uuid.UUID] | None = None) -> list[InPass]:
    """Who took part on any of these days, the last of them left out; of these channels, or of all (10,000 at most)."""
    rows = PassChannelRow.objects.filter(Q(until_day=None) | Q(until_day__gt=from_day), from_day__lt=until_day)
    if channel_ids is not None:
        rows = rows.filter(channel_id__in=list(channel_ids))
    return [row.to_record() for row in rows.order_by("from_day", "pk")[:CHANNELS_MAX]]
