"""Write one act into the trail."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from footlights.audit import policies
from footlights.audit.acts import Act
from footlights.audit.errors import OutsideTransactionError
from footlights.audit.origin import current_origin
from footlights.kernel.clock import now
from footlights.kernel.reads import fetch_rows
from footlights.kernel.shared import Shared

FROM_ORIGIN = UUID(int=0)  # the actor is whoever the request comes from
INSERT = """insert into audit_record (act, actor_id, on_behalf_of_id, object_kind, object_id, channel_id, person_ids,
    before, after, address, request_id)
    values (%s, %s::uuid, %s::uuid, %s, %s, %s::uuid, %s::uuid[], %s::jsonb, %s::jsonb, %s::inet, %s::uuid)
    returning id"""
_months_there: Shared[object] = Shared(fresh_s=60, stale_s=0, capacity=2)  # asked once a minute in a process


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
    if not connection.in_atomic_block:
        raise OutsideTransactionError(f"{act} was recorded outside the transaction that does it.")
    origin = current_origin()
    actor_id = origin.person() if actor_id == FROM_ORIGIN else actor_id
    concerned = {person_id for person_id in (actor_id, on_behalf_of_id, *person_ids) if person_id}
    _ensure_month(now())
    [(record_id,)] = fetch_rows(
        INSERT,
        [
            act.value,
            actor_id,
            on_behalf_of_id,
            object_kind,
            str(object_id),
            channel_id,
            sorted(concerned),
            policies.detail_json(before),
            policies.detail_json(after),
            origin.address,
            origin.request_id,
        ],
    )
    return UUID(str(record_id))


def _ensure_month(at: datetime) -> None:
    """The month's partition is made ahead by a job; when no worker ran for months, by the first who needs it."""
    month = at.astimezone(UTC).date().replace(day=1)
    _months_there.get(month, lambda: fetch_rows("select audit_ensure_month(%s::date)::text", [month]))
