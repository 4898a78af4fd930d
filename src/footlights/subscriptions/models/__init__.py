"""The tables. People and channels are ids here, never names; fields and constraints, no workflows."""

from footlights.subscriptions.models.invoices import AttemptRow, InvoiceRow
from footlights.subscriptions.models.passes import PassMoneyRow, PassMonthRow, PassShareRow
from footlights.subscriptions.models.plans import IS_OFFERED, PlanRow, TermsRow
from footlights.subscriptions.models.subscriptions import SubscriptionRow

__all__ = [
    "IS_OFFERED",
    "AttemptRow",
    "InvoiceRow",
    "PassMoneyRow",
    "PassMonthRow",
    "PassShareRow",
    "PlanRow",
    "SubscriptionRow",
    "TermsRow",
]
