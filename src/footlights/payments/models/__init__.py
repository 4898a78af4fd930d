"""The tables of payments. No cards: those stay with the gateway."""

from footlights.payments.models.method import CustomerRow, MethodRow, SetupRow
from footlights.payments.models.payment import GatewayEvent, PaymentEventRow, PaymentRow, RefundRow

__all__ = [
    "CustomerRow",
    "GatewayEvent",
    "MethodRow",
    "PaymentEventRow",
    "PaymentRow",
    "RefundRow",
    "SetupRow",
]
