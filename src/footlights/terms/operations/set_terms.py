"""Decide what the platform asks and allows."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from footlights.audit.api import Act, NewRecord, record_many
from footlights.kernel.errors import InvalidInputError
from footlights.terms import policies
from footlights.terms.models import TermRow
from footlights.terms.queries import price_limits, scope_of, value_at
from footlights.terms.records import NewTerm, SetTerm, Term

_PRICE = {Term.PRICE_FLOOR_MINOR, Term.PRICE_CEILING_MINOR}


def set_terms(
    *, changes: Sequence[NewTerm], by_id: uuid.UUID, at: datetime, from_at: datetime | None = None
) -> list[SetTerm]:
    """Let `changes` hold from `from_at` on, or from now; returns those that say something new. Repeatable.

    All or none, in one transaction that other deciders wait for. What was sold before stays as it was sold. Whether
    `by_id` may decide is the caller's to ask, and to have proven. Raises InvalidInputError.
    """
    since = from_at or at
    if since < at:
        raise InvalidInputError("Terms change from now on or later, never in the past.", field="from_at")
    for change in changes:
        policies.check_term(change)
    with transaction.atomic():
        _one_decider_at_a_time()
        made: list[TermRow] = []
        told: list[NewRecord] = []
        for change in changes:
            was = value_at(change, since)
            if was == change.value:
                continue
            made.append(
                TermRow.objects.create(**scope_of(change), value=change.value, from_at=since, set_by=by_id, set_at=at)
            )
            told.append(_record(change, was, since, by_id))
        for change in changes:
            _check_limits(change, since)
        record_many(told)
    return [row.to_record() for row in made]


def _one_decider_at_a_time() -> None:
    """A lock that reads do not wait for, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("lock table terms_term in share row exclusive mode")


def _check_limits(change: NewTerm, since: datetime) -> None:
    """Now, and at every later moment at which one of the two ends moves."""
    if change.term not in _PRICE or change.kind is None:
        return
    later = TermRow.objects.filter(
        term__in=_PRICE, kind=change.kind, currency=change.currency, from_at__gt=since
    ).values_list("from_at", flat=True)
    for moment in (since, *later):
        policies.check_limits(price_limits(change.kind, change.currency, moment))


def _record(change: NewTerm, was: int | None, since: datetime, by_id: uuid.UUID) -> NewRecord:
    name = " ".join(filter(None, [change.term, change.kind, change.currency]))
    return NewRecord(
        act=Act.TERMS_CHANGED,
        object_kind="terms",
        actor_id=by_id,
        channel_id=change.channel_id,
        before={name: was},
        after={name: change.value, "from": since.isoformat()},
    )
