"""A thread's connection after PostgreSQL ended it, as a restart does."""

import psycopg
import pytest
from django.core.signals import request_started
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def kept():
    """As in the service: a thread keeps its connection from one request to the next."""
    assert connection.settings_dict["CONN_MAX_AGE"] is None
    connection.close()
    yield
    connection.close()


def next_request() -> int:
    """The process of PostgreSQL that the next request talks to."""
    request_started.send(sender=None, environ={})
    connection.ensure_connection()
    return connection.connection.info.backend_pid


def end(pid: int) -> None:
    """From outside, and waiting until it is gone."""
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as outside:
        outside.execute("select pg_terminate_backend(%s, 5000)", [pid])


def test_the_next_request_goes_on_with_the_same_connection():
    assert next_request() == next_request()


def test_a_connection_that_postgresql_ended_is_made_anew():
    ended = next_request()
    end(ended)
    assert next_request() != ended
    connection.cursor().execute("select 1")


def test_a_kept_connection_costs_no_question(monkeypatch):
    next_request()
    asked = []
    monkeypatch.setattr(psycopg.Connection, "execute", lambda *given: asked.append(given))
    monkeypatch.setattr(psycopg.Cursor, "execute", lambda *given, **_options: asked.append(given))
    next_request()
    assert asked == []
