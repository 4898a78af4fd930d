"""What somebody may watch without having bought it: from a gift, or a press code."""

from typing import Any, ClassVar

from django.db import models

from footlights.monetization.models.entitlements import EntitlementRow


class GrantRow(models.Model):
    """One entitlement without a purchase, by what it comes from: once for each cause."""

    cause = models.CharField(max_length=200, primary_key=True)
    entitlement: Any = models.OneToOneField(EntitlementRow, on_delete=models.PROTECT, related_name="grant")
    offer_id = models.UUIDField(null=True)  # of a ticket: by which terms it opens the recording

    class Meta:
        db_table = "monetization_grant"
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(cause=""), name="monetization_grant_cause")]

    def __str__(self) -> str:
        return self.cause


class GivenCollectionRow(models.Model):
    """That somebody has a collection without having bought it; each of its titles is a grant, `<cause>:<title id>`."""

    cause = models.CharField(max_length=150, primary_key=True)
    viewer_id = models.UUIDField()
    collection_id = models.UUIDField()
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "monetization_given_collection"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(cause=""), name="monetization_given_collection_cause")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["collection_id", "viewer_id"],
                condition=models.Q(revoked_at__isnull=True),
                name="monetization_given_of",
            )
        ]

    def __str__(self) -> str:
        return self.cause

    def cause_of(self, title_id: Any) -> str:
        return f"{self.cause}:{title_id}"
