from footlights.kernel.errors import FootlightsError


class InvoicingError(FootlightsError):
    code = "invoicing"


class NumberedOutsideTransactionError(InvoicingError):
    """A document is numbered in the transaction of what it is about, or a number could be spent on nothing."""

    code = "numbered_outside_transaction"


class CreditedTooMuchError(InvoicingError):
    """More would be credited than the document came to."""

    code = "credited_too_much"
