"""Prepared statements behave as Django's own: same errors, same counting, in the same transaction."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from footlights.kernel.reads import fetch_rows, fetch_texts

pytestmark = pytest.mark.django_db


def test_values_come_back_as_they_went():
    given = (uuid.uuid4(), datetime(2030, 5, 1, 20, 0, tzinfo=UTC), None)
    assert fetch_rows("select %s::uuid, %s::timestamptz, %s::text", given) == [given]
    assert fetch_rows("select %(a)s::int + %(a)s::int", {"a": 2}) == [(4,)]


def test_a_read_is_counted_like_any_other_query(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        fetch_rows("select %s::int", [1])
    assert "select" in asked.captured_queries[0]["sql"]


def test_a_read_sees_what_its_own_transaction_wrote():
    with connection.cursor() as cursor:
        cursor.execute("create temporary table seen (number int) on commit drop")
        cursor.execute("insert into seen values (7)")
    assert fetch_rows("select number from seen", []) == [(7,)]


def test_a_statement_is_planned_once_by_a_connection_and_kept_over_a_rollback():
    ask = "select %(a)s::uuid, %(b)s::int + %(b)s::int, '%%'"
    given = {"b": 3, "a": uuid.uuid4()}
    expected = [(given["a"], 6, "%")]
    assert fetch_rows(ask, given) == expected
    with pytest.raises(ProgrammingError), transaction.atomic():
        fetch_rows("select nothing from nowhere", [])
    assert fetch_rows(ask, given) == expected
    planned = fetch_rows(
        "select generic_plans + custom_plans from pg_prepared_statements where statement like %s",
        ["select $1::uuid, $2::int%"],
    )
    assert planned == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_does_not_fit_any_more_fails_once():
    with connection.cursor() as cursor:
        cursor.execute("create temporary table grown as select 7 as number")
        assert fetch_rows("select number from grown", []) == [(7,)]
        cursor.execute("alter table grown alter column number type text")
    with pytest.raises(DatabaseError):
        fetch_rows("select number from grown", [])
    assert fetch_rows("select number from grown", []) == [("7",)]


def test_errors_are_djangos():
    with pytest.raises(ProgrammingError), transaction.atomic():
        fetch_rows("select nothing from nowhere", [])


def test_texts_go_and_come_as_postgresql_writes_them(django_assert_num_queries):
    ask = "select $1::int + 1, $2::text, null::text"
    expected = [("42", "as it is, ü", None)]
    assert fetch_texts(ask, ["41", "as it is, ü"]) == fetch_texts(ask, ["41", "as it is, ü"]) == expected
    with django_assert_num_queries(1) as asked:
        assert fetch_texts(ask, ["41", "as it is, ü"]) == expected
    assert "select" in asked.captured_queries[0]["sql"]


def test_wrong_texts_are_errors_of_django_and_leave_the_connection_in_order():
    for wrong in ("select $1::int", "select $1 from nowhere"):
        with pytest.raises(DatabaseError), transaction.atomic():
            fetch_texts(wrong, ["x"])
    assert fetch_texts("select $1::int", ["7"]) == [("7",)]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_begins_with_texts_can_be_taken_back():
    with connection.cursor() as cursor:
        cursor.execute("create temporary table tried (number int)")
    add = "insert into tried values ($1::int) returning number"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fetch_texts(add, ["1"])
        raise ZeroDivisionError
    assert fetch_texts(add, ["2"]) == [("2",)]
    with transaction.atomic():
        fetch_texts(add, ["3"])
    assert fetch_rows("select number from tried order by number", []) == [(2,), (3,)]
