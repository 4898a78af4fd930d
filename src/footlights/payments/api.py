"""The door of payments."""

from footlights.payments.adapters.registry import can_be_paid, is_sandbox, list_lacks, takes_test_money
from footlights.payments.adapters.sandbox import page as sandbox
from footlights.payments.errors import (
    DestinationNotReadyError,
    DisputeClosedError,
    GatewayForbiddenError,
    GatewayRefusedError,
    GatewayUnreachableError,
    MethodGoneError,
    NothingToRefundError,
    PaymentError,
    PaymentsClosedError,
    RefundTooLargeError,
    WebhookRefusedError,
)
from footlights.payments.figures import DayOfTrade, count_payers, trade_by_day
from footlights.payments.naming import names_in_books
from footlights.payments.operations.cancel_payment import cancel_payment
from footlights.payments.operations.change_methods import forget_method, make_default
from footlights.payments.operations.charge_saved_method import charge_saved_method
from footlights.payments.operations.note_consent import note_consent
from footlights.payments.operations.note_fingerprint import forget_fingerprints
from footlights.payments.operations.note_page_return import note_destination_return, note_setup_return
from footlights.payments.operations.note_return import note_return
from footlights.payments.operations.open_destination import open_destination, settle_destination
from footlights.payments.operations.open_method_setup import open_method_setup, settle_method_setup
from footlights.payments.operations.open_payment import open_payment
from footlights.payments.operations.payout import payout, settle_payout
from footlights.payments.operations.receive_webhook import receive_webhook
from footlights.payments.operations.reconcile import reconcile, settle_differences
from footlights.payments.operations.refund_payment import refund_payment
from footlights.payments.operations.settle_payment import settle_payment
from footlights.payments.operations.submit_evidence import EVIDENCE_LENGTH_MAX, submit_evidence
from footlights.payments.queries import (
    count_payments_by_state,
    count_unanswered,
    find_default_method,
    find_evidence,
    find_payment_by_reference,
    get_destination,
    get_dispute,
    get_payment,
    get_payout,
    list_disputes,
    list_fingerprints,
    list_methods,
    list_payers,
    list_payment_causes,
    list_payment_events,
    list_payments,
    list_refunds,
    payment_totals,
)
from footlights.payments.reconciliation import list_differences, list_reconciled_days
from footlights.payments.records import (
    Destination,
    DestinationState,
    Difference,
    Dispute,
    DisputeState,
    Method,
    MethodSetup,
    Payment,
    PaymentEvent,
    PaymentState,
    Payout,
    PayoutState,
    ReconciledDay,
    Refund,
    RefundState,
    SetupState,
    Totals,
)

__all__ = [
    "EVIDENCE_LENGTH_MAX",
    "DayOfTrade",
    "Destination",
    "DestinationNotReadyError",
    "DestinationState",
    "Difference",
    "Dispute",
    "DisputeClosedError",
    "DisputeState",
    "GatewayForbiddenError",
    "GatewayRefusedError",
    "GatewayUnreachableError",
    "Method",
    "MethodGoneError",
    "MethodSetup",
    "NothingToRefundError",
    "Payment",
    "PaymentError",
    "PaymentEvent",
    "PaymentState",
    "PaymentsClosedError",
    "Payout",
    "PayoutState",
    "ReconciledDay",
    "Refund",
    "RefundState",
    "RefundTooLargeError",
    "SetupState",
    "Totals",
    "WebhookRefusedError",
    "can_be_paid",
    "cancel_payment",
    "charge_saved_method",
    "count_payers",
    "count_payments_by_state",
    "count_unanswered",
    "find_default_method",
    "find_evidence",
    "find_payment_by_reference",
    "forget_fingerprints",
    "forget_method",
    "get_destination",
    "get_dispute",
    "get_payment",
    "get_payout",
    "is_sandbox",
    "list_differences",
    "list_disputes",
    "list_fingerprints",
    "list_lacks",
    "list_methods",
    "list_payers",
    "list_payment_causes",
    "list_payment_events",
    "list_payments",
    "list_reconciled_days",
    "list_refunds",
    "make_default",
    "names_in_books",
    "note_consent",
    "note_destination_return",
    "note_return",
    "note_setup_return",
    "open_destination",
    "open_method_setup",
    "open_payment",
    "payment_totals",
    "payout",
    "receive_webhook",
    "reconcile",
    "refund_payment",
    "sandbox",
    "settle_destination",
    "settle_differences",
    "settle_method_setup",
    "settle_payment",
    "settle_payout",
    "submit_evidence",
    "takes_test_money",
    "trade_by_day",
]
