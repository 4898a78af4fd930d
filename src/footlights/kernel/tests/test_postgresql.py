"""The pool after PostgreSQL ended its connections, as a restart does."""

import psycopg
import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pooled():
    """As in the service: each request takes a connection and gives it back."""
    if not connection.settings_dict["OPTIONS"].get("pool"):
        pytest.fail("The service's connections are pooled; the tests' are not.")
    connection.close()
    yield connection
    connection.close()


def test_a_connection_that_postgresql_ended_is_not_given_out(pooled):
    ended = {_pid(pooled) for _ in range(3)}
    with pooled.pool.connection() as one, pooled.pool.connection() as other:
        ended |= {one.info.backend_pid, other.info.backend_pid}
    _end(ended)
    for _ in range(5):
        assert _pid(pooled) not in ended


def test_an_idle_connection_costs_no_question(pooled, monkeypatch):
    _pid(pooled)
    asked = []
    monkeypatch.setattr(psycopg.Connection, "execute", lambda *given: asked.append(given))
    _pid(pooled)
    assert asked == []


def _pid(pooled) -> int:
    pooled.ensure_connection()
    pid = pooled.connection.info.backend_pid
    pooled.close()
    return pid


def _end(pids) -> None:
    """From outside the pool, and waiting until each is gone."""
    settings = pooled_parameters()
    with psycopg.connect(**settings, autocommit=True) as outside:
        for pid in pids:
            outside.execute("select pg_terminate_backend(%s, 5000)", [pid])


def pooled_parameters() -> dict[str, object]:
    parameters = connection.get_connection_params()
    return {name: parameters[name] for name in ("dbname", "user", "host", "port", "password") if name in parameters}
