"""Drop months that are older than the policy keeps, and sign what was dropped."""

from collections import defaultdict
from datetime import date, datetime

from django.db import connection, transaction

from footlights.audit import policies
from footlights.audit.acts import Act
from footlights.audit.errors import TrailBrokenError
from footlights.audit.operations.make_checkpoint import LOCK, make_checkpoint, write_checkpoint
from footlights.audit.operations.record import record
from footlights.audit.operations.verify import verify
from footlights.kernel.reads import fetch_rows

PARTITION = "audit_record_"
PARTITIONS = """select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'audit_record'::regclass order by c.relname"""
# Which positions of each chain a month holds: runs without a gap, each with the hash of its last record.
RUNS = """select chain, min(position), max(position), (array_agg(encode(hash, 'hex') order by position desc))[1]
    from (select chain, position, hash, position - row_number() over (partition by chain order by position) as run
          from {part}) as numbered
    group by chain, run order by 1, 2"""
WAIT = "set local lock_timeout = '3s'"  # nobody who records waits longer for a drop


def retire_months(*, months_kept: int, at: datetime) -> list[date]:
    """Drop each month before the last `months_kept` whole ones, oldest first; 0 keeps all. Returns what was dropped.

    A month goes only from a trail that verifies, in the transaction that signs which records went. Raises
    TrailBrokenError.
    """
    kept = policies.first_kept_month(at.date(), months_kept)
    due = [month for month in _months() if kept and month < kept]
    if due:
        make_checkpoint(at=at)
        if not verify().holds:
            raise TrailBrokenError("Nothing was dropped: the trail does not verify. See: footlights audit verify")
    for month in due:
        _retire(month, at)
    return due


def ensure_months(*, at: datetime) -> None:
    """Make the partitions of this month and the next ones. Repeatable."""
    for ahead in range(policies.MONTHS_AHEAD + 1):
        month = policies.month_after(at.date().replace(day=1), ahead)
        fetch_rows("select audit_ensure_month(%s::date)::text", [month])


@transaction.atomic
def _retire(month: date, at: datetime) -> None:
    part = f"{PARTITION}{month:%Y_%m}"
    fetch_rows(LOCK, [])
    retired: dict[str, list[list[object]]] = defaultdict(list)
    for chain, first, last, digest in fetch_rows(RUNS.format(part=part), []):
        retired[str(chain)].append([first, last, digest])
    write_checkpoint({"kind": "retired", "month": f"{month:%Y-%m}", "retired": retired}, at=at)
    record(act=Act.TRAIL_RETIRED, object_kind="month", object_id=f"{month:%Y-%m}", actor_id=None)
    with connection.cursor() as cursor:
        cursor.execute(WAIT)
        cursor.execute(f"alter table audit_record detach partition {part}")
        cursor.execute(f"drop table {part}")


def _months() -> list[date]:
    names = [name.removeprefix(PARTITION) for (name,) in fetch_rows(PARTITIONS, [])]
    return [date(int(name[:4]), int(name[5:]), 1) for name in names]
