"""What is paid for the pass day by day, until a month of it is shared, and with whom it was."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.subscriptions.models.invoices import InvoiceRow
from footlights.subscriptions.models.plans import PlanRow
from footlights.subscriptions.records import PassMonth


class PassMonthRow(models.Model):
    """A month that was shared: one of a plan, month and currency. All of its money is accounted for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    currency = models.CharField(max_length=3)
    brought_minor = models.BigIntegerField()  # carried from the month before
    money_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    shared_minor = models.BigIntegerField()
    carried_minor = models.BigIntegerField()
    by_subscriber = models.BooleanField()
    fee_bps = models.IntegerField()
    seconds = models.BigIntegerField()
    shared_at = models.DateTimeField()

    class Meta:
        db_table = "subscriptions_pass_month"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "month", "currency"], name="subscriptions_pass_month_once"),
            models.CheckConstraint(
                condition=Q(brought_minor=F("fee_minor") + F("shared_minor") + F("carried_minor") - F("money_minor"))
                & Q(month__day=1),
                name="subscriptions_pass_month_sums",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.currency}"

    def to_record(self) -> PassMonth:
        amounts = (self.money_minor, self.fee_minor, self.shared_minor, self.carried_minor)
        money, fee, shared, carried = (Money(minor, self.currency) for minor in amounts)
        return PassMonth(self.month, money, fee, shared, carried, self.by_subscriber, self.fee_bps, self.seconds)


class PassMoneyRow(models.Model):
    """What was earned of a period in a month, or went back (below zero); added to until the month is shared."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(InvoiceRow, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    amount_minor = models.BigIntegerField()
    shared_in = models.ForeignKey(PassMonthRow, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "subscriptions_pass_money"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice", "month"], condition=Q(shared_in__isnull=True), name="subscriptions_pass_money_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} in {self.month}"


class PassShareRow(models.Model):
    """What one title got, of one subscriber or (null) of what all have in common; no title is the platform's fee."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(PassMonthRow, on_delete=models.PROTECT, related_name="shares")
    subscriber_id = models.UUIDField(null=True)
    title_id = models.UUIDField(null=True)
    channel_id = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    seconds = models.BigIntegerField(default=0)

    class Meta:
        db_table = "subscriptions_pass_share"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["of", "subscriber_id", "title_id"], nulls_distinct=False, name="subscriptions_pass_share_once"
            ),
            models.CheckConstraint(
                condition=Q(title_id__isnull=True, channel_id__isnull=True)
                | Q(title_id__isnull=False, channel_id__isnull=False),
                name="subscriptions_pass_share_whose",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel_id", "of"], name="subscriptions_pass_share_of"),
            models.Index(fields=["subscriber_id"], name="subscriptions_pass_share_from"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} to {self.title_id or 'the platform'}"
