"""Background work of sellers."""

from datetime import UTC, datetime

from footlights.kernel.jobs import job
from footlights.sellers.operations.ask_sellers import ask_sellers
from footlights.sellers.operations.details import erase_what_is_due


@job(cron="41 5 * * *", tries=3)
def ask(timestamp: int) -> None:
    """Once a day: who earned and said nothing is asked, or reminded; whose time is over is forgotten."""
    at = datetime.fromtimestamp(timestamp, UTC)
    ask_sellers(at=at)
    erase_what_is_due(at=at)
