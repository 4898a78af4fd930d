"""What takes alerts to people. In a lane of its own, so that nothing slow stands before it."""

from uuid import UUID

from footlights.alerts.operations import deliver as delivering
from footlights.alerts.operations import forget
from footlights.kernel.clock import now
from footlights.kernel.jobs import URGENT, job


@job(queue=URGENT, tries=delivering.TRIES, wait_s=3)
def deliver(delivery_id: str) -> None:
    delivering.deliver(delivery_id=UUID(delivery_id), at=now())


@job(cron="50 2 * * *")
def forget_old(timestamp: int) -> None:  # noqa: ARG001  the clock's call
    forget.forget_old(at=now())
