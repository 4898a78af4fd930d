"""Which channels take part in the pass, from which day to which."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from footlights.kernel.ids import new_id
from footlights.monetization.records import InPass


class PassChannelRow(models.Model):
    """A channel in the pass from a UTC day on, and not from another on any more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel_id = models.UUIDField()
    from_day = models.DateField()
    until_day = models.DateField(null=True)
    decided_by = models.UUIDField()

    class Meta:
        db_table = "monetization_pass_channel"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel_id"], condition=Q(until_day__isnull=True), name="monetization_pass_channel_once"
            ),
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gte=F("from_day")),
                name="monetization_pass_channel_days",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["channel_id", "from_day"], name="monetization_pass_channel_of")]

    def __str__(self) -> str:
        return f"{self.channel_id} from {self.from_day}"

    def to_record(self) -> InPass:
        return InPass(self.channel_id, self.from_day, self.until_day)
