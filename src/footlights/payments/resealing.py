"""How the evidence of disputes, and what gateways call things, is sealed anew."""

from footlights.kernel.reseal import reseal_column, reseals
from footlights.kernel.sealed_text import reseal_sealed_text
from footlights.payments.models.dispute import evidence_context


@reseals("evidence of disputes")
def reseal_evidence() -> int:
    return reseal_column(table="payments_dispute", key="id", column="sealed_evidence", context=evidence_context)


REFERENCES = (
    ("payments_payment", "gateway_ref"),
    ("payments_payment", "customer_ref"),
    ("payments_payment", "hosted_url"),
    ("payments_customer", "gateway_ref"),
    ("payments_method", "gateway_ref"),
    ("payments_method", "customer_ref"),
    ("payments_setup", "gateway_ref"),
    ("payments_setup", "hosted_url"),
    ("payments_gateway_event", "event_id"),
    ("payments_refund", "gateway_ref"),
    ("payments_dispute", "gateway_ref"),
    ("payments_destination", "gateway_ref"),
    ("payments_destination", "hosted_url"),
    ("payments_payout", "gateway_ref"),
    ("payments_movement", "gateway_ref"),
)


@reseals("gateways' references")
def reseal_references() -> int:
    return sum(reseal_sealed_text(table=table, key="id", column=column) for table, column in REFERENCES)
