"""Broadcasts that tickets are, or were, sold for: what `live` told of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class EventRow(models.Model):
    """One broadcast, by its own id. `given_back_at`: since then everybody gets back what they paid for it."""

    id = models.UUIDField(primary_key=True, editable=False)
    channel_id = models.UUIDField()
    name = models.CharField(max_length=150)
    began_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)  # when it was last put off, or brought forward
    over_at = models.DateTimeField(null=True)  # since then nobody buys a ticket
    given_back_at = models.DateTimeField(null=True)
    replay_id = models.UUIDField(null=True)  # the title of its recording

    class Meta:
        db_table = "monetization_event"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(given_back_at__isnull=True) | Q(over_at__isnull=False),
                name="monetization_event_given_back_when_over",
            ),
        ]

    def __str__(self) -> str:
        return self.name
