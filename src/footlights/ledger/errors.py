"""What can be wrong with a journal."""

from footlights.kernel.errors import FootlightsError


class LedgerError(FootlightsError):
    code = "ledger"


class UnbalancedJournalError(LedgerError):
    """The postings of a journal do not sum to zero in each currency, or there are fewer than two, or one is zero."""

    code = "unbalanced_journal"


class UnknownJournalError(LedgerError):
    """There is no journal with this cause."""

    code = "unknown_journal"


class NothingLeftError(LedgerError):
    """So much of the journal is not left: it was taken back before, or is in another currency."""

    code = "nothing_left"
