"""What a gateway calls one who pays."""

import uuid

from footlights.payments.adapters.gateway import Gateway
from footlights.payments.models import CustomerRow


def customer_of(payer_id: uuid.UUID, gateway: Gateway) -> str:
    """Found, or made at the gateway on first need. Call outside a transaction. Raises GatewayUnreachableError."""
    known = CustomerRow.objects.filter(payer_id=payer_id, gateway=gateway.name).first()
    if known is None:
        ref = gateway.open_customer(str(payer_id))
        known, _ = CustomerRow.objects.get_or_create(
            payer_id=payer_id, gateway=gateway.name, defaults={"gateway_ref": ref}
        )
    return str(known.gateway_ref)
