"""What somebody paid with is noted, so that they are known again; and forgotten."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from footlights.kernel import blind_index, events
from footlights.payments.events import PaidWith
from footlights.payments.models import FingerprintRow, PaymentRow

CONTEXT = "payment-fingerprint"
KEPT = timedelta(days=400)  # since somebody paid with it last


def note_fingerprint(payment: PaymentRow, fingerprint: str, at: datetime) -> None:
    """Once for each payer and way of paying; joins the caller's transaction. Publishes PaidWith each time it is new.

    Kept is a keyed digest (HMAC-SHA256) alone: the gateway's mark is nowhere, and without the key nobody can tell.
    """
    if not fingerprint or payment.payer_id is None:
        return
    digest = blind_index.digest(f"{payment.gateway}:{fingerprint}", context=CONTEXT)
    _row, is_new = FingerprintRow.objects.update_or_create(
        payer_id=payment.payer_id, digest=digest, defaults={"paid_at": at}
    )
    if is_new:
        events.publish(PaidWith(payer_id=payment.payer_id, digest=digest.hex(), at=at))


def hand_over_fingerprints(*, guest_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """What a guest paid with is that of the account they turned out to have. Safe to repeat. Publishes PaidWith."""
    with transaction.atomic():
        for row in FingerprintRow.objects.select_for_update().filter(payer_id=guest_id).order_by("pk"):
            kept, is_new = FingerprintRow.objects.get_or_create(
                payer_id=person_id, digest=row.digest, defaults={"paid_at": row.paid_at}
            )
            kept.paid_at = max(kept.paid_at, row.paid_at)
            kept.save(update_fields=["paid_at"])
            row.delete()
            if is_new:
                events.publish(PaidWith(payer_id=person_id, digest=bytes(row.digest).hex(), at=row.paid_at))


def forget_fingerprints(*, payer_id: uuid.UUID) -> None:
    """On their request. What others keep of it (a ban keeps what it was given for) is theirs to forget."""
    FingerprintRow.objects.filter(payer_id=payer_id).delete()


def forget_old_fingerprints(*, at: datetime) -> None:
    FingerprintRow.objects.filter(paid_at__lt=at - KEPT).delete()
