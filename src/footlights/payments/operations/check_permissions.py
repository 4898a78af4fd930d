"""Ask a gateway what our keys may do."""

from datetime import datetime

from footlights.audit.api import Act, record
from footlights.payments.adapters.registry import gateway_named


def check_permissions(*, gateway: str, at: datetime) -> tuple[str, ...]:
    """What we need and they may not, in the gateway's words; the trail is told, and so is who handles alerts.

    Call outside a transaction; safe to repeat. Raises GatewayUnreachableError.
    """
    lacks = gateway_named(gateway).list_lacks()
    if lacks:
        after = {"gateway": gateway, "lacks": list(lacks), "at": at.isoformat()}
        record(act=Act.GATEWAY_FORBIDS, object_kind="gateway", object_id=gateway, after=after)
    return lacks
