"""What a channel offers its members, and for how much."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.subscriptions.records import Interval, Plan, Terms

IS_OFFERED = Q(withdrawn_at__isnull=True)
MAX_TIER = 9


class PlanRow(models.Model):
    """One tier of a channel. Its name and words may change; its tier and its channel never."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel_id = models.UUIDField()
    tier = models.SmallIntegerField()
    is_pass = models.BooleanField(default=False)  # to every channel that takes part; its own channel is the house's
    name = models.CharField(max_length=60)
    words = models.CharField(max_length=500, blank=True)
    created_by = models.UUIDField()
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subscriptions_plan"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel_id", "tier"], condition=IS_OFFERED, name="subscriptions_plan_one_of_a_tier"
            ),
            models.UniqueConstraint(
                fields=["is_pass"], condition=IS_OFFERED & Q(is_pass=True), name="subscriptions_plan_one_pass"
            ),
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=MAX_TIER), name="subscriptions_plan_tier"),
        ]

    def __str__(self) -> str:
        return self.name

    def to_record(self) -> Plan:
        own = (row for row in self.terms.all() if row.local_of_id is None)
        rows = sorted(own, key=lambda row: (row.interval != Interval.MONTH, row.currency))
        return Plan(
            id=self.id,
            channel_id=self.channel_id,
            tier=self.tier,
            name=self.name,
            words=self.words,
            is_offered=self.withdrawn_at is None,
            is_pass=self.is_pass,
            terms=tuple(row.to_record() for row in rows if row.withdrawn_at is None),
        )


class TermsRow(models.Model):
    """Written once; withdrawn, never altered. Those that are `local_of` others are the same in another currency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="terms")
    local_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    interval = models.CharField(max_length=5, choices=[(each, each) for each in Interval])
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    trial_days = models.SmallIntegerField(default=0)
    intro_amount_minor = models.BigIntegerField(null=True)
    intro_periods = models.SmallIntegerField(default=0)
    created_by = models.UUIDField()
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subscriptions_terms"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "interval", "currency"],
                condition=IS_OFFERED & Q(local_of__isnull=True),
                name="subscriptions_terms_one_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["local_of", "currency", "amount_minor", "intro_amount_minor"],
                condition=Q(local_of__isnull=False),
                nulls_distinct=False,
                name="subscriptions_terms_local_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=MAX_AMOUNT_MINOR), name="subscriptions_terms_price"
            ),
            models.CheckConstraint(
                condition=Q(intro_amount_minor__isnull=True, intro_periods=0)
                | Q(
                    intro_amount_minor__gt=0,
                    intro_amount_minor__lt=models.F("amount_minor"),
                    intro_periods__gte=1,
                    intro_periods__lte=12,
                ),
                name="subscriptions_terms_intro",
            ),
            models.CheckConstraint(
                condition=Q(trial_days__gte=0, trial_days__lte=90), name="subscriptions_terms_trial"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price.format()} a {self.interval}"

    @property
    def price(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def to_record(self) -> Terms:
        intro = self.intro_amount_minor
        return Terms(
            id=self.id,
            plan_id=self.plan_id,
            interval=Interval(self.interval),
            price=self.price,
            trial_days=self.trial_days,
            intro_price=None if intro is None else Money(intro, self.currency),
            intro_periods=self.intro_periods,
            is_offered=self.withdrawn_at is None,
            local_of=self.local_of_id,
        )
