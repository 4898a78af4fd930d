"""Prepared reads behave as Django's own: same errors, same counting, and they see what the transaction wrote."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from footlights.kernel.reads import fetch_rows

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


def test_errors_are_djangos():
    with pytest.raises(ProgrammingError), transaction.atomic():
        fetch_rows("select nothing from nowhere", [])
