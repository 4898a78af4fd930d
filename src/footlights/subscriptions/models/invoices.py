"""What was asked for each period, how often the card was tried, and how much of it is earned."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.subscriptions.models.plans import TermsRow
from footlights.subscriptions.models.subscriptions import SubscriptionRow
from footlights.subscriptions.records import AttemptState, Invoice, InvoiceState, Paid


class InvoiceRow(models.Model):
    """A subscription's n-th period: there is one of each number, so that no period is asked for twice.

    `amount` is what is to pay: the price less a credit, with the tax where that comes on top, without what a business
    owes itself. `parts` says who earns how much of what is deferred (that is what was paid less tax, with what the
    platform bears of a discount, and what was carried over from the period before); `earned_days` of it are in the
    books, and at `earns_at` the next is. From `closed_at` on no more is earned of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscription = models.ForeignKey(SubscriptionRow, on_delete=models.PROTECT, related_name="invoices")
    number = models.IntegerField()
    terms = models.ForeignKey(TermsRow, on_delete=models.PROTECT, related_name="+")
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    anchor_at = models.DateTimeField()
    anchor_months = models.SmallIntegerField()
    price_minor = models.BigIntegerField()  # after a coupon
    discount_minor = models.BigIntegerField(default=0)  # what the coupon took off
    borne_minor = models.BigIntegerField(default=0)  # of it, what the platform bears, without tax
    credit_minor = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    tax_rate_bps = models.IntegerField(default=0)
    tax_name = models.CharField(max_length=20, blank=True)
    tax_place = models.CharField(max_length=6, blank=True, default="")  # CA-ON; empty of before it was kept
    tax_reversed = models.BooleanField(default=False)  # the buyer owes it, so none is paid
    relief_minor = models.BigIntegerField(default=0)  # and what of it the price held is taken off
    refunded_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=[(e, e) for e in InvoiceState], default=InvoiceState.OPEN)
    is_change = models.BooleanField(default=False)  # of a plan in the middle of a period
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    parts = models.JSONField(default=dict)  # minor units by account of the ledger
    earned_days = models.SmallIntegerField(default=0)
    earns_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subscriptions_invoice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "number"], name="subscriptions_invoice_one_a_period"),
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(state=InvoiceState.OPEN), name="subscriptions_invoice_one_open"
            ),
            models.CheckConstraint(
                condition=Q(
                    credit_minor__gte=0,
                    discount_minor__gte=0,
                    amount_minor__gte=F("price_minor") - F("credit_minor") - F("relief_minor"),
                    amount_minor__gt=0,
                )
                & (Q(tax_reversed=True, tax_minor=0, relief_minor__gte=0) | Q(tax_reversed=False, relief_minor=0))
                & Q(number__gte=1, tax_minor__gte=0, tax_minor__lt=F("amount_minor"))
                & Q(period_start__lt=F("period_end"), earned_days__gte=0),
                name="subscriptions_invoice_amounts",
            ),
            models.CheckConstraint(
                condition=Q(borne_minor__gte=0, borne_minor__lte=F("discount_minor")),
                name="subscriptions_invoice_borne",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="subscriptions_invoice_refunded",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[InvoiceState.OPEN, InvoiceState.VOID], paid_at__isnull=True)
                | Q(state__in=[InvoiceState.PAID, InvoiceState.REFUNDED], paid_at__isnull=False),
                name="subscriptions_invoice_paid",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["earns_at"], condition=Q(earns_at__isnull=False), name="subscriptions_invoice_earning"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.number}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)

    @property
    def deferred(self) -> Money:
        """What was paid without its tax, and what the platform put in: earned day by day."""
        return self.amount - self.tax + Money(self.borne_minor, self.currency)

    def borne_again(self, returned: Money) -> Money:
        """What of that the platform has again when so much more goes back: in proportion, rounded down to the last."""
        before, after = self.refunded_minor, self.refunded_minor + returned.amount_minor
        shares = [self.borne_minor * each // self.amount_minor for each in (before, after)]
        return Money(shares[1] - shares[0], self.currency)

    @property
    def reference(self) -> str:
        """What its tax is noted under."""
        return f"period:{self.pk}"

    @property
    def days(self) -> int:
        return (self.period_end - self.period_start).days

    @property
    def paid(self) -> Paid:
        return Paid(self.price, self.period_start, self.period_end)

    def to_record(self) -> Invoice:
        return Invoice(
            id=self.id,
            subscription_id=self.subscription_id,
            number=self.number,
            terms=self.terms.to_record(),
            period_start=self.period_start,
            period_end=self.period_end,
            price=self.price,
            credit=Money(self.credit_minor, self.currency),
            amount=self.amount,
            tax=self.tax,
            refunded=Money(self.refunded_minor, self.currency),
            state=InvoiceState(self.state),
            is_change=self.is_change,
            created_at=self.created_at,
            paid_at=self.paid_at,
            discount=Money(self.discount_minor, self.currency),
            borne=Money(self.borne_minor, self.currency),
        )


class AttemptRow(models.Model):
    """One asking for an invoice's money. Its id is the payment's reference and idempotency key.

    One undecided at a time, and one paid ever: the database charges nobody twice.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(InvoiceRow, on_delete=models.PROTECT, related_name="attempts")
    number = models.SmallIntegerField()
    by_page = models.BooleanField()  # the subscriber pays on the gateway's page; else a card that is kept is charged
    state = models.CharField(max_length=9, choices=[(e, e) for e in AttemptState], default=AttemptState.UNDECIDED)
    reason = models.CharField(max_length=300, blank=True)
    payment_id = models.UUIDField(null=True, unique=True)
    is_unneeded = models.BooleanField(default=False)  # it was paid when nobody wanted it any more: the money goes back
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subscriptions_attempt"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "number"], name="subscriptions_attempt_number"),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(state=AttemptState.UNDECIDED), name="subscriptions_attempt_one_open"
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(state=AttemptState.PAID), name="subscriptions_attempt_one_paid"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"],
                condition=Q(state=AttemptState.UNDECIDED, payment_id__isnull=True),
                name="subscriptions_attempt_unsent",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"invoice:{self.pk}"
