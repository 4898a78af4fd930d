"""What became of telling Stripe Tax of a document, and until when all were told."""

from typing import ClassVar

from django.db import models

from footlights.filings.records import Filing, FilingState
from footlights.kernel.money import Money


class FilingRow(models.Model):
    """Written once, after Stripe answered: of what is not here, it is told (again) with the same reference."""

    document_id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in FilingState])
    reason = models.CharField(max_length=100, blank=True)
    filed_id = models.CharField(max_length=100, blank=True)  # as Stripe calls it
    currency = models.CharField(max_length=3)
    tax_minor = models.BigIntegerField()
    their_tax_minor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "filings_filing"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=list(FilingState)), name="filings_filing_state"),
            models.CheckConstraint(
                condition=~models.Q(state=FilingState.TOLD) | ~models.Q(filed_id=""), name="filings_filing_told_has_id"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-at"],
                condition=~models.Q(state=FilingState.TOLD) | ~models.Q(tax_minor=models.F("their_tax_minor")),
                name="filings_filing_to_look_at",
            )
        ]

    def __str__(self) -> str:
        return f"filing of {self.document_id}"

    def to_record(self) -> Filing:
        return Filing(
            document_id=self.document_id,
            state=FilingState(self.state),
            reason=self.reason,
            tax=Money(self.tax_minor, self.currency),
            their_tax=Money(self.their_tax_minor, self.currency),
        )


class MarkRow(models.Model):
    """The one row that says until when everything that was issued is told. Made when Stripe Tax was chosen."""

    ONLY_ID = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ID, editable=False)
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "filings_mark"
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="filings_mark_only_one")]

    def __str__(self) -> str:
        return f"told until {self.until}"
