"""How the trail's signing keys are sealed anew. Their public halves never change."""

from footlights.audit.signing import CONTEXT
from footlights.kernel.reseal import reseal_column, reseals


@reseals("the trail's signing keys")
def reseal_signing_keys() -> int:
    return reseal_column(table="audit_signing_key", key="public", column="sealed", context=lambda _: CONTEXT)
