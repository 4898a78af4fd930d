"""Statements run so often that their cost shows: SQL written out, planned once by each connection.

`fetch_rows` for most of them; `fetch_texts` for the few of which a third of the cost would be Python's.

Reads, and inserts that answer with what they made. Never decides what is asked.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorDebugWrapper
from psycopg import pq
from psycopg.errors import error_from_result

from footlights.kernel import tracing

DONE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_prepared: "WeakKeyDictionary[psycopg.Connection[Any], dict[str, bytes]]" = WeakKeyDictionary()


def fetch_rows(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a bounded query, with values bound by the server. Name the columns: a kept plan outlives `*`."""
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with tracing.statement(sql), database.wrap_database_errors, psycopg.Cursor(database.connection) as cursor:
        logged = database.queries_logged
        with CursorDebugWrapper(cursor, database).debug_sql(sql, parameters) if logged else nullcontext():
            return cursor.execute(sql.encode(), parameters, prepare=True).fetchall()


def fetch_texts(sql: str, values: Sequence[str]) -> list[tuple[str | None, ...]]:
    """The same with `$1` for a value; values as PostgreSQL reads them, and answers as it writes them.

    One call of libpq instead of a cursor's life, which costs a fifth. Errors are Django's.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.connection is None:
        database.ensure_connection()
    if database.needs_rollback:
        database.validate_no_broken_transaction()
    connection = database.connection
    with tracing.statement(sql), database.wrap_database_errors:
        if database.queries_logged:
            with psycopg.RawCursor(connection) as cursor, CursorDebugWrapper(cursor, database).debug_sql(sql, values):
                cursor.execute(sql.encode(), values)
                return _texts(cursor.pgresult)
        libpq = connection.pgconn
        if not connection.autocommit and libpq.transaction_status == pq.TransactionStatus.IDLE:
            libpq.exec_(b"begin")  # psycopg's own first statement of a transaction does the same
        names = _prepared.setdefault(connection, {})
        name = names.get(sql)
        if name is None:
            name = f"texts_{len(names)}".encode()
            _require(libpq.prepare(name, sql.encode()))
            names[sql] = name
        return _texts(_require(libpq.exec_prepared(name, [value.encode() for value in values])))


def _require(result: Any) -> Any:
    if result.status not in DONE:
        raise error_from_result(result)
    return result


def _texts(result: Any) -> list[tuple[str | None, ...]]:
    value_at, columns = result.get_value, range(result.nfields)
    return [
        tuple([None if (value := value_at(row, column)) is None else value.decode() for column in columns])
        for row in range(result.ntuples)
    ]
