"""Disputes at the sandbox gateway: its buyers' banks open them, read what speaks for the merchant, and decide."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from footlights.kernel.ids import new_token
from footlights.kernel.money import Money, exponent_of
from footlights.payments.adapters.sandbox.cards import CARDS
from footlights.payments.adapters.sandbox.errors import NoSuchThingError
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxDispute
from footlights.payments.adapters.sandbox.movements import note_movement
from footlights.payments.adapters.sandbox.outcomes import announce_other

FEE_MAJOR = 15
TIME_TO_ANSWER = timedelta(days=7)
BANK_READS_FOR = timedelta(seconds=20)


def open_dispute(checkout_id: str, *, at: datetime) -> None:
    """The buyer tells their bank that they never bought this. Once for each payment."""
    from footlights.payments.adapters.sandbox.jobs import decide_dispute  # noqa: PLC0415  jobs.py imports this module

    with transaction.atomic():
        checkout = SandboxCheckout.objects.get(pk=checkout_id)
        dispute, is_new = SandboxDispute.objects.get_or_create(
            checkout=checkout,
            defaults={
                "id": f"dp_{new_token()}",
                "amount_minor": checkout.charged_minor,
                "created_at": at,
                "answer_by": at + TIME_TO_ANSWER,
            },
        )
        if is_new:
            reference, currency = checkout.merchant_reference, checkout.currency
            note_movement("dispute", reference, Money(-dispute.amount_minor, currency), at)
            note_movement("fee", reference, Money(-_fee_minor(currency), currency), at)
            announce_other(dispute.pk, "dispute.opened", at)
            decide_dispute.configure(schedule_at=dispute.answer_by).defer(dispute_id=dispute.pk)


def retrieve_dispute(dispute_id: str) -> dict[str, Any]:
    dispute = SandboxDispute.objects.select_related("checkout").filter(pk=dispute_id).first()
    if dispute is None:
        raise NoSuchThingError(dispute_id)
    currency = dispute.checkout.currency
    return {
        "id": dispute.pk,
        "merchant_reference": dispute.checkout.merchant_reference,
        "status": dispute.status,
        "amount_minor": dispute.amount_minor,
        "currency": currency,
        "fee_minor": _fee_minor(currency),
        "reason": "The buyer says that they did not buy this.",
        "answer_by": dispute.answer_by,
    }


def list_disputes(checkout_id: str) -> list[dict[str, Any]]:
    found = SandboxDispute.objects.filter(checkout_id=checkout_id).values_list("pk", flat=True)
    return [retrieve_dispute(each) for each in found]


def answer_dispute(dispute_id: str, *, evidence: str, at: datetime) -> dict[str, Any]:
    """Give the bank what speaks for the merchant. It reads for a while; what it was given first, it keeps."""
    from footlights.payments.adapters.sandbox.jobs import decide_dispute  # noqa: PLC0415  jobs.py imports this module

    with transaction.atomic():
        given = SandboxDispute.objects.filter(pk=dispute_id, status="open", evidence="").update(evidence=evidence)
        if given:
            decide_dispute.configure(schedule_at=at + BANK_READS_FOR).defer(dispute_id=dispute_id)
    return retrieve_dispute(dispute_id)


def decide(dispute_id: str, *, at: datetime) -> None:
    """The bank decides, once: for the buyer when nobody answered, or when the card says so."""
    with transaction.atomic():
        dispute = SandboxDispute.objects.select_for_update().select_related("checkout").get(pk=dispute_id)
        if dispute.status != "open":
            return
        is_won = bool(dispute.evidence) and not CARDS[dispute.checkout.card].loses_disputes
        dispute.status = "won" if is_won else "lost"
        dispute.save(update_fields=["status"])
        if is_won:
            checkout = dispute.checkout
            given = Money(dispute.amount_minor, checkout.currency)
            note_movement("dispute", checkout.merchant_reference, given, at)
        announce_other(dispute.pk, f"dispute.{dispute.status}", at)


def _fee_minor(currency: str) -> int:
    return FEE_MAJOR * int(10 ** exponent_of(currency))
