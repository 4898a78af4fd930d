"""Let somebody keep a way of paying, without paying now."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.payments import policies
from footlights.payments.adapters.gateway import Setup, SetupStatus
from footlights.payments.adapters.registry import can_be_paid, default_gateway, gateway_named
from footlights.payments.errors import PaymentsClosedError
from footlights.payments.models import SetupRow
from footlights.payments.operations.customers import customer_of
from footlights.payments.operations.save_method import save_method
from footlights.payments.records import MethodSetup, SetupState

UNDECIDED = (SetupState.OPENING, SetupState.OPEN)


def open_method_setup(*, payer_id: uuid.UUID, return_path: str, idempotency_key: str, at: datetime) -> MethodSetup:
    """Open the gateway's page for it. Call outside a transaction; the same key is the same page.

    Raises GatewayUnreachableError (nothing is kept; repeat), IdempotencyConflictError when the key is another's,
    PaymentsClosedError. MethodSaved tells when it is kept; when no webhook says so, jobs ask.
    """
    from footlights.payments.jobs import settle_page  # noqa: PLC0415  jobs.py imports the operations

    if not can_be_paid():
        raise PaymentsClosedError(_("This service cannot take payments yet."))
    setup, _is_new = SetupRow.objects.get_or_create(
        idempotency_key=idempotency_key,
        defaults={
            "payer_id": payer_id,
            "return_path": return_path,
            "gateway": default_gateway().name,
            "created_at": at,
        },
    )
    if setup.payer_id != payer_id or setup.return_path != return_path:
        raise IdempotencyConflictError("This page was asked for before, for somebody else.")
    if setup.state == SetupState.OPENING:
        gateway = gateway_named(setup.gateway)
        truth = gateway.open_setup(
            reference=str(setup.id), customer_ref=customer_of(payer_id, gateway), return_path=return_path
        )
        with transaction.atomic():
            record_setup(setup_id=setup.id, truth=truth, at=at)
            for after in policies.ASK_ABOUT_PAGES_AFTER:
                settle_page.configure(schedule_at=at + after).defer(setup_id=str(setup.id))
        setup.refresh_from_db()
    return setup.to_record()


def settle_method_setup(*, setup_id: uuid.UUID, at: datetime) -> MethodSetup:
    """Ask the gateway what became of the page: for when its holder comes back from it. Call outside a transaction.

    Raises NotFoundError, GatewayUnreachableError.
    """
    setup = SetupRow.objects.filter(pk=setup_id).first()
    if setup is None:
        raise NotFoundError("There is no such page.")
    if setup.state == SetupState.OPEN:
        record_setup(setup_id=setup_id, truth=gateway_named(setup.gateway).fetch_setup(setup.gateway_ref), at=at)
        setup.refresh_from_db()
    return setup.to_record()


def record_setup(*, setup_id: uuid.UUID, truth: Setup, at: datetime) -> None:
    """Apply what was just fetched: compare-and-set in one transaction; safe to repeat. Publishes MethodSaved."""
    with transaction.atomic():
        setup = SetupRow.objects.select_for_update(no_key=True).get(pk=setup_id)
        if setup.state not in UNDECIDED:
            return
        setup.gateway_ref, setup.hosted_url = truth.ref, truth.hosted_url
        setup.state = SetupState(truth.status.value)
        if truth.method and truth.status is SetupStatus.SAVED:
            setup.method_id = save_method(
                payer_id=setup.payer_id,
                gateway=setup.gateway,
                kept=truth.method,
                reference="",
                at=at,
            )
        setup.save(update_fields=["gateway_ref", "hosted_url", "state", "method"])
