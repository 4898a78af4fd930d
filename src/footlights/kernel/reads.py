"""Statements run so often that their cost shows: SQL written out, planned once by each connection.

`fetch_rows` for most of them; `fetch_texts` for the few of which a third of the cost would be Python's.

Reads, and inserts that answer with what they made. Never decides what is asked. The names of what is planned are kept
here: psycopg prepares nothing on a connection of Django's, and elsewhere forgets all it prepared at every rollback.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorDebugWrapper
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

from footlights.kernel import tracing

DONE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?s|%%")
_prepared: "WeakKeyDictionary[psycopg.Connection[Any], dict[tuple[str, tuple[int, ...]], bytes]]" = WeakKeyDictionary()
_numbers = count()


def fetch_rows(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a bounded query, with values bound by the server. Name the columns: a kept plan outlives `*`.

    `%s` or `%(name)s` for a value, as in Django's own; errors are Django's.
    """
    database = _database()
    numbered, names = _numbered(sql)
    values: Any = [parameters[name] for name in names] if isinstance(parameters, Mapping) else parameters
    with tracing.statement(sql), database.wrap_database_errors, _noted(database, sql, parameters):
        transformer = Transformer(database.connection)
        written = transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
        result = _ask(database.connection, numbered, written, transformer.types or (), transformer.formats)
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)


def fetch_texts(sql: str, values: Sequence[str]) -> list[tuple[str | None, ...]]:
    """The same with `$1` for a value; values as PostgreSQL reads them, and answers as it writes them."""
    database = _database()
    with tracing.statement(sql), database.wrap_database_errors, _noted(database, sql, values):
        result = _ask(database.connection, sql, [value.encode() for value in values])
        value_at, columns = result.get_value, range(result.nfields)
        return [
            tuple([None if (value := value_at(row, column)) is None else value.decode() for column in columns])
            for row in range(result.ntuples)
        ]


def _database() -> Any:
    """Django's connection of this thread, fit to be asked."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.connection is None:
        database.ensure_connection()
    if database.needs_rollback:
        database.validate_no_broken_transaction()
    return database


def _noted(database: Any, sql: str, parameters: Any) -> AbstractContextManager[Any]:
    """Where Django notes its queries, it notes this one too."""
    if not database.queries_logged:
        return nullcontext()
    noted: AbstractContextManager[Any] = CursorDebugWrapper(None, database).debug_sql(sql, parameters)
    return noted


@cache
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with `$1`, `$2` … for its values, and the names of these, if they have names, in that order."""
    names: dict[str, int] = {}
    unnamed = count(1)

    def number(found: "re.Match[str]") -> str:
        if found[0] == "%%":
            return "%"
        return f"${names.setdefault(found[1], len(names) + 1) if found[1] else next(unnamed)}"

    return PLACEHOLDER.sub(number, sql), tuple(names)


def _ask(
    connection: "psycopg.Connection[Any]",
    sql: str,
    values: Sequence[Any],
    types: tuple[int, ...] = (),
    formats: Sequence[pq.Format] | None = None,
) -> Any:
    """The answer to one statement, which this connection plans when it first hears it.

    Calls of libpq, which cost a fifth of a cursor's life. A plan that failed is made anew the next time.
    """
    libpq = connection.pgconn
    if not connection.autocommit and libpq.transaction_status == pq.TransactionStatus.IDLE:
        libpq.exec_(b"begin")  # psycopg's own first statement of a transaction does the same
    plans, key = _prepared.setdefault(connection, {}), (sql, types)
    name = plans.get(key)
    if name is None:
        name = f"plan_{next(_numbers)}".encode()
        _require(libpq.prepare(name, sql.encode(), types))
        plans[key] = name
    answer = libpq.exec_prepared(name, values, formats)
    if answer.status not in DONE:
        del plans[key]
    return _require(answer)


def _require(result: Any) -> Any:
    if result.status not in DONE:
        raise error_from_result(result)
    return result
