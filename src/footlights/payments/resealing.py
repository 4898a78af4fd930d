"""How the evidence of disputes is sealed anew."""

from footlights.kernel.reseal import reseal_column, reseals
from footlights.payments.models.dispute import evidence_context


@reseals("evidence of disputes")
def reseal_evidence() -> int:
    return reseal_column(table="payments_dispute", key="id", column="sealed_evidence", context=evidence_context)
