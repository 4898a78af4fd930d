"""Journals, and the postings and balances that follow. The database keeps the rules: migrations 0003 to 0005."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.records import Entry, Posting

ACCOUNT_LENGTH_MAX = 80


class Journal(models.Model):
    """One thing that happened, with all its lines in the row itself: so it is whole, sealed, and sums to zero."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cause = models.CharField(
        max_length=200, unique=True, db_collation="C"
    )  # the idempotency key: "payment:<id>:captured"
    memo = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=80, blank=True)  # what was sold: "title:<id>"
    at = models.DateTimeField()
    accounts = ArrayField(models.CharField(max_length=ACCOUNT_LENGTH_MAX))
    amounts = ArrayField(models.BigIntegerField())
    currencies = ArrayField(models.CharField(max_length=3))

    def __str__(self) -> str:
        return self.cause

    def to_postings(self) -> list[Posting]:
        lines = zip(self.accounts, self.amounts, self.currencies, strict=True)
        return [Posting(account, Money(amount_minor, currency)) for account, amount_minor, currency in lines]

    def to_entries(self) -> list[Entry]:
        """Debits first."""
        lines = sorted(self.to_postings(), key=lambda each: (-each.amount.amount_minor, each.account))
        return [self.to_entry(each.account, each.amount) for each in lines]

    def to_entry(self, account: str, amount: Money) -> Entry:
        return Entry(
            journal_id=self.id,
            cause=self.cause,
            memo=self.memo,
            about=self.about,
            account=account,
            amount=amount,
            at=self.at,
        )


class Line(models.Model):
    """A journal's line, written by a trigger."""

    pk = models.CompositePrimaryKey("account", "currency", "at", "journal_id", "line")
    account = models.CharField(max_length=ACCOUNT_LENGTH_MAX, db_collation="C")
    currency = models.CharField(max_length=3, db_collation="C")
    at = models.DateTimeField()
    line = models.SmallIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"


class PostingRow(Line):
    """A line, booked or fresh.

    A view over the two tables below, exact at every moment, since one statement sees a line in one of them.
    """

    journal = models.ForeignKey(
        Journal, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "ledger_posting"
        managed = False

    def to_entry(self) -> Entry:
        return self.journal.to_entry(self.account, Money(self.amount_minor, self.currency))


class BookedRow(Line):
    """A line in the order of account and time, found by one index, and in its account's total (operations/book.py)."""

    journal_id = models.UUIDField()

    class Meta:
        db_table = "ledger_booked"


class FreshRow(Line):
    """A line that is not booked yet, appended to a heap: no index is searched for it, no row waited for."""

    journal_id = models.UUIDField()

    class Meta:
        db_table = "ledger_fresh"


class BalanceRow(models.Model):
    """A part of an account's balance: its total, or a fresh line that is not in it yet. The balance is their sum.

    A view over the two tables, exact at every moment as the postings are.
    """

    pk = models.CompositePrimaryKey("account", "currency")
    account = models.CharField(max_length=ACCOUNT_LENGTH_MAX, db_collation="C")
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_balance"
        managed = False

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"


class TotalRow(models.Model):
    """The sum of an account's booked lines. Only a trigger writes it (operations/book.py)."""

    pk = models.CompositePrimaryKey("account", "currency")
    account = models.CharField(max_length=ACCOUNT_LENGTH_MAX, db_collation="C")
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_total"

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"


class Reversal(models.Model):
    """That a journal takes back another, or a part of it. All that take it back together never exceed it."""

    journal = models.OneToOneField(Journal, on_delete=models.DO_NOTHING, primary_key=True, related_name="takes_back")
    reversed = models.ForeignKey(Journal, on_delete=models.DO_NOTHING, related_name="taken_back_by")

    class Meta:
        db_table = "ledger_reversal"

    def __str__(self) -> str:
        return f"{self.journal_id} takes back {self.reversed_id}"
