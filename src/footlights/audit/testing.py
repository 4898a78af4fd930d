"""For tests: what the trail holds, newest last, and the hands of somebody who alters it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from footlights.audit.models import RecordRow
from footlights.audit.records import Record


def recorded(act: str = "") -> list[Record]:
    rows = RecordRow.objects.order_by("id")
    return [row.to_record() for row in (rows.filter(act=act) if act else rows)]


@contextmanager
def superuser() -> Iterator[None]:
    """Triggers are switched off, as only who owns the whole cluster can."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("set local session_replication_role = origin")


def alter(statement: str, parameters: Sequence[Any] = ()) -> None:
    with superuser(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount > 0, "nothing was altered"
