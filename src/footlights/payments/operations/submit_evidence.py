"""Answer a dispute with what speaks for us."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.kernel import crypto
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.errors import DisputeClosedError, GatewayRefusedError, GatewayUnreachableError
from footlights.payments.models import DisputeRow
from footlights.payments.models.dispute import evidence_context
from footlights.payments.operations.record_dispute import record_dispute
from footlights.payments.operations.story import tell
from footlights.payments.operations.telling import tell_trail
from footlights.payments.records import Dispute, DisputeState

EVIDENCE_LENGTH_MAX = 20_000


def submit_evidence(*, dispute_id: uuid.UUID, document: str, at: datetime) -> Dispute:
    """Keep it, sealed, and hand it to the gateway, once: banks take one answer. Call outside a transaction.

    The same document again changes nothing; another one raises IdempotencyConflictError. When the gateway does not
    answer now, the sweep hands it in. Raises NotFoundError, InvalidInputError, DisputeClosedError.
    """
    if not 0 < len(document.strip()) <= EVIDENCE_LENGTH_MAX:
        raise InvalidInputError(
            _("Evidence is a text of at most %(most)s characters.") % {"most": EVIDENCE_LENGTH_MAX}, field="document"
        )
    with transaction.atomic(durable=True):
        dispute = DisputeRow.objects.select_for_update(no_key=True).filter(pk=dispute_id).first()
        if dispute is None:
            raise NotFoundError("There is no such dispute.")
        _keep(dispute, document, at)
    if dispute.sent_at is None and dispute.state == DisputeState.OPEN:
        send_evidence(dispute_id=dispute_id, at=at)
    dispute.refresh_from_db()
    return dispute.to_record()


def send_evidence(*, dispute_id: uuid.UUID, at: datetime) -> None:
    """Hand in what is kept. Repeatable: the gateway keeps the first. Call outside a transaction."""
    dispute = DisputeRow.objects.select_related("payment").get(pk=dispute_id)
    try:
        contest = gateway_named(dispute.gateway).answer_contest(ref=dispute.gateway_ref, evidence=dispute.evidence)
    except GatewayUnreachableError:
        tell(dispute.payment, at, "no_answer", "The gateway did not answer when it was given the evidence.")
        return
    except GatewayRefusedError as error:
        tell(dispute.payment, at, "refused", f"The evidence was not taken: {error}")
        DisputeRow.objects.filter(pk=dispute.pk, sent_at=None).update(sent_at=at)  # nothing to repeat
        return
    DisputeRow.objects.filter(pk=dispute.pk, sent_at=None).update(sent_at=at)
    record_dispute(gateway=dispute.gateway, contest=contest, at=at)


def _keep(dispute: DisputeRow, document: str, at: datetime) -> None:
    if dispute.answered_at:
        if dispute.evidence != document:
            raise IdempotencyConflictError(_("This dispute was answered before, in other words."))
        return
    if dispute.state != DisputeState.OPEN or (dispute.answer_by and dispute.answer_by < at):
        raise DisputeClosedError(_("The bank no longer takes an answer."))
    dispute.sealed_evidence = crypto.seal(document.encode(), context=evidence_context(dispute.pk))
    dispute.answered_at = at
    dispute.save(update_fields=["sealed_evidence", "answered_at"])
    tell(dispute.payment, at, "dispute_answered", "What speaks for us is handed to the bank.")
    tell_trail(Act.DISPUTE_ANSWERED, dispute.payment)
