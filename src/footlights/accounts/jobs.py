"""Mails on their way. A mail server that is away for an hour loses none."""

from footlights.accounts.adapters import mail
from footlights.kernel.jobs import job


@job(tries=8, wait_s=3)
def send_mail(sealed: str) -> None:
    mail.deliver(sealed)
