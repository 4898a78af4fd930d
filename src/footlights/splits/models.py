"""Agreements and their parties. The database keeps the rules; see migration 0002."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from footlights.kernel import crypto
from footlights.kernel.ids import new_id
from footlights.splits.records import WHOLE_BPS, Agreement, Party, State, SubjectKind

IS_OPEN = Q(in_force_from__isnull=True, closed_as="")


class AgreementRow(models.Model):
    """Sealed: it has `party_count` parties for ever. It comes into force once, or is closed; then it stays as it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # the newer one goes before the older
    subject_kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in SubjectKind])
    subject_id = models.UUIDField()
    channel_id = models.UUIDField()
    party_count = models.SmallIntegerField()
    from_at = models.DateTimeField()
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    in_force_from = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=9, choices=[(s, s) for s in (State.DECLINED, State.WITHDRAWN)], blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "splits_agreement"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=IS_OPEN, name="splits_agreement_one_proposal"
            ),
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=True) | Q(in_force_from__gte=models.F("from_at"), closed_as=""),
                name="splits_agreement_in_force",
            ),
            models.CheckConstraint(
                condition=Q(closed_as="", closed_at__isnull=True) | (~Q(closed_as="") & Q(closed_at__isnull=False)),
                name="splits_agreement_closed",
            ),
            models.CheckConstraint(condition=Q(party_count__gte=1), name="splits_agreement_has_parties"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="splits_agreement_of_subject"),
            models.Index(fields=["channel_id", "-id"], name="splits_agreement_of_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.state}"

    @property
    def state(self) -> State:
        if self.in_force_from:
            return State.AGREED
        return State(self.closed_as) if self.closed_as else State.PROPOSED

    def to_record(self) -> Agreement:
        return Agreement(
            id=self.id,
            subject_kind=SubjectKind(self.subject_kind),
            subject_id=self.subject_id,
            channel_id=self.channel_id,
            from_at=self.from_at,
            proposed_by=self.proposed_by,
            proposed_at=self.proposed_at,
            in_force_from=self.in_force_from,
            closed_at=self.closed_at,
            state=self.state,
            parties=tuple(row.to_record() for row in self.parties.all()),
        )


class PartyRow(models.Model):
    """Known by their account, or until they have one by their address, which is sealed, and the digest of a link."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(AgreementRow, on_delete=models.PROTECT, related_name="parties")
    person_id = models.UUIDField(null=True)
    sealed_address = models.BinaryField(null=True)
    digest = models.BinaryField(max_length=32, null=True, unique=True)
    bps = models.SmallIntegerField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "splits_party"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "person_id"], name="splits_party_once"),
            models.CheckConstraint(condition=Q(bps__gte=0, bps__lte=WHOLE_BPS), name="splits_party_share"),
            models.CheckConstraint(
                condition=Q(person_id__isnull=False, sealed_address__isnull=True, digest__isnull=True)
                | Q(person_id__isnull=True, sealed_address__isnull=False, digest__isnull=False, signed_at__isnull=True),
                name="splits_party_known",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person_id"], name="splits_party_of")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.bps} of {self.agreement_id}"

    @property
    def address(self) -> str:
        """Where the link went; empty once they are known."""
        sealed = self.sealed_address
        return crypto.unseal(bytes(sealed), context=context_of(self.pk)).decode() if sealed else ""

    def to_record(self) -> Party:
        return Party(self.person_id, self.address, self.bps, self.signed_at)


def context_of(party_id: object) -> str:
    """What the address of a party is sealed for."""
    return f"split-party:{party_id}"
