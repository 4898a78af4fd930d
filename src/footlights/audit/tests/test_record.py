"""An act is in the trail exactly when it happened, with its origin and without secrets."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from footlights.audit.api import (
    Act,
    Origin,
    OutsideTransactionError,
    SecretInTrailError,
    TooLongForTrailError,
    acting,
    record,
)
from footlights.audit.models import RecordRow
from footlights.audit.operations.record import INSERT
from footlights.audit.testing import recorded
from footlights.kernel.clock import now

pytestmark = pytest.mark.django_db


def test_a_record_says_who_what_where_and_when():
    actor, other, channel, title, request = (uuid4() for _ in range(5))
    began = now()
    with acting(Origin(person=lambda: actor, address="2001:db8::7", request_id=request)):
        record(
            act=Act.PRICE_CHANGED,
            object_kind="title",
            object_id=title,
            channel_id=channel,
            person_ids=[other, None],
            before={"price": "€4.00"},
            after={"price": "€5.00", "at": began},
        )
    [told] = recorded()
    assert (told.act, told.actor_id, told.object_id, told.channel_id) == (
        "price.changed",
        actor,
        str(title),
        channel,
    )
    assert set(told.person_ids) == {actor, other}
    assert (told.before, told.after) == ({"price": "€4.00"}, {"price": "€5.00", "at": began.isoformat()})
    assert (told.address, told.request_id) == ("2001:db8::7", request)
    assert abs((told.at - now()).total_seconds()) < 5
    assert told.words == "Changed a price"


def test_what_a_job_does_the_service_did():
    record(act=Act.TITLE_PURGED, object_kind="title", object_id=uuid4())
    [told] = recorded()
    assert (told.actor_id, told.address, told.request_id, told.person_ids) == (None, None, None, ())


def test_an_operation_that_knows_better_names_the_actor():
    owner = uuid4()
    with acting(Origin(person=uuid4)):
        record(act=Act.UPLOAD_FINISHED, actor_id=owner)
        record(act=Act.UPLOAD_FINISHED, actor_id=None)
    assert [each.actor_id for each in recorded()] == [owner, None]


def test_an_origin_ends_with_its_request():
    with pytest.raises(ZeroDivisionError), acting(Origin(address="192.0.2.1")):
        _ = 1 / 0
    record(act=Act.TITLE_CREATED)
    assert recorded()[0].address is None


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_undone_leaves_no_record():
    def fail() -> None:
        with transaction.atomic():
            record(act=Act.TITLE_DELETED)
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        fail()
    with pytest.raises(OutsideTransactionError):
        record(act=Act.TITLE_DELETED)
    assert recorded() == []


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "Api-Key".replace("-", "_"), "stream_key", "sessionToken", "card_number", "iban"],
)
def test_what_is_named_like_a_secret_is_refused_however_deep(name):
    with pytest.raises(SecretInTrailError):
        record(act=Act.SETTINGS_CHANGED, after={"list": [{"inner": {name: "x"}}]})


@pytest.mark.parametrize(
    "name", ["shipping", "passport_photo", "author", "kid", "tokenised".replace("tokenised", "note")]
)
def test_ordinary_names_are_not_mistaken_for_secrets(name):
    record(act=Act.SETTINGS_CHANGED, after={name: "x"})


def test_a_record_is_no_place_for_documents():
    with pytest.raises(TooLongForTrailError):
        record(act=Act.TITLE_CHANGED, after={"description": "é" * 4_096})


@pytest.mark.parametrize(
    "statement",
    [
        "update {table} set act = 'a.b'",
        "delete from {table}",
        "truncate {table}",
    ],
)
@pytest.mark.parametrize("table", ["audit_record", "partition"])
def test_the_database_refuses_to_alter_what_is_written(statement, table):
    record(act=Act.TITLE_DELETED)
    if table == "partition":
        with connection.cursor() as cursor:
            cursor.execute("select tableoid::regclass::text from audit_record")
            [table] = cursor.fetchone()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))
    assert RecordRow.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_head set position = 0",
        "delete from audit_head",
        "insert into audit_head values (300, 1, '')",
        "delete from audit_checkpoint",
        "delete from audit_signing_key",
    ],
)
def test_the_database_refuses_what_would_hide_it(statement):
    record(act=Act.TITLE_DELETED)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_records_of_one_transaction_stay_on_one_chain_in_order():
    for _ in range(3):
        record(act=Act.TITLE_CREATED)
    rows = RecordRow.objects.order_by("id")
    assert len({row.chain for row in rows}) == 1
    first = rows[0].position
    assert [row.position for row in rows] == [first, first + 1, first + 2]


def test_recording_is_one_statement(django_assert_num_queries):
    record(act=Act.TITLE_CREATED)
    with django_assert_num_queries(1) as asked:
        record(act=Act.TITLE_CREATED)
    assert asked.captured_queries[0]["sql"].startswith(INSERT[:24])
