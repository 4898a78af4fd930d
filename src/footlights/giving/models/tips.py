"""Tips, and who takes some."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from footlights.giving.models.paid import Paid
from footlights.giving.policies import ABOUT_LENGTH_MAX, MESSAGE_LENGTH_MAX, THANKS_LENGTH_MAX
from footlights.giving.records import ReceivedTip, State, Tip, TipJar


class TipRow(Paid):
    """Money for a channel, or for a title of it, and a word with it. It buys nothing."""

    KIND = "tip"

    message = models.CharField(max_length=MESSAGE_LENGTH_MAX, blank=True)
    is_anonymous = models.BooleanField(default=False)
    about = models.CharField(max_length=ABOUT_LENGTH_MAX, blank=True, default="")

    class Meta(Paid.Meta):
        db_table = "giving_tip"
        indexes: ClassVar = [
            models.Index(fields=["giver_id", "-created_at"], name="giving_tip_of"),
            models.Index(
                fields=["channel_id", "-paid_at"], condition=Q(paid_at__isnull=False), name="giving_tip_received"
            ),
        ]

    def to_record(self) -> Tip:
        return Tip(
            id=self.id,
            giver_id=self.giver_id,
            channel_id=self.channel_id,
            title_id=self.title_id,
            amount=self.amount,
            message=self.message,
            is_anonymous=self.is_anonymous,
            state=State(self.state),
            reason=self.reason,
            hosted_url=self.hosted_url,
            payment_id=self.payment_id,
            created_at=self.created_at,
            paid_at=self.paid_at,
            refunded=self.money(self.refunded_minor),
            about=self.about,
        )

    def to_received(self) -> ReceivedTip:
        fee, shared = self.money(self.fee_minor or 0), self.money(self.shared_minor)
        gone = self.money(self.refunded_minor - self.refunded_fee_minor - self.refunded_shared_minor)
        net = self.amount - fee - shared
        return ReceivedTip(
            id=self.id,
            giver_id=None if self.is_anonymous else self.giver_id,
            title_id=self.title_id,
            amount=self.amount,
            message=self.message,
            fee=fee,
            shared=shared,
            net=net,
            refunded=self.money(self.refunded_minor),
            left=net - gone,
            state=State(self.state),
            at=self.paid_at or self.created_at,
            refunded_at=self.refunded_at,
        )


class TipJarRow(models.Model):
    """That a channel takes tips, or did."""

    channel_id = models.UUIDField(primary_key=True, editable=False)
    is_open = models.BooleanField()
    thanks = models.CharField(max_length=THANKS_LENGTH_MAX, blank=True)
    changed_by = models.UUIDField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "giving_tip_jar"

    def __str__(self) -> str:
        return f"tips for {self.channel_id}"

    def to_record(self) -> TipJar:
        return TipJar(is_open=self.is_open, thanks=self.thanks)
