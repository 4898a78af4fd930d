"""Background work of filings."""

from datetime import UTC, datetime

from footlights.filings.operations.tell_stripe import tell_stripe
from footlights.kernel.jobs import job


@job(cron="*/10 * * * *", tries=1)
def tell(timestamp: int) -> None:
    """What was issued in the last minutes, where Stripe Tax is used."""
    tell_stripe(at=datetime.fromtimestamp(timestamp, UTC))
