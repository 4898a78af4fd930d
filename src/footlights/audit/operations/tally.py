"""Count what happens too often for a record each, by the minute: tries that were turned away, licences beyond measure.

A tally proves nothing: it is neither chained nor kept long. It is there so that what is counted can be noticed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from footlights.audit.models import TallyRow
from footlights.kernel.reads import fetch_rows

# What is tallied, and of whom.
SIGN_IN_LIMITED = "sign_in.limited"  # "account <person's id>" or "account unknown", and "block <network>"
LICENCES = "licences"  # a person's id
NOT_THEIRS = "not_theirs"  # "account <person's id>", or "block <network>" of a visitor

SUBJECT_MAX = 100
KEPT = timedelta(days=2)
COUNT = """insert into audit_tally (minute, name, subject, count, told)
    select date_trunc('minute', %s::timestamptz), %s, subject, 1, 0 from unnest(%s::text[]) as subject order by subject
    on conflict (minute, name, subject) do update set count = audit_tally.count + 1 returning count"""
TAKE = """with fresh as (select id, count, told from audit_tally where told < count order by id limit %s for update)
    update audit_tally t set told = fresh.count from fresh where t.id = fresh.id
    returning t.minute, t.name, t.subject, fresh.count - fresh.told"""
TAKEN_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Tally:
    """`name` happened `count` times to `subject` in the minute that began then."""

    minute: datetime
    name: str
    subject: str
    count: int


def tally(name: str, subjects: Iterable[str], *, at: datetime) -> None:
    """Count once more for each subject: one statement, a row a subject and minute however often."""
    fetch_rows(COUNT, [at, name, sorted({subject[:SUBJECT_MAX] for subject in subjects})])


def take_tallies() -> list[Tally]:
    """What was counted since this was last called. Each count is given once, if the caller's transaction commits."""
    return [Tally(*row) for row in fetch_rows(TAKE, [TAKEN_AT_ONCE])]


def list_taken_tallies(*, since: datetime, limit: int) -> list[Tally]:
    rows = TallyRow.objects.filter(minute__gte=since, told__gt=0).order_by("-minute")[:limit]
    return [Tally(row.minute, row.name, row.subject, row.told) for row in reversed(rows)]


@transaction.atomic
def forget_tallies(*, at: datetime) -> int:
    """Those older than KEPT. Repeatable."""
    count, _ = TallyRow.objects.filter(minute__lt=at - KEPT).delete()
    return count
