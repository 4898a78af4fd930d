"""Journals, and the postings and balances that follow. The database keeps the rules: migrations 0003 and 0004."""

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


class PostingRow(models.Model):
    """A journal's line, written by a trigger, so that an account's are found in the order of time, by one index."""

    pk = models.CompositePrimaryKey("account", "currency", "at", "journal_id", "line")
    account = models.CharField(max_length=ACCOUNT_LENGTH_MAX, db_collation="C")
    currency = models.CharField(max_length=3, db_collation="C")
    at = models.DateTimeField()
    journal = models.ForeignKey(
        Journal, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    line = models.SmallIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_posting"

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"

    def to_entry(self) -> Entry:
        return self.journal.to_entry(self.account, Money(self.amount_minor, self.currency))


class BalanceRow(models.Model):
    """A part of an account's balance: its total, or a change that is not added to it yet. The balance is their sum.

    A view over the two tables below; exact at every moment, since one statement sees a change in one of them.
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
    """An account's changes as far as they were added up. Only a trigger writes it (operations/add_up.py)."""

    pk = models.CompositePrimaryKey("account", "currency")
    account = models.CharField(max_length=ACCOUNT_LENGTH_MAX, db_collation="C")
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_total"

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"


class ChangeRow(models.Model):
    """What a journal's line changes, appended by the trigger that writes postings: nobody waits for anybody's row."""

    pk = models.CompositePrimaryKey("account", "currency")  # for Django; the table is a heap
    account = models.CharField(max_length=ACCOUNT_LENGTH_MAX, db_collation="C")
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_change"

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
