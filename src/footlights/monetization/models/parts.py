"""What a purchase of a collection promised, title by title, and what counted towards it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from footlights.kernel.ids import new_id
from footlights.monetization.models.purchases import PurchaseRow
from footlights.monetization.records import PartState


class PartRow(models.Model):
    """One title of a collection that somebody buys: it is granted, or it is theirs by a purchase that counts.

    A purchase counts once at a time; released, it does not any more: this one was not paid, or went back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purchase = models.ForeignKey(PurchaseRow, on_delete=models.PROTECT, related_name="parts")
    title_id = models.UUIDField()
    counted = models.ForeignKey(PurchaseRow, on_delete=models.PROTECT, null=True, related_name="counts_in")
    credit_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=[(state, state) for state in PartState], default=PartState.HOLDS)

    class Meta:
        db_table = "monetization_part"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purchase", "title_id"], name="monetization_part_once"),
            models.UniqueConstraint(
                fields=["counted"], condition=Q(state=PartState.HOLDS), name="monetization_part_counts_once"
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, credit_minor=0) | Q(counted__isnull=False, credit_minor__gt=0),
                name="monetization_part_credit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_id} of {self.purchase_id}"
