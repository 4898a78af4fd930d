"""What follows when a checkout changes: its state is kept, and the merchant is told."""

from datetime import datetime, timedelta

from footlights.kernel.ids import new_token
from footlights.payments.adapters.sandbox.cards import Card
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxEvent, SandboxMethod

NOW = (timedelta(0),)


def enter(checkout: SandboxCheckout, status: str) -> None:
    checkout.status = status
    changed = ["status", "reason", "needs_buyer", "card", "method", "charged_minor", "answers_to_lose"]
    checkout.save(update_fields=changed)


def charge(checkout: SandboxCheckout, card: Card, at: datetime) -> None:
    checkout.charged_minor = max(1, checkout.amount_minor * card.charged_percent // 100)
    if card.charged_percent != 100 and checkout.charged_minor == checkout.amount_minor:  # noqa: PLR2004  per cent
        checkout.charged_minor += 1
    checkout.answers_to_lose = card.answers_to_lose
    if checkout.keeps_card:
        checkout.method = keep(checkout, card, at)
    enter(checkout, "paid")
    announce(checkout, f"{checkout.mode}.paid", card.webhook_delays, at)


def decline(checkout: SandboxCheckout, reason: str, at: datetime) -> None:
    checkout.reason = reason
    enter(checkout, "declined")
    announce(checkout, f"{checkout.mode}.declined", NOW, at)


def keep(checkout: SandboxCheckout, card: Card, at: datetime) -> SandboxMethod:
    return SandboxMethod.objects.create(
        id=f"pm_{new_token()}", customer=checkout.customer, card=card.code, expires_on=card.expires_on(at.date())
    )


def announce(checkout: SandboxCheckout, kind: str, delays: tuple[timedelta, ...], at: datetime) -> None:
    from footlights.payments.adapters.sandbox.jobs import send_webhook  # noqa: PLC0415  jobs.py needs the models to be ready

    event = SandboxEvent.objects.create(id=f"evt_{new_token()}", checkout=checkout, kind=kind, created_at=at)
    for delay in delays:
        send_webhook.configure(schedule_at=at + delay).defer(event_id=event.pk)
