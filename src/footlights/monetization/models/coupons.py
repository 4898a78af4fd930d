"""Coupons, their codes, and who uses which. The database keeps every limit."""

from typing import Any, ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.monetization.models.purchases import PurchaseRow
from footlights.monetization.records import INTERVALS, PERIODS_MAX, Coupon, Covers, RedemptionState

WHOLE_BPS = 10_000
WITHIN_USES = models.Q(uses_max__isnull=True) | models.Q(used__lte=models.F("uses_max"))


class CouponRow(models.Model):
    """What a coupon takes off, of what, until when and how often. Written once; withdrawn, never altered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel_id = models.UUIDField(null=True)  # null: the platform's, good at every channel
    covers = models.CharField(max_length=11, choices=[(each, each) for each in Covers], default=Covers.SALES)
    title_id = models.UUIDField(null=True)  # null: everything the channel sells
    plan_id = models.UUIDField(null=True)  # null: each of the channel's memberships
    interval = models.CharField(max_length=5, blank=True, default="")  # of a membership's payments; empty: any
    periods = models.SmallIntegerField(null=True)  # how many of them, the first ones; null: all there will be
    name = models.CharField(max_length=60)
    percent_bps = models.IntegerField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    most_minor = models.BigIntegerField(null=True)  # of the platform's: no use takes off more
    currency = models.CharField(max_length=3, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    uses_max = models.IntegerField(null=True)
    per_person_max = models.SmallIntegerField(default=1)
    first_purchase_only = models.BooleanField(default=False)
    used = models.IntegerField(default=0)
    created_by = models.UUIDField()
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "monetization_coupon"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    percent_bps__isnull=False,
                    percent_bps__gt=0,
                    percent_bps__lte=WHOLE_BPS,
                    amount_minor__isnull=True,
                )
                & (
                    models.Q(most_minor__isnull=True, currency="")
                    | models.Q(most_minor__isnull=False, most_minor__gt=0, most_minor__lte=MAX_AMOUNT_MINOR)
                )
                | models.Q(
                    percent_bps__isnull=True,
                    most_minor__isnull=True,
                    amount_minor__isnull=False,
                    amount_minor__gt=0,
                    amount_minor__lte=MAX_AMOUNT_MINOR,
                ),
                name="monetization_coupon_takes_off",
            ),
            models.CheckConstraint(
                condition=models.Q(covers=Covers.SALES, plan_id__isnull=True, interval="", periods__isnull=True)
                | models.Q(
                    models.Q(periods__isnull=True) | models.Q(periods__gte=1, periods__lte=PERIODS_MAX),
                    covers=Covers.MEMBERSHIPS,
                    title_id__isnull=True,
                    interval__in=["", *INTERVALS],
                ),
                name="monetization_coupon_covers",
            ),
            models.CheckConstraint(
                condition=models.Q(WITHIN_USES, used__gte=0, per_person_max__gte=1), name="monetization_coupon_uses"
            ),
            models.CheckConstraint(  # what the platform bears has an end
                condition=models.Q(channel_id__isnull=False, most_minor__isnull=True)
                | models.Q(
                    models.Q(amount_minor__isnull=False) | models.Q(most_minor__isnull=False),
                    models.Q(covers=Covers.SALES) | models.Q(periods__isnull=False),
                    channel_id__isnull=True,
                    title_id__isnull=True,
                    plan_id__isnull=True,
                    uses_max__isnull=False,
                ),
                name="monetization_coupon_of_the_house",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["channel_id", "-created_at"], name="monetization_coupon_of")]

    def __str__(self) -> str:
        return self.name

    def to_record(self) -> Coupon:
        return Coupon(
            id=self.id,
            channel_id=self.channel_id,
            title_id=self.title_id,
            name=self.name,
            percent_bps=self.percent_bps,
            amount=None if self.amount_minor is None else Money(self.amount_minor, self.currency),
            most=None if self.most_minor is None else Money(self.most_minor, self.currency),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            uses_max=self.uses_max,
            per_person_max=self.per_person_max,
            first_purchase_only=self.first_purchase_only,
            used=self.used,
            created_at=self.created_at,
            withdrawn_at=self.withdrawn_at,
            covers=Covers(self.covers),
            plan_id=self.plan_id,
            interval=self.interval,
            periods=self.periods,
        )


class CouponCodeRow(models.Model):
    """One code of a coupon: a word that many know, or one of a batch that works once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    coupon = models.ForeignKey(CouponRow, on_delete=models.PROTECT, related_name="codes")
    channel_id = models.UUIDField(null=True)  # as its coupon's
    code = models.CharField(max_length=40)
    uses_max = models.IntegerField(null=True)
    used = models.IntegerField(default=0)

    class Meta:
        db_table = "monetization_coupon_code"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel_id", "code"], name="monetization_coupon_code_once"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(channel_id__isnull=True), name="monetization_coupon_code_of_house"
            ),
            models.CheckConstraint(condition=models.Q(WITHIN_USES, used__gte=0), name="monetization_coupon_code_uses"),
        ]

    def __str__(self) -> str:
        return self.code


class RedemptionRow(models.Model):
    """That a purchase or a membership uses a code: reserved at the till, used once paid, released when it is not.

    Its id is that of the purchase, or of the subscription.
    """

    id = models.UUIDField(primary_key=True)
    purchase: Any = models.OneToOneField(PurchaseRow, on_delete=models.PROTECT, null=True, related_name="redemption")
    coupon = models.ForeignKey(CouponRow, on_delete=models.PROTECT, related_name="redemptions")
    code = models.ForeignKey(CouponCodeRow, on_delete=models.PROTECT, related_name="redemptions")
    viewer_id = models.UUIDField()
    state = models.CharField(max_length=8, choices=[(state, state) for state in RedemptionState])
    at = models.DateTimeField()

    class Meta:
        db_table = "monetization_redemption"
        indexes: ClassVar = [models.Index(fields=["coupon", "viewer_id"], name="monetization_redemption_of")]

    def __str__(self) -> str:
        return f"{self.state} {self.code_id}"
