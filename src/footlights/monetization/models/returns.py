"""What went back of a purchase."""

from typing import ClassVar

from django.db import models

from footlights.monetization.models.purchases import PurchaseRow


class ReturnRow(models.Model):
    """One refund of a purchase, under the id payments gave it. `undone_at`: it could not be brought to the buyer."""

    refund_id = models.UUIDField(primary_key=True, editable=False)
    purchase = models.ForeignKey(PurchaseRow, on_delete=models.PROTECT, related_name="returns")
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "monetization_return"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="monetization_return_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.purchase_id}"
