"""The door of payments."""

from footlights.payments.adapters.registry import can_be_paid, is_sandbox
from footlights.payments.adapters.sandbox import page as sandbox
from footlights.payments.causes import flagged_cause, flagged_refund_cause
from footlights.payments.errors import (
    GatewayRefusedError,
    GatewayUnreachableError,
    NothingToRefundError,
    PaymentError,
    PaymentsClosedError,
    WebhookRefusedError,
)
from footlights.payments.operations.cancel_payment import cancel_payment
from footlights.payments.operations.note_return import note_return
from footlights.payments.operations.open_payment import open_payment
from footlights.payments.operations.receive_webhook import receive_webhook
from footlights.payments.operations.refund_payment import refund_payment
from footlights.payments.operations.settle_payment import settle_payment
from footlights.payments.operations.settle_unknown import settle_unknown
from footlights.payments.queries import (
    count_payments_by_state,
    find_payment_by_reference,
    get_payment,
    list_payment_events,
    list_payments,
    payment_totals,
)
from footlights.payments.records import Payment, PaymentEvent, PaymentState, Totals

__all__ = [
    "GatewayRefusedError",
    "GatewayUnreachableError",
    "NothingToRefundError",
    "Payment",
    "PaymentError",
    "PaymentEvent",
    "PaymentState",
    "PaymentsClosedError",
    "Totals",
    "WebhookRefusedError",
    "can_be_paid",
    "cancel_payment",
    "count_payments_by_state",
    "find_payment_by_reference",
    "flagged_cause",
    "flagged_refund_cause",
    "get_payment",
    "is_sandbox",
    "list_payment_events",
    "list_payments",
    "note_return",
    "open_payment",
    "payment_totals",
    "receive_webhook",
    "refund_payment",
    "sandbox",
    "settle_payment",
    "settle_unknown",
]
