"""What the sandbox gateway and its banks do in their own time. Webhooks go over HTTP, as from outside."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import msgspec
from django.conf import settings

from footlights.kernel import tracing
from footlights.kernel.clock import now
from footlights.kernel.jobs import job
from footlights.payments.adapters import signatures
from footlights.payments.adapters.sandbox import disputes, payouts
from footlights.payments.adapters.sandbox.models import SandboxEvent
from footlights.payments.adapters.sandbox.secret import webhook_secret

TIMEOUT_S = 10


@job(tries=8)
def send_webhook(event_id: str, clock_off_s: int = 0, is_altered: bool = False) -> None:  # noqa: FBT001, FBT002  a job's arguments are plain
    """POST one event to the merchant; an answer other than 2xx raises, and the job tries again.

    A clock that is off signs with a wrong time; an altered webhook is changed on its way, after it was signed.
    """
    event = SandboxEvent.objects.get(pk=event_id)
    subject = event.checkout_id or event.subject
    body = msgspec.json.encode({"id": event.pk, "type": event.kind, "data": {"id": subject}})
    signed_at = now() + timedelta(seconds=clock_off_s)
    headers = signatures.sign(secret=webhook_secret(), message_id=event.pk, body=body, at=signed_at)
    headers |= {"content-type": "application/json", "host": urlsplit(settings.SITE_URL).netloc}
    sent = body.replace(b"declined", b"paid") + b" " if is_altered else body
    to = urlsplit(settings.SANDBOX_WEBHOOK_URL).hostname or ""
    with tracing.span("POST", kind="client", server__address=to):
        answer = httpx.post(settings.SANDBOX_WEBHOOK_URL, content=sent, headers=headers, timeout=TIMEOUT_S)
        if not (clock_off_s or is_altered):  # those are refused however often they are sent
            answer.raise_for_status()


@job(tries=5)
def open_dispute(checkout_id: str) -> None:
    disputes.open_dispute(checkout_id, at=now())


@job(tries=5)
def decide_dispute(dispute_id: str) -> None:
    disputes.decide(dispute_id, at=now())


@job(tries=5)
def settle_transfer(transfer_id: str, status: str) -> None:
    payouts.settle(transfer_id, status=status, at=now())
