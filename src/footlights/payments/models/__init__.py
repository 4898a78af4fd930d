"""The tables of payments. No cards: those stay with the gateway."""

from footlights.payments.models.dispute import DisputeRow
from footlights.payments.models.fingerprint import FingerprintRow
from footlights.payments.models.method import CustomerRow, MethodRow, SetupRow
from footlights.payments.models.payment import GatewayEvent, PaymentEventRow, PaymentRow, RefundRow
from footlights.payments.models.payout import DestinationRow, PayoutRow
from footlights.payments.models.reconciliation import DifferenceRow, MovementRow, ReconciledDayRow

__all__ = [
    "CustomerRow",
    "DestinationRow",
    "DifferenceRow",
    "DisputeRow",
    "FingerprintRow",
    "GatewayEvent",
    "MethodRow",
    "MovementRow",
    "PaymentEventRow",
    "PaymentRow",
    "PayoutRow",
    "ReconciledDayRow",
    "RefundRow",
    "SetupRow",
]
