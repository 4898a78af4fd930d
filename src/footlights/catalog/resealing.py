"""How the address an invitation went to is sealed anew."""

from footlights.catalog.membership import context_of
from footlights.kernel.reseal import reseal_column, reseals


@reseals("invitations to channels")
def reseal_invitations() -> int:
    return reseal_column(table="catalog_invitation", key="id", column="sealed_address", context=context_of)
