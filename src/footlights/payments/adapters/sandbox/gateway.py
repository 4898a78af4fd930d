"""Our adapter to the sandbox gateway: its wire format in, our records out."""

from collections.abc import Callable, Mapping
from datetime import datetime

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.payments.adapters import signatures
from footlights.payments.adapters.gateway import Checkout, CheckoutStatus, Order
from footlights.payments.adapters.sandbox import service
from footlights.payments.adapters.sandbox.secret import webhook_secret
from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError


class SandboxGateway:
    name = "sandbox"

    def open_checkout(self, order: Order) -> Checkout:
        return _ask(
            lambda: service.create_checkout(
                merchant_reference=order.reference,
                amount_minor=order.amount.amount_minor,
                currency=order.amount.currency,
                description=order.description,
                return_url=order.return_path,
                at=now(),
            )
        )

    def fetch_checkout(self, ref: str) -> Checkout:
        return _ask(lambda: service.retrieve_checkout(ref, at=now()))

    def fetch_event(self, event_id: str) -> Checkout:
        return _ask(lambda: service.retrieve_event(event_id, at=now()))

    def expire_checkout(self, ref: str) -> Checkout:
        return _ask(lambda: service.expire_checkout(ref))

    def refund(self, *, ref: str, amount: Money, idempotency_key: str) -> Checkout:  # noqa: ARG002  it only refunds all
        return _ask(lambda: service.create_refund(checkout_id=ref, idempotency_key=idempotency_key, at=now()))

    def verify_webhook(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
        return signatures.verify(secret=webhook_secret(), headers=headers, body=body, at=at)


def _ask(question: Callable[[], service.Answer]) -> Checkout:
    try:
        answer = question()
    except service.NoAnswerError as error:
        raise GatewayUnreachableError(
            "The payment service does not answer. Nothing is lost; try again in a moment."
        ) from error
    except service.NoSuchThingError as error:
        raise GatewayRefusedError(f"The payment service does not know {error}.") from error
    return Checkout(
        ref=answer["id"],
        reference=answer["merchant_reference"],
        hosted_url=answer["url"],
        status=CheckoutStatus(answer["status"]),
        amount=Money(answer["amount_minor"], answer["currency"]),
        reason=answer["reason"],
    )
