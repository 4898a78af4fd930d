"""The sandbox gateway's webhooks, sent over HTTP as an outside gateway would."""

from urllib.parse import urlsplit

import httpx
import msgspec
from django.conf import settings

from footlights.kernel import tracing
from footlights.kernel.clock import now
from footlights.kernel.jobs import job
from footlights.payments.adapters import signatures
from footlights.payments.adapters.sandbox.models import SandboxEvent
from footlights.payments.adapters.sandbox.secret import webhook_secret

TIMEOUT_S = 10


@job(tries=8)
def send_webhook(event_id: str) -> None:
    """POST one event to the merchant; an answer other than 2xx raises, and the job tries again."""
    event = SandboxEvent.objects.get(pk=event_id)
    body = msgspec.json.encode({"id": event.pk, "type": event.kind, "data": {"checkout": event.checkout_id}})
    headers = signatures.sign(secret=webhook_secret(), message_id=event.pk, body=body, at=now())
    headers |= {"content-type": "application/json", "host": urlsplit(settings.SITE_URL).netloc}
    to = urlsplit(settings.SANDBOX_WEBHOOK_URL).hostname or ""
    with tracing.span("POST", kind="client", server__address=to):
        httpx.post(settings.SANDBOX_WEBHOOK_URL, content=body, headers=headers, timeout=TIMEOUT_S).raise_for_status()
