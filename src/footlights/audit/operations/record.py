"""Write acts into the trail."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from footlights.audit import policies
from footlights.audit.acts import Act
from footlights.audit.errors import OutsideTransactionError
from footlights.audit.origin import Origin, current_origin
from footlights.kernel.clock import now
from footlights.kernel.reads import fetch_rows
from footlights.kernel.shared import Shared

FROM_ORIGIN = UUID(int=0)  # the actor is whoever the request comes from
INSERT = """insert into audit_record (act, actor_id, on_behalf_of_id, object_kind, object_id, channel_id, person_ids,
        before, after, address, request_id)
    select r.* from jsonb_to_recordset(%s::jsonb) as r(act text, actor_id uuid, on_behalf_of_id uuid, object_kind text,
        object_id text, channel_id uuid, person_ids uuid[], before jsonb, after jsonb, address inet, request_id uuid)
    returning id"""
_months_there: Shared[object] = Shared(fresh_s=60, stale_s=0, capacity=2)  # asked once a minute in a process


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """What `record` is given, for many at once."""

    act: Act
    object_kind: str = ""
    object_id: object = ""
    actor_id: UUID | None = FROM_ORIGIN
    on_behalf_of_id: UUID | None = None
    channel_id: UUID | None = None
    person_ids: Iterable[UUID | None] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def record(
    *,
    act: Act,
    object_kind: str = "",
    object_id: object = "",
    actor_id: UUID | None = FROM_ORIGIN,
    on_behalf_of_id: UUID | None = None,
    channel_id: UUID | None = None,
    person_ids: Iterable[UUID | None] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> UUID:
    """Say that `act` happened, in the transaction that does it; returns the record's id. One insert.

    The actor, address and request come from the current origin; name `actor_id` where the operation knows better, None
    for the service itself. `person_ids` are those it concerns beside them: they find it on their own page, as the
    channel's people find what names the channel. Raises OutsideTransactionError, SecretInTrailError and
    TooLongForTrailError, which are mistakes of the caller.
    """
    [record_id] = record_many(
        [
            NewRecord(
                act=act,
                object_kind=object_kind,
                object_id=object_id,
                actor_id=actor_id,
                on_behalf_of_id=on_behalf_of_id,
                channel_id=channel_id,
                person_ids=person_ids,
                before=before,
                after=after,
            )
        ]
    )
    return record_id


def record_many(news: Sequence[NewRecord]) -> list[UUID]:
    """As `record`, for acts that are done together: one insert for all of them, none for none."""
    if not news:
        return []
    if not connection.in_atomic_block:
        raise OutsideTransactionError(f"{news[0].act} was recorded outside the transaction that does it.")
    _ensure_month(now())
    origin = current_origin()
    person_id = origin.person() if any(each.actor_id == FROM_ORIGIN for each in news) else None
    rows = [_row(each, person_id, origin) for each in news]
    return [UUID(str(record_id)) for (record_id,) in fetch_rows(INSERT, [json.dumps(rows, ensure_ascii=False)])]


def _row(new: NewRecord, person_id: UUID | None, origin: Origin) -> dict[str, Any]:
    actor_id = person_id if new.actor_id == FROM_ORIGIN else new.actor_id
    concerned = {str(each) for each in (actor_id, new.on_behalf_of_id, *new.person_ids) if each}
    return {
        "act": new.act.value,
        "actor_id": actor_id and str(actor_id),
        "on_behalf_of_id": new.on_behalf_of_id and str(new.on_behalf_of_id),
        "object_kind": new.object_kind,
        "object_id": str(new.object_id),
        "channel_id": new.channel_id and str(new.channel_id),
        "person_ids": sorted(concerned),
        "before": policies.plain_detail(new.before),
        "after": policies.plain_detail(new.after),
        "address": origin.address,
        "request_id": origin.request_id and str(origin.request_id),
    }


def _ensure_month(at: datetime) -> None:
    """The month's partition is made ahead by a job; when no worker ran for months, by the first who needs it."""
    month = at.astimezone(UTC).date().replace(day=1)
    _months_there.get(month, lambda: fetch_rows("select audit_ensure_month(%s::date)::text", [month]))
