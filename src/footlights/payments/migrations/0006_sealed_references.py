"""What gateways call things is sealed. What was in the clear goes with the next migration."""

from django.db import migrations

from footlights.kernel.sealed_text import sealing


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_disputes_and_payouts"), ("kernel", "0002_index_key")]

    operations = [
        migrations.RemoveConstraint("paymentrow", "payments_payment_gateway_ref"),
        migrations.RemoveConstraint("methodrow", "payments_method_once"),
        migrations.RemoveConstraint("gatewayevent", "payments_gateway_event_once"),
        migrations.RemoveConstraint("disputerow", "payments_dispute_once"),
        migrations.RemoveConstraint("destinationrow", "payments_destination_gateway_ref"),
        *sealing("payments", "paymentrow", "gateway_ref", "customer_ref", "hosted_url"),
        *sealing("payments", "customerrow", "gateway_ref"),
        *sealing("payments", "methodrow", "gateway_ref", "customer_ref"),
        *sealing("payments", "setuprow", "gateway_ref", "hosted_url"),
        *sealing("payments", "gatewayevent", "event_id"),
        *sealing("payments", "refundrow", "gateway_ref"),
        *sealing("payments", "disputerow", "gateway_ref"),
        *sealing("payments", "destinationrow", "gateway_ref", "hosted_url"),
        *sealing("payments", "payoutrow", "gateway_ref"),
    ]
