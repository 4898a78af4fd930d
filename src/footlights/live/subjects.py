"""What of ours can be shared with others: a broadcast, whose channel says who takes part in what its tickets bring."""

import uuid

from footlights.live.models import BroadcastRow
from footlights.splits.api import Subject, SubjectKind, register_subject


def find_broadcast(broadcast_id: uuid.UUID) -> Subject | None:
    row = BroadcastRow.objects.filter(pk=broadcast_id).first()
    return Subject(row.channel_id, row.name) if row else None


register_subject(SubjectKind.EVENT, find_broadcast)
