"""Django's PostgreSQL engine, which goes on with no connection that PostgreSQL has ended: settings name this package.

A thread keeps its connection. Django would ask it a question before every request; an ended one can be told without a
round trip, so that a restart of PostgreSQL costs nobody a page and a request costs no question. Never changes what is
asked or stored.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection

from footlights.kernel import tracing


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *settings: Any, **more: Any) -> None:
        super().__init__(*settings, **more)
        if tracing.is_on():
            self.execute_wrappers.append(tracing.of_django)

    def close_if_unusable_or_obsolete(self) -> None:
        """Before and after every request, and before every job."""
        super().close_if_unusable_or_obsolete()
        if self.connection is not None and not self.in_atomic_block and _was_ended(self.connection):
            self.close()


def _was_ended(connection: "Connection[Any]") -> bool:
    """An idle connection has nothing to say: when there is something to read, it is PostgreSQL's farewell."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
