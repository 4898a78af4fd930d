"""What buyers' banks asked and decided, where nobody told us: a webhook may be lost."""

import logging
from datetime import datetime
from uuid import UUID

from footlights.payments.adapters.registry import gateway_named
from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError
from footlights.payments.models import DisputeRow
from footlights.payments.operations.record_dispute import record_dispute
from footlights.payments.operations.story import tell
from footlights.payments.records import Payment

logger = logging.getLogger(__name__)


def ask_about_dispute(*, dispute_id: UUID, at: datetime) -> None:
    """Fetch what became of it. Safe to repeat. Call outside a transaction.

    One that the gateway says nothing of is asked for again the next day.
    """
    dispute = DisputeRow.objects.select_related("payment").get(pk=dispute_id)
    DisputeRow.objects.filter(pk=dispute_id).update(looked_at=at)
    try:
        contest = gateway_named(dispute.gateway).fetch_contest(dispute.gateway_ref)
        record_dispute(gateway=dispute.gateway, contest=contest, at=at)
    except (GatewayUnreachableError, GatewayRefusedError) as error:
        tell(dispute.payment, at, "no_answer", f"The gateway says nothing of what the bank decided: {error}")


def find_disputes(payment: Payment, *, at: datetime) -> None:
    """Record what the gateway knows of disputes of this payment, those that we never heard of too. Safe to repeat.

    Call outside a transaction. Where the gateway does not answer, or our keys may not ask, nothing is recorded, and
    what differs stays a difference that people are told of.
    """
    if not payment.gateway_ref:
        return
    try:
        for contest in gateway_named(payment.gateway).list_contests(payment.gateway_ref):
            record_dispute(gateway=payment.gateway, contest=contest, at=at)
    except (GatewayRefusedError, GatewayUnreachableError) as error:
        logger.info("disputes of %s were not asked for: %s", payment.id, error)
