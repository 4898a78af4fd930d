"""Background work of the ledger."""

from footlights.kernel.jobs import job
from footlights.ledger.operations.add_up import add_up


@job(cron="* * * * *", tries=1)
def add_changes_up(timestamp: int) -> None:  # noqa: ARG001  the clock's job is told when it was due
    add_up()
