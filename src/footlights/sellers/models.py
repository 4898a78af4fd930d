"""Who was asked for their tax details, and has not said them yet."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from footlights.sellers.policies import REMINDERS
from footlights.sellers.records import Ask


class AskRow(models.Model):
    """One a person, for all accounts in the books whose money is theirs; gone with the answer."""

    person_id = models.UUIDField(primary_key=True)
    accounts = ArrayField(models.CharField(max_length=80))
    asked_at = models.DateTimeField()
    reminders = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "sellers_ask"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reminders__gte=0, reminders__lte=REMINDERS), name="sellers_ask_reminders"
            )
        ]
        indexes: ClassVar = [
            GinIndex(fields=["accounts"], name="sellers_ask_of"),
            models.Index(fields=["asked_at", "person_id"], name="sellers_ask_oldest"),
        ]

    def __str__(self) -> str:
        return f"ask of {self.person_id}"

    def to_record(self) -> Ask:
        return Ask(
            person_id=self.person_id, asked_at=self.asked_at, reminders=self.reminders, accounts=tuple(self.accounts)
        )
