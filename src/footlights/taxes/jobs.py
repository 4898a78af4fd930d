"""Background work of taxes."""

from datetime import UTC, datetime

from footlights.kernel.jobs import job
from footlights.taxes.operations import learn_rate


@job(cron="52 * * * *", tries=1)
def refresh_rates(timestamp: int) -> None:
    """What Stripe Tax says of each place, where it is asked: once a day each."""
    learn_rate.refresh_rates(at=datetime.fromtimestamp(timestamp, UTC))
