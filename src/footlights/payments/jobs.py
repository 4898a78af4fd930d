"""Background work of payments."""

import uuid

from footlights.kernel.clock import now
from footlights.kernel.jobs import defer_each, job
from footlights.payments.operations.ask_about_disputes import ask_about_dispute
from footlights.payments.operations.check_permissions import check_permissions
from footlights.payments.operations.find_unsettled import find_unsettled
from footlights.payments.operations.note_fingerprint import forget_old_fingerprints
from footlights.payments.operations.open_destination import settle_destination
from footlights.payments.operations.open_method_setup import settle_method_setup
from footlights.payments.operations.payout import settle_payout
from footlights.payments.operations.receive_webhook import handle_gateway_event
from footlights.payments.operations.reconcile import reconcile
from footlights.payments.operations.refund_payment import finish_refund
from footlights.payments.operations.settle_payment import settle_payment
from footlights.payments.operations.submit_evidence import send_evidence
from footlights.payments.reconciliation import list_gateways_in_use


@job(tries=10)
def handle_event(event_id: int) -> None:
    handle_gateway_event(event_id=event_id, at=now())


@job(tries=3)
def settle(payment_id: str) -> None:
    settle_payment(payment_id=uuid.UUID(payment_id), at=now())


@job(tries=3)
def settle_page(setup_id: str) -> None:
    settle_method_setup(setup_id=uuid.UUID(setup_id), at=now())


@job(tries=3)
def settle_payee(destination_id: str) -> None:
    settle_destination(destination_ref=destination_id, at=now())


@job(cron="* * * * * */15", tries=1)
def sweep(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    found = find_unsettled(at=now())
    defer_each(settle, payment_id=found.payments)
    defer_each(give_back, refund_id=found.refunds)
    defer_each(settle_sent, payout_id=found.payouts)
    defer_each(answer_bank, dispute_id=found.evidence)
    defer_each(ask_bank, dispute_id=found.disputes)


@job(tries=3)
def give_back(refund_id: str) -> None:
    finish_refund(refund_id=uuid.UUID(refund_id), at=now())


@job(tries=3)
def settle_sent(payout_id: str) -> None:
    settle_payout(payout_id=uuid.UUID(payout_id), at=now())


@job(tries=3)
def answer_bank(dispute_id: str) -> None:
    send_evidence(dispute_id=uuid.UUID(dispute_id), at=now())


@job(tries=3)
def ask_bank(dispute_id: str) -> None:
    ask_about_dispute(dispute_id=uuid.UUID(dispute_id), at=now())


@job(cron="35 * * * *", tries=3)
def ask_for_permissions(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    for gateway in list_gateways_in_use():
        check_permissions(gateway=gateway, at=now())


@job(cron="20 4 * * *", tries=3)
def forget_fingerprints(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    forget_old_fingerprints(at=now())


@job(cron="40 * * * *", tries=5)
def compare(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    for gateway in list_gateways_in_use():
        reconcile(gateway=gateway, at=now())
