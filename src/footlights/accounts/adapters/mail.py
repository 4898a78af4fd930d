"""Hands mails to a job, so that no page waits for a mail server, and a mail outlives one that is away.

Used when a mail server is set. What a mail says (a code, a link that lets somebody in) is sealed while it waits, since
administrators can read jobs.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from footlights.kernel import crypto

SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONTEXT = "mail"


class QueuedMail(BaseEmailBackend):
    """One job a mail, in the caller's transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        from footlights.accounts.jobs import send_mail  # noqa: PLC0415  jobs.py calls this file

        for message in email_messages:
            send_mail.defer(sealed=pack(message))
        return len(email_messages)


def deliver(sealed: str, *, backend: str = SMTP) -> None:
    """Send what `pack` made. Raises what the mail server raises (SMTPException, OSError): the job tries again."""
    message = unpack(sealed)
    message.connection = get_connection(backend)
    message.send()


def pack(message: EmailMessage) -> str:
    content: dict[str, Any] = {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": message.to,
        "headers": message.extra_headers,
        "alternatives": [(str(body), kind) for body, kind in getattr(message, "alternatives", [])],
        "attachments": [(each[0], base64.b64encode(each[1]).decode(), each[2]) for each in message.attachments],
    }
    return base64.b64encode(crypto.seal(json.dumps(content).encode(), context=CONTEXT)).decode()


def unpack(sealed: str) -> EmailMultiAlternatives:
    content = json.loads(crypto.unseal(base64.b64decode(sealed), context=CONTEXT))
    attachments = [(name, base64.b64decode(body), kind) for name, body, kind in content.pop("attachments", [])]
    return EmailMultiAlternatives(**content, attachments=attachments)
