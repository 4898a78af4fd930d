"""The ledger's door."""

from footlights.ledger.books import (
    JournalStory,
    MonthOfSubject,
    Statement,
    TrialLine,
    get_journal,
    list_accounts,
    list_months_by_subject,
    search_journals,
    statement,
    trial_balance,
)
from footlights.ledger.earned import Earned, Unit, earned_by, earned_by_each
from footlights.ledger.errors import LedgerError, NothingLeftError, UnbalancedJournalError, UnknownJournalError
from footlights.ledger.hledger import export_lines
from footlights.ledger.lines import list_lines_after, list_lines_of, list_lines_under, newest_journal
from footlights.ledger.movements import Movement, movement_of
from footlights.ledger.operations.post_journal import post_journal
from footlights.ledger.operations.post_journals import post_journals
from footlights.ledger.operations.reverse_journal import reverse_journal
from footlights.ledger.queries import (
    balance_of,
    last_credit_of,
    list_account_codes,
    list_balances,
    list_daily_totals,
    list_journal,
    list_postings,
)
from footlights.ledger.records import Balance, Entry, NewJournal, Posting
from footlights.ledger.ways import DayOfWay, days_by_way, totals_by_way

__all__ = [
    "Balance",
    "DayOfWay",
    "Earned",
    "Entry",
    "JournalStory",
    "LedgerError",
    "MonthOfSubject",
    "Movement",
    "NewJournal",
    "NothingLeftError",
    "Posting",
    "Statement",
    "TrialLine",
    "UnbalancedJournalError",
    "Unit",
    "UnknownJournalError",
    "balance_of",
    "days_by_way",
    "earned_by",
    "earned_by_each",
    "export_lines",
    "get_journal",
    "last_credit_of",
    "list_account_codes",
    "list_accounts",
    "list_balances",
    "list_daily_totals",
    "list_journal",
    "list_lines_after",
    "list_lines_of",
    "list_lines_under",
    "list_months_by_subject",
    "list_postings",
    "movement_of",
    "newest_journal",
    "post_journal",
    "post_journals",
    "reverse_journal",
    "search_journals",
    "statement",
    "totals_by_way",
    "trial_balance",
]
