"""What the sandbox gateway offers merchants.

Answers are plain data, as if they had come over the wire. Each call is a transaction of its own.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum

from footlights.kernel.ids import new_token
from footlights.kernel.money import Money
from footlights.payments.adapters.sandbox.cards import CARDS
from footlights.payments.adapters.sandbox.errors import NoAnswerError, NoSuchThingError, NotPossibleError
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxEvent, SandboxMethod, SandboxRefund
from footlights.payments.adapters.sandbox.movements import cost_minor, note_movement
from footlights.payments.adapters.sandbox.outcomes import PROMPT, announce, charge, decline

PAGE_OPEN_FOR = timedelta(hours=1)

Answer = dict[str, Any]


def create_checkout(
    *,
    merchant_reference: str,
    at: datetime,
    mode: str = "pay",
    amount_minor: int = 0,
    currency: str = "",
    description: str = "",
    return_url: str = "",
    customer: str = "",
    keeps_card: bool = False,
) -> Answer:
    """Open a hosted page; the same reference gives the same page."""
    checkout, _ = SandboxCheckout.objects.get_or_create(
        merchant_reference=merchant_reference,
        defaults={
            "id": f"cs_{new_token()}",
            "mode": mode,
            "amount_minor": amount_minor,
            "currency": currency,
            "description": description,
            "return_url": return_url,
            "customer": customer,
            "keeps_card": keeps_card,
            "created_at": at,
            "expires_at": at + PAGE_OPEN_FOR,
        },
    )
    return _answer(checkout)


def create_charge(
    *, merchant_reference: str, amount_minor: int, currency: str, description: str, method_id: str, at: datetime
) -> Answer:
    """Charge a kept card without its holder, once for each reference. An error, once given, is given again."""
    with transaction.atomic():
        method = SandboxMethod.objects.select_for_update().filter(pk=method_id).first()
        if method is None or method.detached_at:
            raise NoSuchThingError(method_id)
        charged, is_new = SandboxCheckout.objects.get_or_create(
            merchant_reference=merchant_reference,
            defaults={
                "id": f"ch_{new_token()}",
                "mode": "charge",
                "amount_minor": amount_minor,
                "currency": currency,
                "description": description,
                "customer": method.customer,
                "method": method,
                "created_at": at,
                "expires_at": at,
            },
        )
        if is_new:
            _charge_unattended(charged, method, at)
    if charged.errors_to_repeat:
        SandboxCheckout.objects.filter(pk=charged.pk).update(errors_to_repeat=charged.errors_to_repeat - 1)
        raise NoAnswerError(charged.pk)
    return _answer(charged)


def _charge_unattended(charged: SandboxCheckout, method: SandboxMethod, at: datetime) -> None:
    card = CARDS[method.card]
    if method.expires_on < at.date():
        decline(charged, "The card has expired.", at)
    elif card.challenge:
        charged.needs_buyer = True
        decline(charged, "The bank wants the buyer to confirm.", at)
    elif card.refusal_later:
        decline(charged, card.refusal_later, at)
    else:
        charge(charged, card, at)
        SandboxCheckout.objects.filter(pk=charged.pk).update(errors_to_repeat=card.errors_to_repeat)
        charged.refresh_from_db()


def retrieve_checkout(checkout_id: str, *, at: datetime) -> Answer:
    close_if_late(checkout_id, at=at)
    return _answer(_get(checkout_id))


def find_checkout(merchant_reference: str, *, at: datetime) -> Answer | None:
    """By the merchant's reference, when there is one."""
    checkout = SandboxCheckout.objects.filter(merchant_reference=merchant_reference).first()
    return retrieve_checkout(checkout.pk, at=at) if checkout else None


def retrieve_event(event_id: str) -> tuple[str, str]:
    """The kind of an event, and the id of what it tells of."""
    event = SandboxEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise NoSuchThingError(event_id)
    return event.kind.partition(".")[0], event.checkout_id or event.subject


def expire_checkout(checkout_id: str) -> Answer:
    """Close a page nobody paid on; one that was paid stays paid."""
    SandboxCheckout.objects.filter(pk=checkout_id, status__in=["open", "challenge"]).update(status="expired")
    return _answer(_get(checkout_id))


def create_refund(*, checkout_id: str, amount_minor: int, idempotency_key: str, at: datetime) -> Answer:
    """Give some of it back, once for each key, and never more than was charged."""
    with transaction.atomic():
        checkout = SandboxCheckout.objects.select_for_update().filter(pk=checkout_id).first()
        if checkout is None or checkout.status != "paid":
            raise NoSuchThingError(checkout_id)
        if not SandboxRefund.objects.filter(idempotency_key=idempotency_key).exists():
            gone = checkout.refunds.aggregate(gone=Sum("amount_minor", default=0))["gone"]
            if gone + amount_minor > checkout.charged_minor:
                raise NotPossibleError("more would go back than was charged")
            SandboxRefund.objects.create(
                checkout=checkout, idempotency_key=idempotency_key, amount_minor=amount_minor, created_at=at
            )
            given_back = Money(-amount_minor, checkout.currency)
            note_movement("refund", checkout.merchant_reference, given_back, at)
            announce(checkout, f"{checkout.mode}.refunded", PROMPT, at)
    return _answer(_get(checkout_id))


def detach_method(method_id: str, *, at: datetime) -> None:
    """Keep a card no longer."""
    SandboxMethod.objects.filter(pk=method_id, detached_at=None).update(detached_at=at)


def close_if_late(checkout_id: str, *, at: datetime) -> None:
    """Nobody pays on a page after its time."""
    waiting = SandboxCheckout.objects.filter(pk=checkout_id, status__in=["open", "challenge"])
    waiting.filter(expires_at__lte=at).update(status="expired", reason="Nobody paid in time.")


def _get(checkout_id: str) -> SandboxCheckout:
    checkout = SandboxCheckout.objects.filter(pk=checkout_id).first()
    if checkout is None:
        raise NoSuchThingError(checkout_id)
    return checkout


def _answer(checkout: SandboxCheckout) -> Answer:
    if checkout.answers_to_lose:
        checkout.answers_to_lose -= 1
        checkout.save(update_fields=["answers_to_lose"])
        raise NoAnswerError(checkout.pk)
    is_paid = checkout.status == "paid"
    refunds = checkout.refunds.order_by("pk") if is_paid else SandboxRefund.objects.none()
    return {
        "id": checkout.pk,
        "mode": checkout.mode,
        "merchant_reference": checkout.merchant_reference,
        "url": "" if checkout.mode == "charge" else f"/sandbox-gateway/{checkout.pk}",
        "status": "open" if checkout.status == "challenge" else checkout.status,
        "reason": checkout.reason,
        "needs_buyer": checkout.needs_buyer,
        "amount_minor": checkout.charged_minor if is_paid else checkout.amount_minor,
        "currency": checkout.currency,
        "cost_minor": cost_minor(checkout) if is_paid else None,
        "method": _method(checkout.method) if checkout.method else None,
        "fingerprint": _fingerprint(checkout) if is_paid else "",
        "refunds": [
            {"id": f"re_{refund.pk}", "idempotency_key": refund.idempotency_key, "amount_minor": refund.amount_minor}
            for refund in refunds
        ],
    }


def _fingerprint(checkout: SandboxCheckout) -> str:
    """Of the one card that is somebody's: everybody pays with the others."""
    code = checkout.method.card if checkout.mode == "charge" and checkout.method else checkout.card
    return CARDS[code].number if code in CARDS and CARDS[code].is_known_again else ""


def _method(method: SandboxMethod) -> Answer:
    card = CARDS[method.card]
    return {
        "id": method.pk,
        "label": f"Test card •••• {card.last4}",
        "brand": "test",
        "last4": card.last4,
        "expires_on": method.expires_on,
    }
