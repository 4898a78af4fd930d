"""What somebody may watch without having bought it: from a gift, or a press code."""

from typing import Any, ClassVar

from django.db import models

from footlights.monetization.models.entitlements import EntitlementRow


class GrantRow(models.Model):
    """One entitlement without a purchase, by what it comes from: once for each cause."""

    cause = models.CharField(max_length=200, primary_key=True)
    entitlement: Any = models.OneToOneField(EntitlementRow, on_delete=models.PROTECT, related_name="grant")

    class Meta:
        db_table = "monetization_grant"
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(cause=""), name="monetization_grant_cause")]

    def __str__(self) -> str:
        return self.cause
