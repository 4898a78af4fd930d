"""Who is a member of a channel, or has the pass, and until when."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.monetization.records import Membership


class MembershipRow(models.Model):
    """One membership, by what it comes from. `said_at` is the moment of the last word about it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cause = models.CharField(max_length=200, unique=True)
    viewer_id = models.UUIDField()
    channel_id = models.UUIDField(null=True)  # null: the pass, to every channel that takes part in it
    tier = models.SmallIntegerField()
    granted_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)  # a bank is asked for the money of its period, and has not decided yet
    said_at = models.DateTimeField()

    class Meta:
        db_table = "monetization_membership"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(tier__gte=1), name="monetization_membership_tier"),
        ]
        indexes: ClassVar = [models.Index(fields=["viewer_id", "channel_id"], name="monetization_membership_of")]

    def __str__(self) -> str:
        return self.cause

    def to_record(self) -> Membership:
        return Membership(
            channel_id=self.channel_id,
            tier=self.tier,
            granted_at=self.granted_at,
            until=self.until,
            ended_at=self.ended_at,
            held_at=self.held_at,
        )
