"""How the key of blind indexes is sealed anew. The key itself stays: so do the indexes."""

from footlights.kernel.blind_index import CONTEXT
from footlights.kernel.reseal import reseal_column, reseals


@reseals("the key of blind indexes")
def reseal_index_key() -> int:
    return reseal_column(table="kernel_indexkey", key="id", column="sealed", context=lambda _: CONTEXT)
