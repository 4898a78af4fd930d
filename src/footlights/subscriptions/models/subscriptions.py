"""Who is subscribed to what, since when, and what comes next."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from footlights.kernel.ids import new_id
from footlights.kernel.sealed_text import SealedTextField
from footlights.subscriptions.models.plans import PlanRow, TermsRow
from footlights.subscriptions.records import State, Subscription

IS_LIVING = ~Q(state=State.ENDED)


class SubscriptionRow(models.Model):
    """One person's membership of one channel.

    `terms` are what they agreed to, `next_terms` what they chose for after this period. Ends of periods are `anchor_at`
    plus `anchor_months`. At `due_at` something is to be done: renew, try a card again, end. It is null while an answer
    about money is awaited.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscriber_id = models.UUIDField()
    idempotency_key = models.CharField(max_length=200)
    channel_id = models.UUIDField()
    country = models.CharField(max_length=2, blank=True)  # where the subscriber is, for the tax
    region = models.CharField(max_length=5, blank=True, default="")  # a province or postcode, if the tax depends on it
    business_number = SealedTextField(blank=True, default="")  # of a business, which may owe the tax itself
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="subscriptions")
    terms = models.ForeignKey(TermsRow, on_delete=models.PROTECT, related_name="subscriptions")
    next_terms = models.ForeignKey(TermsRow, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=[(each, each) for each in State], default=State.PENDING)
    created_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    trial_ends_at = models.DateTimeField(null=True)
    coupon_id = models.UUIDField(null=True)  # that they joined with
    coupon_left = models.SmallIntegerField(null=True, default=0)  # of how many payments more it is taken off; null: all
    free_months = models.SmallIntegerField(default=0)  # that it makes free, before the first payment
    trial_end_told_at = models.DateTimeField(null=True)  # when they were written to that it ends soon
    setup_id = models.UUIDField(null=True, unique=True)  # the page on which a card is kept, of one that begins free
    hosted_url = SealedTextField(blank=True, default="")  # that page, or the one of the first payment
    anchor_at = models.DateTimeField(null=True)
    anchor_months = models.SmallIntegerField(default=0)
    paid_periods = models.SmallIntegerField(default=0)  # of this channel, by this person: the first may be cheaper
    period_start = models.DateTimeField(null=True)
    period_end = models.DateTimeField(null=True)
    pause_ends_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "subscriptions_subscription"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscriber_id", "idempotency_key"], name="subscriptions_subscription_key"),
            models.UniqueConstraint(
                fields=["subscriber_id", "channel_id"], condition=IS_LIVING, name="subscriptions_subscription_one"
            ),
            models.CheckConstraint(
                condition=Q(state=State.ENDED, ended_at__isnull=False, due_at__isnull=True)
                | (IS_LIVING & Q(ended_at__isnull=True)),
                name="subscriptions_subscription_ended",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.PENDING, State.ENDED])
                | Q(began_at__isnull=False, period_start__lt=models.F("period_end")),
                name="subscriptions_subscription_period",
            ),
            models.CheckConstraint(
                condition=Q(state=State.PAUSED, pause_ends_at__isnull=False)
                | (~Q(state=State.PAUSED) & Q(pause_ends_at__isnull=True)),
                name="subscriptions_subscription_paused",
            ),
            models.CheckConstraint(
                condition=Q(free_months__gte=0)
                & (Q(coupon_id__isnull=True, coupon_left__isnull=False, coupon_left=0) | Q(coupon_id__isnull=False))
                & (Q(coupon_left__isnull=True) | Q(coupon_left__gte=0)),
                name="subscriptions_subscription_coupon",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="subscriptions_due"),
            models.Index(
                fields=["trial_ends_at"],
                condition=Q(state=State.TRIALING, trial_end_told_at__isnull=True),
                name="subscriptions_trial_untold",
            ),
            models.Index(fields=["channel_id", "began_at"], name="subscriptions_of_channel"),
            models.Index(fields=["subscriber_id", "-created_at"], name="subscriptions_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.state} {self.channel_id}"

    @property
    def cause(self) -> str:
        """The name of its membership."""
        return f"subscription:{self.pk}"

    @property
    def account(self) -> str:
        """Where what is paid and not earned yet lies in the ledger."""
        return f"deferred:{self.pk}"

    def to_record(self) -> Subscription:
        return Subscription(
            id=self.id,
            subscriber_id=self.subscriber_id,
            channel_id=self.channel_id,
            plan=self.plan.to_record(),
            terms=self.terms.to_record(),
            next_terms=self.next_terms.to_record() if self.next_terms else None,
            state=State(self.state),
            created_at=self.created_at,
            began_at=self.began_at,
            trial_ends_at=self.trial_ends_at,
            period_start=self.period_start,
            period_end=self.period_end,
            pause_ends_at=self.pause_ends_at,
            due_at=self.due_at,
            ended_at=self.ended_at,
            end_reason=self.end_reason,
            hosted_url=self.hosted_url,
            country=self.country,
            free_months=self.free_months,
            coupon_left=self.coupon_left,
        )
