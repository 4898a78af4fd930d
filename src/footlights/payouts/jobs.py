"""Background work of payouts."""

import uuid
from datetime import UTC, datetime

from footlights.kernel.clock import now
from footlights.kernel.jobs import job
from footlights.payouts.operations.hold_burst import fit_burst
from footlights.payouts.operations.hold_disputed import release_disputed
from footlights.payouts.operations.run_payouts import run_payouts
from footlights.payouts.operations.send_payout import send_payout, send_what_waits


@job(tries=10)
def send(payout_id: str) -> None:
    send_payout(payout_id=uuid.UUID(payout_id), at=now())


@job(tries=10)
def release(reference: str, dispute_id: str) -> None:
    release_disputed(reference=reference, dispute_id=uuid.UUID(dispute_id), at=now())


@job(tries=10)
def fit(reference: str) -> None:
    fit_burst(reference=reference, at=now())


@job(cron="7 * * * *", tries=1)
def run(timestamp: int) -> None:
    """The schedule's payouts; and those whose job ran out while the gateway was away."""
    at = datetime.fromtimestamp(timestamp, UTC)
    run_payouts(at=at)
    send_what_waits(at=at)
