"""What is the same of everything that is given: who pays, how much, and what became of the money."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from footlights.giving.records import State
from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.kernel.sealed_text import SealedTextField


class Paid(models.Model):
    """One click on “Pay”. Of what was paid, `fee_minor` is the platform's and `shared_minor` collaborators'."""

    KIND: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    giver_id = models.UUIDField()
    idempotency_key = models.CharField(max_length=200)
    channel_id = models.UUIDField()
    title_id = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    tax_minor = models.BigIntegerField(default=0)
    tax_rate_bps = models.IntegerField(default=0)
    tax_place = models.CharField(max_length=6, blank=True)  # DE, CA-QC
    tax_name = models.CharField(max_length=40, blank=True)
    fee_minor = models.BigIntegerField(null=True)  # known once it is earned
    shared_minor = models.BigIntegerField(default=0)
    # What of each went back to the giver.
    refunded_minor = models.BigIntegerField(default=0)
    refunded_tax_minor = models.BigIntegerField(default=0)
    refunded_fee_minor = models.BigIntegerField(default=0)
    refunded_shared_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=[(state, state) for state in State], default=State.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    payment_id = models.UUIDField(null=True, unique=True)
    hosted_url = SealedTextField(blank=True, default="")
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["giver_id", "idempotency_key"], name="%(app_label)s_%(class)s_key"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=MAX_AMOUNT_MINOR),
                name="%(app_label)s_%(class)s_amount",
            ),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0, tax_minor__lte=F("amount_minor")), name="%(app_label)s_%(class)s_tax"
            ),
            models.CheckConstraint(
                condition=Q(fee_minor__isnull=True, shared_minor=0)
                | Q(
                    fee_minor__isnull=False,
                    fee_minor__gte=0,
                    shared_minor__gte=0,
                    amount_minor__gte=F("tax_minor") + F("fee_minor") + F("shared_minor"),
                ),
                name="%(app_label)s_%(class)s_fee",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="%(app_label)s_%(class)s_refunded",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PAID) | Q(paid_at__isnull=False, payment_id__isnull=False),
                name="%(app_label)s_%(class)s_paid",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What its payment and the books call it."""
        return f"{self.KIND}:{self.pk}"

    @property
    def about(self) -> str:
        """What a journal says it was for; empty where it was for a channel as such."""
        return f"title:{self.title_id}" if self.title_id else ""

    @property
    def amount(self) -> Money:
        return self.money(self.amount_minor)

    @property
    def tax(self) -> Money:
        return self.money(self.tax_minor)

    @property
    def net(self) -> Money:
        """What is shared among platform and makers."""
        return self.amount - self.tax

    def money(self, amount_minor: int) -> Money:
        return Money(amount_minor, self.currency)


class ReturnRow(models.Model):
    """One refund of what was given, under the id payments gave it. `undone_at`: it could not be brought back."""

    refund_id = models.UUIDField(primary_key=True, editable=False)
    reference = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "giving_return"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="giving_return_amount"),
        ]
        indexes: ClassVar = [models.Index(fields=["reference"], name="giving_return_of")]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.reference}"
