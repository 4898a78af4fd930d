"""Keep a way of paying."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.kernel import events
from footlights.payments.adapters.gateway import KeptMethod
from footlights.payments.events import MethodSaved
from footlights.payments.models import CustomerRow, MethodRow


def save_method(*, payer_id: uuid.UUID, gateway: str, kept: KeptMethod, reference: str, at: datetime) -> uuid.UUID:
    """The newest is the default. Safe to repeat: what is kept, or was forgotten, stays as it is.

    Locks the payer's customer row; joins the caller's transaction. Publishes MethodSaved. Returns the method's id.
    """
    with transaction.atomic():
        customer = CustomerRow.objects.select_for_update(no_key=True).get(payer_id=payer_id, gateway=gateway)
        known = MethodRow.objects.filter(gateway=gateway, gateway_ref=kept.ref).first()
        if known:
            return known.id
        MethodRow.objects.filter(payer_id=payer_id, is_default=True).update(is_default=False)
        method = MethodRow.objects.create(
            payer_id=payer_id,
            gateway=gateway,
            gateway_ref=kept.ref,
            customer_ref=customer.gateway_ref,
            label=kept.label,
            brand=kept.brand,
            last4=kept.last4,
            expires_on=kept.expires_on,
            is_default=True,
            saved_at=at,
        )
        record(act=Act.METHOD_SAVED, object_kind="method", object_id=method.id, after={"payer_id": str(payer_id)})
        events.publish(MethodSaved(method_id=method.id, payer_id=payer_id, reference=reference, at=at))
    return method.id
