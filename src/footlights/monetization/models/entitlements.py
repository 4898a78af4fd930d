"""Who may watch what, from which purchase."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.monetization.models.offers import KINDS
from footlights.monetization.models.purchases import PurchaseRow
from footlights.monetization.naming import name_when_read
from footlights.monetization.records import Entitlement, OfferKind


class EntitlementRow(models.Model):
    """That a viewer may watch a title, or come to a broadcast, by a purchase; `collection_id`: with which it came."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    viewer_id = models.UUIDField()
    title_id = models.UUIDField(null=True)
    broadcast_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=8, choices=KINDS)
    collection_id = models.UUIDField(null=True)
    purchase = models.ForeignKey(PurchaseRow, on_delete=models.PROTECT, null=True, related_name="entitlements")
    granted_at = models.DateTimeField()
    start_by = models.DateTimeField(null=True)
    watch_hours = models.SmallIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)  # its buyer asked their bank for the money, which has not decided yet
    watched_percent = models.SmallIntegerField(default=0)  # kept when its holder forgot their history

    class Meta:
        db_table = "monetization_entitlement"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purchase", "title_id"], name="monetization_entitlement_once"),
            models.UniqueConstraint(
                fields=["purchase"],
                condition=models.Q(broadcast_id__isnull=False),
                name="monetization_entitlement_one_ticket",
            ),
            models.CheckConstraint(
                condition=models.Q(title_id__isnull=False, broadcast_id__isnull=True)
                | models.Q(title_id__isnull=True, broadcast_id__isnull=False, kind=OfferKind.TICKET),
                name="monetization_entitlement_of_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=OfferKind.RENT, start_by__isnull=False, watch_hours__isnull=False)
                | (~models.Q(kind=OfferKind.RENT) & models.Q(start_by__isnull=True, watch_hours__isnull=True)),
                name="monetization_entitlement_rent_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(started_at__isnull=True, ends_at__isnull=True)
                | models.Q(kind=OfferKind.RENT, started_at__isnull=False, ends_at__isnull=False)
                | models.Q(kind=OfferKind.TICKET, started_at__isnull=True, ends_at__isnull=False),
                name="monetization_entitlement_started",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["viewer_id", "title_id"], name="monetization_entitlement_of"),
            models.Index(
                fields=["broadcast_id", "viewer_id"],
                condition=models.Q(broadcast_id__isnull=False),
                name="monetization_entitlement_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} {self.kind} {self.title_id or self.broadcast_id}"

    def to_record(self) -> Entitlement:
        """Of a title. What opens a broadcast is a Ticket."""
        assert self.title_id  # noqa: S101  see above
        return Entitlement(
            title_id=self.title_id,
            kind=OfferKind(self.kind),
            granted_at=self.granted_at,
            start_by=self.start_by,
            started_at=self.started_at,
            ends_at=self.ends_at,
            revoked_at=self.revoked_at,
            held_at=self.held_at,
            collection=name_when_read(self.collection_id),
        )
