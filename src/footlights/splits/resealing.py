"""How the addresses of people who are asked to share are sealed anew."""

from footlights.kernel.reseal import reseal_column, reseals
from footlights.splits.models import context_of


@reseals("people asked to share")
def reseal_parties() -> int:
    return reseal_column(table="splits_party", key="id", column="sealed_address", context=context_of)
