"""Journals, their postings, and the balances they add up to. The database keeps the rules; see migration 0002."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.records import Entry, Posting


class Journal(models.Model):
    """One thing that happened. Sealed: it holds `posting_count` postings for ever, and they sum to zero."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cause = models.CharField(max_length=200, unique=True)  # the idempotency key: "payment:<id>:captured"
    memo = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    posting_count = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(posting_count__gte=2), name="ledger_journal_has_two_sides"),
            models.UniqueConstraint(fields=["id", "at"], name="ledger_journal_id_at"),  # what postings refer to
        ]

    def __str__(self) -> str:
        return self.cause


class PostingRow(models.Model):
    """A posting. `at` is its journal's (a foreign key over both says so), so that a day's total needs no join."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_posting"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="ledger_posting_moves_something"),
            models.CheckConstraint(
                condition=models.Q(account__regex=r"^[a-z]+:[a-z0-9-]+$"), name="ledger_posting_account_code"
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="ledger_posting_currency_code"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["account", "currency", "at"], include=["amount_minor"], name="ledger_posting_by_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"

    def to_posting(self) -> Posting:
        return Posting(self.account, Money(self.amount_minor, self.currency))

    def to_entry(self) -> Entry:
        return Entry(
            id=self.pk,
            journal_id=self.journal_id,
            cause=self.journal.cause,
            memo=self.journal.memo,
            account=self.account,
            amount=Money(self.amount_minor, self.currency),
            at=self.at,
        )


class BalanceRow(models.Model):
    """A part of an account's balance, kept by a trigger on postings; the balance is the sum of its parts.

    A connection always adds to the same one of sixteen parts. So two sales on two connections do not wait for each
    other on the platform's own account, and the sum is still exact.
    """

    account = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    part = models.SmallIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_balance"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "currency", "part"], name="ledger_balance_part")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"
