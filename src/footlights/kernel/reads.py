"""Statements run so often that their cost shows: SQL written out, planned once by each connection.

Reads, and inserts that answer with what they made. Never decides what is asked.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorDebugWrapper

from footlights.kernel import tracing


def fetch_rows(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a bounded query, with values bound by the server. Name the columns: a kept plan outlives `*`."""
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with tracing.statement(sql), database.wrap_database_errors, psycopg.Cursor(database.connection) as cursor:
        logged = database.queries_logged
        with CursorDebugWrapper(cursor, database).debug_sql(sql, parameters) if logged else nullcontext():
            return cursor.execute(sql.encode(), parameters, prepare=True).fetchall()
