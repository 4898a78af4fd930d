"""What people do with the ways of paying that are kept for them."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel.errors import NotFoundError
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.errors import MethodGoneError
from footlights.payments.models import CustomerRow, MethodRow


def make_default(*, payer_id: uuid.UUID, method_id: uuid.UUID) -> None:
    """What is charged from now on. Safe to repeat. Locks the payer's customer rows.

    Raises NotFoundError, MethodGoneError.
    """
    with transaction.atomic():
        list(CustomerRow.objects.select_for_update(no_key=True).filter(payer_id=payer_id).order_by("pk"))
        if _own(payer_id, method_id).forgotten_at:
            raise MethodGoneError(_("This way of paying is not kept any more. Choose another."))
        MethodRow.objects.filter(payer_id=payer_id, is_default=True).update(is_default=False)
        MethodRow.objects.filter(pk=method_id).update(is_default=True)


def forget_method(*, payer_id: uuid.UUID, method_id: uuid.UUID, at: datetime) -> None:
    """Neither we nor the gateway keep it any longer; the newest other one becomes the default. Safe to repeat.

    The gateway first: what it still keeps, its holder still sees here. Call outside a transaction. Raises
    NotFoundError, GatewayUnreachableError.
    """
    method = _own(payer_id, method_id)
    if method.forgotten_at:
        return
    gateway_named(method.gateway).forget_method(method.gateway_ref)
    with transaction.atomic():
        list(CustomerRow.objects.select_for_update(no_key=True).filter(payer_id=payer_id).order_by("pk"))
        forgotten = MethodRow.objects.filter(pk=method_id, forgotten_at=None).update(
            forgotten_at=at, is_default=False, label="", brand="", last4="", expires_on=None
        )
        if forgotten:
            record(act=Act.METHOD_FORGOTTEN, object_kind="method", object_id=method_id)
            _name_a_default(payer_id)


def _own(payer_id: uuid.UUID, method_id: uuid.UUID) -> MethodRow:
    method = MethodRow.objects.filter(pk=method_id, payer_id=payer_id).first()
    if method is None:
        raise NotFoundError("There is no such way of paying.")
    return method


def _name_a_default(payer_id: uuid.UUID) -> None:
    kept = MethodRow.objects.filter(payer_id=payer_id, forgotten_at=None)
    newest = kept.order_by("-saved_at").first()
    if newest and not kept.filter(is_default=True).exists():
        MethodRow.objects.filter(pk=newest.pk).update(is_default=True)
