"""Background work of prices."""

from footlights.kernel.jobs import job
from footlights.prices.operations.keep_rates import fetch_rates


@job(cron="40 15,18 * * *", tries=3)  # the bank publishes at 16:00 in Frankfurt, by either clock before these
def rates(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    fetch_rates()
