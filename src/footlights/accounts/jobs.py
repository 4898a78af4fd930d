"""Mails on their way (a mail server that is away for an hour loses none), and the hourly sweep of what is over."""

from footlights.accounts.adapters import mail
from footlights.accounts.operations import forget_what_is_over as forget
from footlights.kernel.jobs import job


@job(tries=8, wait_s=3)
def send_mail(sealed: str) -> None:
    mail.deliver(sealed)


@job(cron="23 * * * *")
def forget_what_is_over(timestamp: int) -> None:  # noqa: ARG001  the clock's
    forget.forget_what_is_over()
