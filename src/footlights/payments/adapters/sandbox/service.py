"""What the sandbox gateway offers merchants.

Answers are plain data, as if they had come over the wire. Each call is a transaction of its own.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from footlights.kernel.ids import new_token
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxEvent, SandboxRefund
from footlights.payments.adapters.sandbox.outcomes import NOW, announce, enter

PAGE_OPEN_FOR = timedelta(hours=1)

Answer = dict[str, Any]


class NoAnswerError(Exception):
    """The connection broke before an answer came."""


class NoSuchThingError(Exception):
    """404, in a real service."""


def create_checkout(
    *, merchant_reference: str, amount_minor: int, currency: str, description: str, return_url: str, at: datetime
) -> Answer:
    """Open a hosted page; the same reference gives the same page."""
    checkout, _ = SandboxCheckout.objects.get_or_create(
        merchant_reference=merchant_reference,
        defaults={
            "id": f"cs_{new_token()}",
            "amount_minor": amount_minor,
            "currency": currency,
            "description": description,
            "return_url": return_url,
            "created_at": at,
            "expires_at": at + PAGE_OPEN_FOR,
        },
    )
    return _answer(checkout)


def retrieve_checkout(checkout_id: str, *, at: datetime) -> Answer:
    close_if_late(checkout_id, at=at)
    return _answer(_get(checkout_id))


def retrieve_event(event_id: str, *, at: datetime) -> Answer:
    event = SandboxEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise NoSuchThingError(event_id)
    return retrieve_checkout(event.checkout_id, at=at)


def expire_checkout(checkout_id: str) -> Answer:
    """Close a page nobody paid on; one that was paid stays paid."""
    SandboxCheckout.objects.filter(pk=checkout_id, status__in=["open", "challenge"]).update(status="expired")
    return _answer(_get(checkout_id))


def create_refund(*, checkout_id: str, idempotency_key: str, at: datetime) -> Answer:
    """Give everything back, once."""
    with transaction.atomic():
        checkout = SandboxCheckout.objects.select_for_update().filter(pk=checkout_id).first()
        if checkout is None or checkout.status not in {"paid", "refunded"}:
            raise NoSuchThingError(checkout_id)
        SandboxRefund.objects.get_or_create(
            checkout=checkout, defaults={"idempotency_key": idempotency_key, "created_at": at}
        )
        if checkout.status == "paid":
            enter(checkout, "refunded")
            announce(checkout, "checkout.refunded", NOW, at)
    return _answer(_get(checkout_id))


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
    settled = checkout.status in {"paid", "refunded"}
    return {
        "id": checkout.pk,
        "merchant_reference": checkout.merchant_reference,
        "url": f"/sandbox-gateway/{checkout.pk}",
        "status": "open" if checkout.status == "challenge" else checkout.status,
        "reason": checkout.reason,
        "amount_minor": checkout.charged_minor if settled else checkout.amount_minor,
        "currency": checkout.currency,
    }
