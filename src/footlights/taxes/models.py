"""Where the service is registered to pay taxes, and what tells where its buyers are."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.sealed_text import IndexOf, SealedTextField
from footlights.taxes.records import Answer, Evidence, KeptEvidence, KnownRate, NumberCheck, Registration, ReverseCharge


class RegistrationRow(models.Model):
    """Written once; ended, never deleted: what was charged while it held must stay explicable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.CharField(max_length=2)
    number = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    is_seat = models.BooleanField(default=False)

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
        return Registration(
            id=self.id, area=self.area, number=self.number, since=self.since, until=self.until, is_seat=self.is_seat
        )


class PlaceRateRow(models.Model):
    """What Stripe Tax said last of a place; of which it never said anything, only when it was asked."""

    country = models.CharField(max_length=2)
    region = models.CharField(max_length=5, blank=True)  # a province, or a postcode of the United States
    state = models.CharField(max_length=3, blank=True, default="")  # in which that postcode is
    rate_micro = models.IntegerField(default=0)
    name = models.CharField(max_length=10, blank=True)
    asked_at = models.DateTimeField(null=True)
    learned_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "taxes_place_rate"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["country", "region"], name="taxes_place_rate_once"),
            models.CheckConstraint(
                condition=models.Q(rate_micro__gte=0, rate_micro__lt=1_000_000), name="taxes_place_rate_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.region}"

    def to_record(self) -> KnownRate:
        assert self.learned_at  # noqa: S101  only those are read
        return KnownRate(
            self.country, self.region, self.rate_micro, self.name, self.learned_at.date(), self.silent_since, self.state
        )


class NumberCheckRow(models.Model):
    """A look at a business's number, written once: the proof of why a sale bore no tax."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = SealedTextField()  # of a sole trader it tells who they are
    country = models.CharField(max_length=2)
    answer = models.CharField(max_length=7, choices=[(answer, answer) for answer in Answer])
    request_id = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "taxes_number_check"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(answer__in=list(Answer)), name="taxes_number_check_answer")
        ]
        indexes: ClassVar = [models.Index(IndexOf("number"), models.F("at").desc(), name="taxes_number_check_latest")]

    def __str__(self) -> str:
        return f"{self.country} {self.answer}"

    def to_record(self) -> NumberCheck:
        return NumberCheck(
            id=self.id,
            number=self.number,
            country=self.country,
            answer=Answer(self.answer),
            at=self.at,
            request_id=self.request_id,
            reason=self.reason,
        )


class ReverseChargeRow(models.Model):
    """That one sale bore no tax because its buyer owes it, and by which check. Written once."""

    reference = models.CharField(primary_key=True, max_length=100)  # "purchase:<id>"
    check_made = models.ForeignKey(NumberCheckRow, on_delete=models.PROTECT, related_name="+")
    own_number = models.CharField(max_length=40)

    class Meta:
        db_table = "taxes_reverse_charge"

    def __str__(self) -> str:
        return self.reference

    def to_record(self) -> ReverseCharge:
        check = self.check_made.to_record()
        return ReverseCharge(number=check.number, own_number=self.own_number, check=check)


class EvidenceRow(models.Model):
    """Where one buyer was: by countries, and by a postcode where the tax depends on it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=100, unique=True)  # "purchase:<id>"
    address_country = models.CharField(max_length=2, blank=True)
    billing_country = models.CharField(max_length=2, blank=True)
    payment_country = models.CharField(max_length=2, blank=True)
    postcode = models.CharField(max_length=5, blank=True, default="")
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
        return Evidence(self.address_country, self.billing_country, self.payment_country, self.postcode)

    def to_record(self) -> KeptEvidence:
        return KeptEvidence(
            reference=self.reference,
            evidence=self.evidence,
            country=self.country,
            is_conflicting=self.is_conflicting,
            noted_at=self.noted_at,
        )
