"""Background work of the ledger."""

from footlights.kernel.jobs import job
from footlights.ledger.operations.book import book


@job(cron="* * * * *", tries=1)
def book_lines(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    book()
