"""What the trail does by itself: sign every minute of activity, copy, look itself over, make and drop months."""

from django.conf import settings

from footlights.audit.operations import make_checkpoint, retire_months, tally, watch_over
from footlights.kernel.clock import now
from footlights.kernel.jobs import job


@job(cron="* * * * *")
def sign_trail(timestamp: int) -> None:  # noqa: ARG001  the clock's call
    make_checkpoint.make_checkpoint(at=now())


@job(tries=12)
def anchor_checkpoint(number: int) -> None:
    make_checkpoint.put_anchor(number=number)


@job(cron="20 2 * * *")
def keep_months(timestamp: int) -> None:  # noqa: ARG001  as above
    retire_months.ensure_months(at=now())
    retire_months.retire_months(months_kept=settings.AUDIT_MONTHS_KEPT, at=now())
    tally.forget_tallies(at=now())


@job(cron="40 3 * * *")
def look_over_trail(timestamp: int) -> None:  # noqa: ARG001  as above
    watch_over.look_over()


@job(cron="0 4 * * *")
def mail_anchor(timestamp: int) -> None:  # noqa: ARG001  as above
    watch_over.mail_anchor(at=now())
