"""What the sandbox gateway's hosted page does. `api` hands this module to the web."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from footlights.kernel.money import Money
from footlights.payments.adapters.sandbox import service
from footlights.payments.adapters.sandbox.cards import CARDS, Card
from footlights.payments.adapters.sandbox.models import SandboxCheckout
from footlights.payments.adapters.sandbox.outcomes import NOW, announce, enter

__all__ = ["CARDS", "Card", "SandboxPage", "answer_challenge", "find_page", "pay", "turn_back"]


@dataclass(frozen=True, slots=True)
class SandboxPage:
    """What the buyer sees."""

    id: str
    amount: Money
    description: str
    status: str
    return_url: str


def find_page(checkout_id: str, *, at: datetime) -> SandboxPage | None:
    service.close_if_late(checkout_id, at=at)
    checkout = SandboxCheckout.objects.filter(pk=checkout_id).first()
    return (
        None
        if checkout is None
        else SandboxPage(
            id=checkout.pk,
            amount=Money(checkout.amount_minor, checkout.currency),
            description=checkout.description,
            status=checkout.status,
            return_url=checkout.return_url,
        )
    )


def pay(checkout_id: str, *, card: Card, at: datetime) -> None:
    """Pay with a test card. Two clicks charge once."""
    with transaction.atomic():
        checkout = SandboxCheckout.objects.select_for_update().get(pk=checkout_id)
        if checkout.status != "open" or checkout.expires_at <= at:
            return
        checkout.card = card.code
        if card.challenge:
            enter(checkout, "challenge")
        elif card.approved:
            _charge(checkout, card, at)
        else:
            _decline(checkout, "The bank declined the card.", at)


def answer_challenge(checkout_id: str, *, approved: bool, at: datetime) -> None:
    with transaction.atomic():
        checkout = SandboxCheckout.objects.select_for_update().get(pk=checkout_id)
        if checkout.status != "challenge" or checkout.expires_at <= at:
            return
        if approved:
            _charge(checkout, CARDS[checkout.card], at)
        else:
            _decline(checkout, "The buyer did not confirm the payment with the bank.", at)


def turn_back(checkout_id: str, *, at: datetime) -> None:
    """The buyer leaves without paying."""
    with transaction.atomic():
        checkout = SandboxCheckout.objects.select_for_update().get(pk=checkout_id)
        if checkout.status in {"open", "challenge"}:
            checkout.reason = "The buyer turned back."
            enter(checkout, "expired")
            announce(checkout, "checkout.expired", NOW, at)


def _charge(checkout: SandboxCheckout, card: Card, at: datetime) -> None:
    checkout.charged_minor = max(1, checkout.amount_minor * card.charged_percent // 100)
    if card.charged_percent != 100 and checkout.charged_minor == checkout.amount_minor:  # noqa: PLR2004  per cent
        checkout.charged_minor += 1
    checkout.answers_to_lose = card.answers_to_lose
    enter(checkout, "paid")
    announce(checkout, "checkout.paid", card.webhook_delays, at)


def _decline(checkout: SandboxCheckout, reason: str, at: datetime) -> None:
    checkout.reason = reason
    enter(checkout, "declined")
    announce(checkout, "checkout.declined", NOW, at)
