"""Where the service is registered to pay taxes, and what tells where its buyers are."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.taxes.records import Evidence, KeptEvidence, Registration


class RegistrationRow(models.Model):
    """Written once; ended, never deleted: what was charged while it held must stay explicable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.CharField(max_length=2)
    number = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        db_table = "taxes_registration"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(until=None), name="taxes_registration_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="taxes_registration_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} since {self.since}"

    def to_record(self) -> Registration:
        return Registration(id=self.id, area=self.area, number=self.number, since=self.since, until=self.until)


class EvidenceRow(models.Model):
    """Where one buyer was, by countries alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=100, unique=True)  # "purchase:<id>"
    address_country = models.CharField(max_length=2, blank=True)
    billing_country = models.CharField(max_length=2, blank=True)
    payment_country = models.CharField(max_length=2, blank=True)
    country = models.CharField(max_length=2, blank=True)
    is_conflicting = models.BooleanField()
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "taxes_evidence"
        indexes: ClassVar = [
            models.Index(fields=["-noted_at"], condition=models.Q(is_conflicting=True), name="taxes_evidence_conflicts")
        ]

    def __str__(self) -> str:
        return f"{self.reference} in {self.country}"

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.address_country, self.billing_country, self.payment_country)

    def to_record(self) -> KeptEvidence:
        return KeptEvidence(
            reference=self.reference,
            evidence=self.evidence,
            country=self.country,
            is_conflicting=self.is_conflicting,
            noted_at=self.noted_at,
        )
