"""What crosses the ledger's door."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from footlights.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a journal: debit > 0, credit < 0. `account` is a code of docs/reference/ledger.md."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class NewJournal:
    """What happened, to be posted with others. `about` names what was sold, as "title:<id>"."""

    cause: str
    postings: Sequence[Posting]
    at: datetime
    memo: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A posting as it stands in the books, with its journal."""

    journal_id: uuid.UUID
    cause: str
    memo: str
    about: str
    account: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    account: str
    amount: Money
