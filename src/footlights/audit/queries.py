"""Bounded reads of the trail, newest first."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from footlights.audit import policies
from footlights.audit.models import CheckpointRow, HeadRow, RecordRow
from footlights.audit.records import Checkpoint, Record
from footlights.kernel.reads import fetch_rows

EXPORTED_MAX = 100_000
EXPORTED_AT_ONCE = 2_000
READ_A_CHAIN = 500
ONWARD = """select r.chain, r.position, r.id, r.act, r.actor_id, r.on_behalf_of_id, r.object_kind, r.object_id,
        r.channel_id, r.person_ids, r.before, r.after, host(r.address), r.request_id
    from unnest(%s::smallint[], %s::bigint[]) as reached(chain, position) cross join lateral (
        select * from audit_record each where each.chain = reached.chain and each.position > reached.position
            and each.id >= %s order by each.position limit %s) r
    order by r.id"""
BY_HOUR = """select floor(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 3600000)::int as hour,
        count(*)::int from audit_record where act = any(%s) and (%s = '' or object_kind = %s) and id >= %s group by 1"""

Ends = dict[int, int]  # of each chain, the position of its last record


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


def read_ends() -> Ends:
    """How far the trail has come. What is read onward from here happened later."""
    return dict(HeadRow.objects.values_list("chain", "position"))


def read_onward(reached: Mapping[int, int], *, since: datetime) -> tuple[list[Record], Ends]:
    """What was recorded beyond `reached`, oldest first, and how far that is: every record once, none left out.

    A chain's positions are taken one after the other by transactions that commit, so nothing appears behind what was
    read. At most READ_A_CHAIN of each chain, the rest by the next call. Records older than `since` are passed over.
    """
    ends = read_ends()
    moved = [chain for chain, end in ends.items() if end > reached.get(chain, 0)]
    if not moved:
        return [], ends
    positions = [reached.get(chain, 0) for chain in moved]
    rows = fetch_rows(ONWARD, [moved, positions, policies.floor_id(since), READ_A_CHAIN])
    taken: dict[int, list[int]] = {}
    for chain, position, *_ in rows:
        taken.setdefault(chain, []).append(position)
    # A chain that gave all it was asked for may hold more; any other is read to the end that was seen.
    full = {chain: max(some) for chain, some in taken.items() if len(some) >= READ_A_CHAIN}
    records = [_record(*row[2:]) for row in rows]
    later = {chain: max(some) for chain, some in taken.items()}
    return records, {chain: full.get(chain) or max(end, later.get(chain, 0)) for chain, end in ends.items()}


def list_latest(acts: Sequence[str], *, since: datetime, limit: int) -> list[Record]:
    """The newest records of these acts, oldest first."""
    rows = RecordRow.objects.filter(act__in=acts, id__gte=policies.floor_id(since)).order_by("-id")[:limit]
    return [row.to_record() for row in reversed(rows)]


def count_by_hour(acts: Sequence[str], *, since: datetime, object_kind: str = "") -> dict[int, int]:
    """How many were recorded in each hour (since 1970) that had any."""
    return dict(fetch_rows(BY_HOUR, [list(acts), object_kind, object_kind, policies.floor_id(since)]))


def find_last_checkpoint() -> Checkpoint | None:
    row = CheckpointRow.objects.order_by("-number").first()
    return row.to_record() if row else None


def _record(*columns: Any) -> Record:
    """Of the columns as ONWARD has them, JSON still text."""
    record_id, act, actor_id, behalf_id, kind, object_id, channel_id, persons, before, after, address, request = columns
    told = _plain(before), _plain(after), address, request
    return Record(record_id, act, actor_id, behalf_id, kind, object_id, channel_id, tuple(persons), *told)


def _plain(detail: str | None) -> dict[str, Any] | None:
    return None if detail is None else json.loads(detail)


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
