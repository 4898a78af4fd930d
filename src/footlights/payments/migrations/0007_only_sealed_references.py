"""What gateways call things is only kept sealed, and is still there once."""

from django.db import migrations, models

from footlights.kernel.sealed_text import IndexOf, SealedTextField, forgetting


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_sealed_references")]

    operations = [
        *forgetting("paymentrow", "gateway_ref", "customer_ref", "hosted_url"),
        *forgetting("customerrow", "gateway_ref"),
        *forgetting("methodrow", "gateway_ref", "customer_ref"),
        *forgetting("setuprow", "gateway_ref", "hosted_url"),
        *forgetting("gatewayevent", "event_id"),
        *forgetting("refundrow", "gateway_ref"),
        *forgetting("disputerow", "gateway_ref"),
        *forgetting("destinationrow", "gateway_ref", "hosted_url"),
        *forgetting("payoutrow", "gateway_ref"),
        migrations.AlterField("customerrow", "gateway_ref", SealedTextField()),
        migrations.AlterField("methodrow", "gateway_ref", SealedTextField()),
        migrations.AlterField("methodrow", "customer_ref", SealedTextField()),
        migrations.AlterField("gatewayevent", "event_id", SealedTextField()),
        migrations.AlterField("disputerow", "gateway_ref", SealedTextField()),
        migrations.AddConstraint(
            "paymentrow",
            models.UniqueConstraint(
                "gateway",
                IndexOf("gateway_ref"),
                condition=~models.Q(gateway_ref=""),
                name="payments_payment_gateway_ref",
            ),
        ),
        migrations.AddConstraint(
            "methodrow", models.UniqueConstraint("gateway", IndexOf("gateway_ref"), name="payments_method_once")
        ),
        migrations.AddConstraint(
            "gatewayevent",
            models.UniqueConstraint("gateway", IndexOf("event_id"), name="payments_gateway_event_once"),
        ),
        migrations.AddConstraint(
            "disputerow", models.UniqueConstraint("gateway", IndexOf("gateway_ref"), name="payments_dispute_once")
        ),
        migrations.AddConstraint(
            "destinationrow",
            models.UniqueConstraint(
                "gateway",
                IndexOf("gateway_ref"),
                condition=~models.Q(gateway_ref=""),
                name="payments_destination_gateway_ref",
            ),
        ),
    ]
