"""How the addresses and keys of destinations are sealed anew."""

from footlights.alerts.operations.deliver import address_context, key_context
from footlights.kernel.reseal import reseal_column, reseals


@reseals("where alerts are sent")
def reseal_destinations() -> int:
    table = "alerts_destination"
    addresses = reseal_column(table=table, key="id", column="sealed_url", context=address_context)
    return addresses + reseal_column(table=table, key="id", column="sealed_key", context=key_context)
