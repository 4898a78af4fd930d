"""What gateways call things is not to be read in the database, nor lost when the key it is sealed with changes."""

import pytest
from django.db import connection

from footlights.payments.resealing import REFERENCES


@pytest.mark.django_db
def test_every_sealed_column_of_payments_has_its_step_of_resealing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name::text, column_name::text from information_schema.columns where data_type = 'bytea'"
            " and table_name like 'payments%%' and column_name not in ('sealed_evidence', 'digest')"
        )  # evidence has a step of its own, and a digest is opened by nobody
        assert sorted(cursor.fetchall()) == sorted(REFERENCES)
