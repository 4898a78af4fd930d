"""What follows when a checkout changes: its state is kept, and the merchant is told."""

from datetime import datetime
from typing import Any

from footlights.kernel.ids import new_token
from footlights.payments.adapters.sandbox.cards import CARDS, Card
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxEvent, SandboxMethod
from footlights.payments.adapters.sandbox.movements import note_charge

PROMPT = CARDS["paid"]  # tells the truth at once


def enter(checkout: SandboxCheckout, status: str) -> None:
    checkout.status = status
    changed = ["status", "reason", "needs_buyer", "card", "method", "charged_minor", "answers_to_lose"]
    checkout.save(update_fields=changed)


def charge(checkout: SandboxCheckout, card: Card, at: datetime) -> None:
    from footlights.payments.adapters.sandbox.jobs import open_dispute  # noqa: PLC0415  jobs.py needs the models to be ready

    checkout.charged_minor = max(1, checkout.amount_minor * card.charged_percent // 100)
    if card.charged_percent != 100 and checkout.charged_minor == checkout.amount_minor:  # noqa: PLR2004  per cent
        checkout.charged_minor += 1
    checkout.card = card.code  # that of a charge without the buyer, too: their bank decides by it
    checkout.answers_to_lose = card.answers_to_lose
    if checkout.keeps_card:
        checkout.method = keep(checkout, card, at)
    enter(checkout, "paid")
    note_charge(checkout, at)
    announce(checkout, f"{checkout.mode}.paid", card, at)
    if card.is_disputed:
        open_dispute.configure(schedule_at=at).defer(checkout_id=checkout.pk)


def decline(checkout: SandboxCheckout, reason: str, at: datetime) -> None:
    checkout.reason = reason
    enter(checkout, "declined")
    announce(checkout, f"{checkout.mode}.declined", PROMPT, at)


def keep(checkout: SandboxCheckout, card: Card, at: datetime) -> SandboxMethod:
    return SandboxMethod.objects.create(
        id=f"pm_{new_token()}", customer=checkout.customer, card=card.code, expires_on=card.expires_on(at.date())
    )


def announce(checkout: SandboxCheckout, kind: str, card: Card, at: datetime) -> None:
    """Tell the merchant of a checkout, as promptly and as truly as the card has it."""
    event = SandboxEvent.objects.create(id=f"evt_{new_token()}", checkout=checkout, kind=kind, created_at=at)
    for delay in card.webhook_delays:
        _send(event, at + delay, card)


def announce_other(subject: str, kind: str, at: datetime) -> None:
    """Tell the merchant of something else."""
    event = SandboxEvent.objects.create(id=f"evt_{new_token()}", subject=subject, kind=kind, created_at=at)
    _send(event, at, PROMPT)


def _send(event: SandboxEvent, at: datetime, card: Card) -> None:
    from footlights.payments.adapters.sandbox.jobs import send_webhook  # noqa: PLC0415  jobs.py needs the models to be ready

    quirks: dict[str, Any] = {"clock_off_s": int(card.clock_off.total_seconds()), "is_altered": card.is_altered}
    quirks = {name: value for name, value in quirks.items() if value}
    send_webhook.configure(schedule_at=at).defer(event_id=event.pk, **quirks)
