"""What gateways call things is not to be read in the database, nor lost when it is sealed or its key changes."""

import pytest
from django.core.management import call_command
from django.db import connection

from footlights.payments.models import GatewayEvent
from footlights.payments.resealing import REFERENCES

EVENT = "insert into payments_gateway_event (gateway, event_id, received_at) values (%s, %s, now())"


@pytest.mark.django_db(transaction=True)
def test_a_filled_table_is_sealed_and_opened_again() -> None:
    migrate("0005_disputes_and_payouts")
    with connection.cursor() as cursor:
        cursor.executemany(EVENT, [("a", f"evt_{number}") for number in range(700)])
    migrate("0007_only_sealed_references")
    assert GatewayEvent.objects.get(event_id="evt_699").event_id == "evt_699"
    assert GatewayEvent.objects.count() == 700
    migrate("0005_disputes_and_payouts")
    with connection.cursor() as cursor:
        cursor.execute("select count(distinct event_id) from payments_gateway_event where event_id like 'evt%%'")
        assert cursor.fetchone() == (700,)
    migrate()


@pytest.mark.django_db
def test_every_sealed_column_of_payments_has_its_step_of_resealing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name::text, column_name::text from information_schema.columns where data_type = 'bytea'"
            " and table_name like 'payments%%' and column_name <> 'sealed_evidence'"
        )
        assert sorted(cursor.fetchall()) == sorted(REFERENCES)


def migrate(name: str = "") -> None:
    call_command("migrate", "payments", *([name] if name else []), verbosity=0)
