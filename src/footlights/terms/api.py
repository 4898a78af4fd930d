"""The door of terms."""

from footlights.terms.operations.set_terms import set_terms
from footlights.terms.operations.withdraw_term import withdraw_term
from footlights.terms.queries import (
    check_price,
    dispute_access,
    fee_bps,
    list_ahead,
    list_decisions,
    list_in_force,
    pass_sharing,
    payout_terms,
    payout_terms_in,
    price_limits,
    refund_proof_above,
    refund_terms,
    seller_hold_days,
)
from footlights.terms.records import (
    DisputeAccess,
    NewTerm,
    PassSharing,
    PayoutSchedule,
    PayoutTerms,
    PriceLimits,
    RefundTerms,
    SaleKind,
    SetTerm,
    Term,
)

__all__ = [
    "DisputeAccess",
    "NewTerm",
    "PassSharing",
    "PayoutSchedule",
    "PayoutTerms",
    "PriceLimits",
    "RefundTerms",
    "SaleKind",
    "SetTerm",
    "Term",
    "check_price",
    "dispute_access",
    "fee_bps",
    "list_ahead",
    "list_decisions",
    "list_in_force",
    "pass_sharing",
    "payout_terms",
    "payout_terms_in",
    "price_limits",
    "refund_proof_above",
    "refund_terms",
    "seller_hold_days",
    "set_terms",
    "withdraw_term",
]
