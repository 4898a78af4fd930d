"""Reading the trail onward gives every record once, and tallies every count once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from footlights.audit.api import Act, count_by_hour, list_latest, read_ends, read_onward, record, take_tallies, tally
from footlights.audit.models import TallyRow
from footlights.audit.operations.tally import forget_tallies, list_taken_tallies
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=1)


def write(number: int = 1) -> list:
    return [record(act=Act.PRICE_CHANGED, object_id=new_id(), actor_id=None, after={"n": n}) for n in range(number)]


def test_every_record_is_read_once_and_whole():
    write(3)
    reached = read_ends()
    assert read_onward(reached, since=now() - LONG_AGO) == ([], reached)
    ids = write(5)
    records, ends = read_onward(reached, since=now() - LONG_AGO)
    assert [each.id for each in records] == ids
    assert [each.after for each in records] == [{"n": n} for n in range(5)]
    assert read_onward(ends, since=now() - LONG_AGO) == ([], ends)


def test_a_chain_that_holds_more_than_one_read_gives_the_rest_next_time(monkeypatch):
    monkeypatch.setattr("footlights.audit.queries.READ_A_CHAIN", 4)
    reached = read_ends()
    ids, read = write(10), []
    for _ in range(3):
        records, reached = read_onward(reached, since=now() - LONG_AGO)
        read += [each.id for each in records]
    assert read == ids


def test_what_is_older_than_asked_for_is_passed_over():
    reached = read_ends()
    write(2)
    records, ends = read_onward(reached, since=now() + timedelta(minutes=1))
    assert records == []
    assert read_onward(ends, since=now() - LONG_AGO) == ([], ends)


@pytest.mark.django_db(transaction=True)
def test_what_commits_later_is_not_missed_though_its_id_is_older():
    """Two writers at once: the one that began first commits last."""
    from threading import Event, Thread

    began, may_commit = Event(), Event()

    def slow():
        with transaction.atomic():
            write()
            began.set()
            may_commit.wait(10)
        connection.close()

    reached = read_ends()
    writer = Thread(target=slow)
    writer.start()
    began.wait(10)
    with transaction.atomic():
        write()
    first, reached = read_onward(reached, since=now() - LONG_AGO)
    may_commit.set()
    writer.join()
    second, _ = read_onward(reached, since=now() - LONG_AGO)
    assert len(first) == len(second) == 1
    assert second[0].id < first[0].id


def test_hours_and_the_latest_are_counted_by_act():
    write(3)
    record(act=Act.TITLE_DELETED, object_kind="title", actor_id=None)
    hour = int(now().timestamp() // 3600)
    assert sum(count_by_hour([Act.PRICE_CHANGED], since=now() - LONG_AGO).values()) == 3
    assert set(count_by_hour([Act.TITLE_DELETED], since=now() - LONG_AGO, object_kind="title")) <= {hour, hour - 1}
    assert count_by_hour([Act.TITLE_DELETED], since=now() - LONG_AGO, object_kind="file") == {}
    assert [each.act for each in list_latest([Act.TITLE_DELETED], since=now() - LONG_AGO, limit=5)] == ["title.deleted"]


def test_a_tally_is_one_row_a_minute_and_each_count_is_taken_once():
    at = now().replace(second=10)
    for _ in range(7):
        tally("licences", ["p", "q"], at=at)
    assert TallyRow.objects.count() == 2
    assert {(each.subject, each.count) for each in take_tallies()} == {("p", 7), ("q", 7)}
    assert take_tallies() == []
    tally("licences", ["p"], at=at)
    assert [(each.subject, each.count) for each in take_tallies()] == [("p", 1)]
    assert {(each.subject, each.count) for each in list_taken_tallies(since=at - LONG_AGO, limit=9)} == {
        ("p", 8),
        ("q", 7),
    }


def test_tallies_are_forgotten_after_two_days():
    tally("licences", ["p"], at=now() - timedelta(days=3))
    tally("licences", ["p"], at=now())
    assert forget_tallies(at=now()) == 1
