"""What follows when a checkout changes: its state is kept, and the merchant is told."""

from datetime import datetime, timedelta

from footlights.kernel.ids import new_token
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxEvent

NOW = (timedelta(0),)


def enter(checkout: SandboxCheckout, status: str) -> None:
    checkout.status = status
    checkout.save(update_fields=["status", "reason", "card", "charged_minor", "answers_to_lose"])


def announce(checkout: SandboxCheckout, kind: str, delays: tuple[timedelta, ...], at: datetime) -> None:
    from footlights.payments.adapters.sandbox.jobs import send_webhook  # noqa: PLC0415  jobs.py needs the models to be ready

    event = SandboxEvent.objects.create(id=f"evt_{new_token()}", checkout=checkout, kind=kind, created_at=at)
    for delay in delays:
        send_webhook.configure(schedule_at=at + delay).defer(event_id=event.pk)
