"""Bounded reads of the trail, newest first."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from footlights.audit import policies
from footlights.audit.models import CheckpointRow, RecordRow
from footlights.audit.records import Checkpoint, Record

EXPORTED_MAX = 100_000
EXPORTED_AT_ONCE = 2_000


def search_records(
    *,
    text: str = "",
    person_ids: Sequence[UUID] = (),
    act: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Record]:
    """One page of what answers: `text` is an object's, a request's or a record's id, or an address."""
    found = _search(text, person_ids, act, since, until)
    return [row.to_record() for row in found[offset : offset + limit]]


def export_records(
    *,
    text: str = "",
    person_ids: Sequence[UUID] = (),
    act: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[Record]:
    """As search_records, all of it up to EXPORTED_MAX, read a few thousand at a time."""
    left, last = EXPORTED_MAX, None
    while left > 0:
        found = _search(text, person_ids, act, since, until)
        rows = list((found.filter(id__lt=last) if last else found)[: min(left, EXPORTED_AT_ONCE)])
        yield from (row.to_record() for row in rows)
        if len(rows) < EXPORTED_AT_ONCE:
            return
        left, last = left - len(rows), rows[-1].id


def find_record(record_id: UUID) -> Record | None:
    row = RecordRow.objects.filter(pk=record_id).first()
    return row.to_record() if row else None


def list_records_of_person(person_id: UUID, *, limit: int, offset: int = 0) -> list[Record]:
    """What they did, and what others did that concerns them."""
    rows = RecordRow.objects.filter(person_ids__contains=[person_id]).order_by("-id")
    return [row.to_record() for row in rows[offset : offset + limit]]


def list_records_of_channel(channel_id: UUID, *, limit: int, offset: int = 0) -> list[Record]:
    rows = RecordRow.objects.filter(channel_id=channel_id).order_by("-id")
    return [row.to_record() for row in rows[offset : offset + limit]]


def find_last_checkpoint() -> Checkpoint | None:
    row = CheckpointRow.objects.order_by("-number").first()
    return row.to_record() if row else None


def _search(
    text: str, person_ids: Sequence[UUID], act: str, since: datetime | None, until: datetime | None
) -> QuerySet[RecordRow]:
    found = RecordRow.objects.order_by("-id")
    if person_ids:
        found = found.filter(person_ids__overlap=list(person_ids))
    if act:
        found = found.filter(act=act)
    if since:
        found = found.filter(id__gte=policies.floor_id(since))
    if until:
        found = found.filter(id__lt=policies.floor_id(until))
    if text:
        match = Q(object_id=text) | (Q(address=text) if policies.is_address(text) else Q())
        if some_id := policies.as_uuid(text):
            match |= Q(id=some_id) | Q(request_id=some_id) | Q(channel_id=some_id) | Q(person_ids__contains=[some_id])
        found = found.filter(match)
    return found
