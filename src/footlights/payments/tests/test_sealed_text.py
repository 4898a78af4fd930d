"""Sealed text (kernel.sealed_text) is text to the code, ciphertext to the database, and found by its value."""

import hashlib
import uuid

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from footlights.kernel import blind_index, keyset
from footlights.kernel.clock import now
from footlights.kernel.crypto import SealBrokenError
from footlights.kernel.models import IndexKey
from footlights.kernel.sealed_text import reseal_sealed_text
from footlights.payments.models import GatewayEvent, SetupRow

pytestmark = pytest.mark.django_db
TABLE = "payments_gateway_event"


def keep(event_id: str, gateway: str = "g") -> GatewayEvent:
    return GatewayEvent.objects.create(gateway=gateway, event_id=event_id, received_at=now())


def kept(table: str = TABLE, column: str = "event_id") -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from {table} order by id")  # noqa: S608  names of the test's own
        return [bytes(value) for (value,) in cursor.fetchall()]


def write(value: bytes, row: GatewayEvent) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"update {TABLE} set event_id = %s where id = %s", [value, row.pk])  # noqa: S608  as above


def test_the_database_holds_neither_the_text_nor_anything_that_is_made_of_it_without_the_key() -> None:
    keep("evt_canary")
    [value] = kept()
    assert b"canary" not in value
    for guess in (b"evt_canary", f"{TABLE}.event_id\0evt_canary".encode()):
        assert hashlib.sha256(guess).digest() not in value


def test_it_is_found_by_its_exact_value_alone() -> None:
    row = keep("evt_1")
    keep("evt_2")
    assert GatewayEvent.objects.get(event_id="evt_1").event_id == "evt_1"
    assert [each.pk for each in GatewayEvent.objects.filter(event_id__in=["evt_1", "evt_x"])] == [row.pk]
    assert GatewayEvent.objects.exclude(event_id="evt_1").get().event_id == "evt_2"
    assert list(GatewayEvent.objects.filter(event_id="evt_1").values_list("event_id", flat=True)) == ["evt_1"]
    for lookup in ("iexact", "contains", "startswith", "gt"):
        with pytest.raises(FieldError):
            GatewayEvent.objects.filter(**{f"event_id__{lookup}": "evt_1"})
    with pytest.raises(TypeError, match="not with an expression"):
        GatewayEvent.objects.filter(event_id=F("gateway")).exists()


def test_the_same_value_is_kept_once() -> None:
    keep("evt_1")
    with pytest.raises(IntegrityError), transaction.atomic():
        keep("evt_1")
    keep("evt_1", gateway="another")
    assert (
        GatewayEvent.objects.get_or_create(gateway="g", event_id="evt_1", defaults={"received_at": now()})[1] is False
    )


def test_it_changes_by_save_and_by_update() -> None:
    row = keep("evt_1")
    row.event_id = "evt_2"
    row.save(update_fields=["event_id"])
    assert GatewayEvent.objects.filter(event_id="evt_2").update(event_id="evt_3") == 1
    row.refresh_from_db()
    assert row.event_id == "evt_3"


def test_nothing_stays_nothing() -> None:
    SetupRow.objects.create(payer_id=uuid.uuid4(), idempotency_key="k", return_path="/", gateway="g", created_at=now())
    assert SetupRow.objects.get(gateway_ref="").hosted_url == ""
    assert kept("payments_setup", "hosted_url") == [b""]


def test_the_same_text_looks_different_in_another_column_and_each_time_it_is_sealed() -> None:
    SetupRow.objects.create(
        payer_id=uuid.uuid4(), idempotency_key="k", return_path="/", gateway="g", gateway_ref="same", created_at=now()
    )
    keep("same", "a")
    keep("same", "b")
    [one, other] = kept()
    assert one[:32] == other[:32]
    assert one[32:] != other[32:]
    assert kept("payments_setup", "gateway_ref")[0][:32] != one[:32]


def test_what_is_put_behind_another_values_index_does_not_open() -> None:
    row = keep("evt_1")
    keep("evt_2")
    [one, other] = kept()
    write(one[:32] + other[32:], row)
    with pytest.raises(SealBrokenError):
        GatewayEvent.objects.get(pk=row.pk)


def test_a_new_key_seals_it_anew_and_finds_it_still(tmp_path, monkeypatch) -> None:
    blind_index.digest("x", context="c")  # from here on this process knows the key
    with monkeypatch.context() as patch:
        patch.setattr(keyset, "path", lambda: tmp_path / "keyset.json")
        keyset._path.cache_clear()
        IndexKey.objects.all().delete()
        keep("evt_1")
        before = kept()[0]
        keyset.add_key()
        assert reseal_sealed_text(table=TABLE, key="id", column="event_id") == 1
        assert reseal_sealed_text(table=TABLE, key="id", column="event_id") == 0
        after = kept()[0]
        assert after[:32] == before[:32]
        assert after[32:37] == keyset.prefix()
        assert GatewayEvent.objects.get(event_id="evt_1").event_id == "evt_1"
    keyset._path.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_the_key_outlives_the_transaction_that_first_needed_it() -> None:
    IndexKey.objects.all().delete()
    blind_index._known.clear()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        keep("evt_1")
        _ = 1 // 0
    first = blind_index.digest("x", context="c")
    blind_index._known.clear()  # another process
    assert blind_index.digest("x", context="c") == first
    assert not GatewayEvent.objects.exists()
