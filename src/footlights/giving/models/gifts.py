"""What people buy for each other."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from footlights.giving.models.paid import Paid
from footlights.giving.records import Gift, SoldGift, State
from footlights.kernel.sealed_text import IndexOf, SealedTextField

IS_HANDED_OVER = Q(redeemed_at__isnull=False)
IS_WAITING = Q(redeemed_at__isnull=True, withdrawn_at__isnull=True)


class GiftRow(Paid):
    """One offer for whoever comes first with its code. Who gets it, and with which words, is sealed."""

    KIND = "gift"

    offer_id = models.UUIDField()
    collection_id = models.UUIDField(null=True)
    broadcast_id = models.UUIDField(null=True)
    promised = ArrayField(models.UUIDField(), default=list)  # the titles that were in the collection at the click
    code = SealedTextField()
    recipient = SealedTextField(blank=True, default="")  # where it is sent; empty: its giver hands it over
    sender = SealedTextField(blank=True, default="")
    message = SealedTextField(blank=True, default="")
    send_at = models.DateTimeField(null=True)  # when it is sent next
    sent_at = models.DateTimeField(null=True)
    sent_times = models.SmallIntegerField(default=0)
    redeemed_at = models.DateTimeField(null=True)
    redeemed_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Paid.Meta):
        db_table = "giving_gift"
        constraints: ClassVar = [
            *Paid.Meta.constraints,
            models.UniqueConstraint(IndexOf("code"), name="giving_gift_code_once"),
            models.CheckConstraint(
                condition=Q(title_id__isnull=False, collection_id__isnull=True, broadcast_id__isnull=True)
                | Q(title_id__isnull=True, collection_id__isnull=False, broadcast_id__isnull=True)
                | Q(title_id__isnull=True, collection_id__isnull=True, broadcast_id__isnull=False),
                name="giving_gift_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(redeemed_at__isnull=True, redeemed_by__isnull=True)
                | Q(redeemed_at__isnull=False, redeemed_by__isnull=False, withdrawn_at__isnull=True),
                name="giving_gift_one_end",
            ),
            models.CheckConstraint(
                condition=Q(fee_minor__isnull=True) | IS_HANDED_OVER, name="giving_gift_earned_once_redeemed"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["giver_id", "-created_at"], name="giving_gift_of"),
            models.Index(
                fields=["channel_id", "-paid_at"], condition=Q(paid_at__isnull=False), name="giving_gift_sold"
            ),
            models.Index(fields=["send_at"], condition=Q(send_at__isnull=False), name="giving_gift_due"),
            models.Index(
                fields=["broadcast_id"], condition=Q(broadcast_id__isnull=False), name="giving_gift_of_tickets"
            ),
        ]

    @property
    def account(self) -> str:
        """Where what is paid and not redeemed yet lies in the ledger."""
        return f"gift:{self.pk}"

    @property
    def about(self) -> str:
        of_one = f"collection:{self.collection_id}" if self.collection_id else super().about
        return f"event:{self.broadcast_id}" if self.broadcast_id else of_one

    def to_record(self) -> Gift:
        return Gift(
            id=self.id,
            giver_id=self.giver_id,
            channel_id=self.channel_id,
            title_id=self.title_id,
            collection_id=self.collection_id,
            broadcast_id=self.broadcast_id,
            offer_id=self.offer_id,
            promised=tuple(self.promised),
            amount=self.amount,
            code=self.code,
            recipient=self.recipient,
            sender=self.sender,
            message=self.message,
            send_at=self.send_at,
            sent_at=self.sent_at,
            sent_times=self.sent_times,
            state=State(self.state),
            reason=self.reason,
            hosted_url=self.hosted_url,
            payment_id=self.payment_id,
            created_at=self.created_at,
            paid_at=self.paid_at,
            redeemed_at=self.redeemed_at,
            redeemed_by=self.redeemed_by,
            withdrawn_at=self.withdrawn_at,
        )

    def to_sold(self) -> SoldGift:
        fee, shared = self.money(self.fee_minor or 0), self.money(self.shared_minor)
        gone = self.refunded_minor - self.refunded_tax_minor - self.refunded_fee_minor - self.refunded_shared_minor
        net = self.net - fee - shared
        return SoldGift(
            id=self.id,
            title_id=self.title_id,
            collection_id=self.collection_id,
            broadcast_id=self.broadcast_id,
            amount=self.amount,
            tax=self.tax,
            fee=fee,
            shared=shared,
            net=net,
            refunded=self.money(self.refunded_minor),
            left=net - self.money(gone),
            state=State(self.state),
            at=self.paid_at or self.created_at,
            redeemed_at=self.redeemed_at,
            refunded_at=self.refunded_at,
        )
