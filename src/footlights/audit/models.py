"""Fields only. The tables, their partitions, chains and refusals are PostgreSQL's own; see migration 0001."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from footlights.audit.records import Checkpoint, Record


class RecordRow(models.Model):
    """One act, for ever. Its id (UUIDv7, given by the database) says when; chain, position and hash are given too."""

    id = models.UUIDField(primary_key=True, editable=False)
    act = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True)
    on_behalf_of_id = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=100, blank=True)
    channel_id = models.UUIDField(null=True)
    person_ids = ArrayField(models.UUIDField())  # everybody it concerns, the actor too
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    address = models.GenericIPAddressField(null=True)
    request_id = models.UUIDField(null=True)
    chain = models.SmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_record"
        indexes: ClassVar = [
            models.Index(fields=["chain", "position"], name="audit_record_chain"),
            models.Index(fields=["act", "id"], name="audit_record_act"),
            models.Index(fields=["object_id", "id"], name="audit_record_object"),
            models.Index(fields=["channel_id", "id"], name="audit_record_channel"),
            GinIndex(fields=["person_ids"], name="audit_record_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_id}"

    def to_record(self) -> Record:
        return Record(
            id=self.id,
            act=self.act,
            actor_id=self.actor_id,
            on_behalf_of_id=self.on_behalf_of_id,
            object_kind=self.object_kind,
            object_id=self.object_id,
            channel_id=self.channel_id,
            person_ids=tuple(self.person_ids),
            before=self.before,
            after=self.after,
            address=self.address,
            request_id=self.request_id,
        )


class HeadRow(models.Model):
    """Where a chain ends. Kept by the trigger that chains records, and by nobody else."""

    chain = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_head"

    def __str__(self) -> str:
        return f"{self.chain}: {self.position}"


class SigningKeyRow(models.Model):
    """An Ed25519 key: its public half in hex, its private half sealed with the installation's keyset."""

    public = models.CharField(max_length=64, primary_key=True)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "audit_signing_key"

    def __str__(self) -> str:
        return self.public


class CheckpointRow(models.Model):
    """A signed statement, each naming the digest of the one before."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    statement = models.TextField()
    signature = models.BinaryField()
    key = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_checkpoint"

    def __str__(self) -> str:
        return f"checkpoint {self.number}"

    def to_record(self) -> Checkpoint:
        return Checkpoint(self.number, self.at, self.statement, bytes(self.signature), self.key)


class SignedRow(models.Model):
    """How far of each chain is signed: only so that the next checkpoint names what moved. Proves nothing."""

    chain = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField()

    class Meta:
        db_table = "audit_signed"

    def __str__(self) -> str:
        return f"{self.chain}: {self.position}"


class TallyRow(models.Model):
    """How often something happened in a minute; `told` of it whoever notices was given already. Proves nothing."""

    minute = models.DateTimeField()
    name = models.CharField(max_length=40)
    subject = models.CharField(max_length=100)
    count = models.IntegerField()
    told = models.IntegerField()

    class Meta:
        db_table = "audit_tally"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["minute", "name", "subject"], name="audit_tally_one_a_minute")
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="audit_tally_fresh", condition=models.Q(told__lt=models.F("count")))
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}: {self.count}"
