"""Several refunds of a payment, each with an id of its own. What was refunded before went back whole."""

import uuid

import django.db.models.deletion
import footlights.kernel.ids
from django.db import migrations, models

# A refund is asked for at the gateway under its id. Those asked for before were asked for under their payment's.
IDS = """
ALTER TABLE payments_refund DROP COLUMN id;
ALTER TABLE payments_refund ADD COLUMN id uuid;
UPDATE payments_refund SET id = payment_id;
ALTER TABLE payments_refund ADD PRIMARY KEY (id);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [
        migrations.RenameModel("Refund", "RefundRow"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(IDS, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    "refundrow",
                    "id",
                    models.UUIDField(
                        default=footlights.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                )
            ],
        ),
        migrations.AlterField(
            "refundrow",
            "payment",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="payments.paymentrow"
            ),
        ),
    ]
