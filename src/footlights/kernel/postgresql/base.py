"""Django's PostgreSQL engine, whose pool gives out no connection that PostgreSQL has ended: settings name this package.

Django would ask every connection a question before every request. An ended one can be told without a round trip, so
that a restart of PostgreSQL costs nobody a page and a request costs no question. Never changes what is asked or stored.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if self.pool is None:
            return connection
        for _each in range(self.pool.max_size):  # after a restart all of them may be ended
            if not _was_ended(connection):
                break
            connection.close()
            self.pool.putconn(connection)  # a closed one is replaced
            connection = super().get_new_connection(conn_params)
        return connection


def _was_ended(connection: "Connection[Any]") -> bool:
    """An idle connection has nothing to say: when there is something to read, it is PostgreSQL's farewell."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
