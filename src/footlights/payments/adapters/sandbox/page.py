"""What the sandbox gateway's hosted page does. `api` hands this module to the web."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from footlights.kernel.money import Money
from footlights.payments.adapters.sandbox import service
from footlights.payments.adapters.sandbox.banks import BANKS, Bank
from footlights.payments.adapters.sandbox.cards import CARDS, Card
from footlights.payments.adapters.sandbox.models import SandboxCheckout
from footlights.payments.adapters.sandbox.outcomes import PROMPT, announce, charge, decline, enter, keep
from footlights.payments.adapters.sandbox.payouts import AccountPage, choose_bank, find_account_page

__all__ = [
    "BANKS",
    "CARDS",
    "AccountPage",
    "Bank",
    "Card",
    "SandboxPage",
    "answer_challenge",
    "choose_bank",
    "find_account_page",
    "find_page",
    "pay",
    "turn_back",
]


@dataclass(frozen=True, slots=True)
class SandboxPage:
    """What the buyer sees."""

    id: str
    amount: Money | None  # none where a card is only kept
    keeps_card: bool
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
            amount=Money(checkout.amount_minor, checkout.currency) if checkout.currency else None,
            keeps_card=checkout.keeps_card,
            description=checkout.description,
            status=checkout.status,
            return_url=checkout.return_url,
        )
    )


def pay(checkout_id: str, *, card: Card, at: datetime) -> None:
    """Pay with a test card, or only let it be kept. Two clicks charge once."""
    with transaction.atomic():
        checkout = SandboxCheckout.objects.select_for_update().get(pk=checkout_id)
        if checkout.status != "open" or checkout.expires_at <= at:
            return
        checkout.card = card.code
        if card.challenge:
            enter(checkout, "challenge")
        elif card.refusal:
            decline(checkout, card.refusal, at)
        else:
            _accept(checkout, card, at)


def answer_challenge(checkout_id: str, *, approved: bool, at: datetime) -> None:
    with transaction.atomic():
        checkout = SandboxCheckout.objects.select_for_update().get(pk=checkout_id)
        if checkout.status != "challenge" or checkout.expires_at <= at:
            return
        if approved:
            _accept(checkout, CARDS[checkout.card], at)
        else:
            decline(checkout, "The buyer did not confirm the payment with the bank.", at)


def turn_back(checkout_id: str, *, at: datetime) -> None:
    """The buyer leaves without paying."""
    with transaction.atomic():
        checkout = SandboxCheckout.objects.select_for_update().get(pk=checkout_id)
        if checkout.status in {"open", "challenge"}:
            checkout.reason = "The buyer turned back."
            enter(checkout, "expired")
            announce(checkout, f"{checkout.mode}.expired", PROMPT, at)


def _accept(checkout: SandboxCheckout, card: Card, at: datetime) -> None:
    if checkout.mode == "keep":
        checkout.method = keep(checkout, card, at)
        enter(checkout, "kept")
        announce(checkout, "keep.kept", card, at)
    else:
        charge(checkout, card, at)
