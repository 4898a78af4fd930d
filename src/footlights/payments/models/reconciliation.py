"""The gateways' own accounts, as they were fetched, and where they differ from what we know."""

import uuid
from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.sealed_text import IndexOf, SealedTextField
from footlights.payments.adapters.gateway import MovementKind
from footlights.payments.records import Difference


class MovementRow(models.Model):
    """A line of a gateway's account, kept once."""

    gateway = models.CharField(max_length=40)
    gateway_ref = SealedTextField()
    kind = models.CharField(max_length=8)
    reference = models.CharField(max_length=200)  # ours: the payment's or payout's id
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        db_table = "payments_movement"
        constraints: ClassVar = [
            models.UniqueConstraint("gateway", IndexOf("gateway_ref"), name="payments_movement_once"),
            models.CheckConstraint(condition=models.Q(kind__in=list(MovementKind)), name="payments_movement_kind"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["gateway", "reference"], name="payments_movement_about"),
            models.Index(fields=["gateway", "at"], name="payments_movement_when"),
        ]

    def __str__(self) -> str:
        return str(self.gateway_ref)


class ReconciledDayRow(models.Model):
    """A day of a gateway that was compared. With the first one comparing began: what is older is left alone."""

    gateway = models.CharField(max_length=40)
    day = models.DateField()
    compared_at = models.DateTimeField()
    compared_until = models.DateTimeField(null=True)  # of a day that is not over: up to when it was
    read_to = models.UUIDField(default=uuid.UUID(int=0))  # the newest journal of the books that was looked at
    matched = models.IntegerField(default=0)

    class Meta:
        db_table = "payments_reconciled_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gateway", "day"], name="payments_reconciled_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.day}"


class DifferenceRow(models.Model):
    """What a gateway has, what we have, and what is booked of one payment or payout; null is nothing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    gateway = models.CharField(max_length=40)
    day = models.DateField()
    reference = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    here_minor = models.BigIntegerField(null=True)
    there_minor = models.BigIntegerField(null=True)
    booked_minor = models.BigIntegerField(null=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_difference"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["gateway", "reference", "kind", "currency"], name="payments_difference_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["gateway", "day"], name="payments_difference_day"),
            models.Index(fields=["found_at"], condition=models.Q(settled_at=None), name="payments_difference_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    def to_record(self) -> Difference:
        return Difference(
            id=self.id,
            gateway=self.gateway,
            day=self.day,
            reference=self.reference,
            kind=self.kind,
            here=self._money(self.here_minor),
            there=self._money(self.there_minor),
            booked=self._money(self.booked_minor),
            found_at=self.found_at,
            settled_at=self.settled_at,
        )

    def _money(self, amount_minor: int | None) -> Money | None:
        return None if amount_minor is None else Money(amount_minor, self.currency)
