"""Sealing everything anew under the primary key: who keeps something sealed registers how.

A step may be ended at any moment and repeated: it takes only what another key sealed, one row or object at a time, by
compare-and-set, while both keys open it.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from psycopg import sql

from footlights.kernel import crypto, keyset

AT_ONCE = 500
Step = Callable[[], int]
_steps: dict[str, Step] = {}


def reseals(name: str) -> Callable[[Step], Step]:
    """Register a step under what it is called to people. It returns how many things it sealed anew."""

    def register(step: Step) -> Step:
        _steps[name] = step
        return step

    return register


def steps() -> Iterator[tuple[str, Step]]:
    yield from _steps.items()


def reseal_column(*, table: str, key: str, column: str, context: Callable[[Any], str]) -> int:
    """Seal a bytea column anew, row by row; `context` gives a row's context from its `key`."""
    names = {"table": sql.Identifier(table), "key": sql.Identifier(key), "column": sql.Identifier(column)}
    find = sql.SQL(
        "select {key}, {column} from {table} where {column} is not null and length({column}) > 0"
        " and substring({column} from 1 for %s) <> %s order by {key} limit %s"
    ).format(**names)
    change = sql.SQL("update {table} set {column} = %s where {key} = %s and {column} = %s").format(**names)
    count = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(find, [keyset.PREFIX_BYTES, keyset.prefix(), AT_ONCE])
            rows = cursor.fetchall()
            for row_key, sealed in rows:
                fresh = crypto.reseal(bytes(sealed), context=context(row_key))
                cursor.execute(change, [fresh, row_key, sealed])
                count += cursor.rowcount
            if len(rows) < AT_ONCE:
                return count
