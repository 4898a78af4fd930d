"""Nobody who records waits for somebody else's transaction, and the chains stay exact."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from footlights.audit.api import Act, record, verify
from footlights.audit.models import RecordRow
from footlights.audit.operations.retire_months import ensure_months

pytestmark = pytest.mark.django_db(transaction=True)


def record_in_a_connection_of_its_own(number: int) -> None:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("set local lock_timeout = '2s'")
            record(act=Act.TITLE_CREATED, object_id=number)
    finally:
        connection.close()


def test_others_record_while_a_long_transaction_holds_its_chain():
    with ThreadPoolExecutor(8) as pool, transaction.atomic():
        record(act=Act.TITLE_CREATED, object_id="long")
        list(pool.map(record_in_a_connection_of_its_own, range(40)))
        record(act=Act.TITLE_CREATED, object_id="long")
    report = verify()
    assert (report.records, report.findings) == (42, ())
    held = set(RecordRow.objects.filter(object_id="long").values_list("chain", flat=True))
    others = set(RecordRow.objects.exclude(object_id="long").values_list("chain", flat=True))
    assert not held & others


def test_what_is_undone_leaves_no_gap_in_its_chain():
    for number in range(3):
        with transaction.atomic():
            record(act=Act.TITLE_CREATED, object_id=number)
            transaction.set_rollback(number == 1)
    assert (verify().records, verify().findings) == (2, ())


def test_two_who_need_a_month_that_nobody_made_ahead_both_have_it():
    at = datetime(2090, 5, 1, tzinfo=UTC)

    def need() -> None:
        try:
            ensure_months(at=at)
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                ensure_months(at=at)
                second = pool.submit(need)
                while not waits_for_the_first():
                    time.sleep(0.01)
                    assert not second.done()
            second.result()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "select inhrelid::regclass::text from pg_inherits where inhparent = 'audit_record'::regclass"
            )
            for (part,) in [each for each in cursor.fetchall() if "_2090_" in each[0]]:
                cursor.execute(f"drop table {part}")


def waits_for_the_first() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where locktype = 'advisory' and objid = 256 and not granted")
        return cursor.fetchone() == (1,)
