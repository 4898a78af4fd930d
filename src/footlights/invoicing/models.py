"""Documents and their numbers. Names and addresses are sealed; the rest holds ids and amounts."""

from typing import ClassVar
from uuid import UUID

from django.db import models

from footlights.invoicing.records import Document, DocumentKind
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money

HOUSE = UUID(int=0)  # the service itself, as a seller


class SellerRow(models.Model):
    """Who a seller is in law. `series` tells the numbers of sellers apart; the house has the plain ones."""

    series = models.AutoField(primary_key=True)
    seller_id = models.UUIDField(unique=True)  # a channel, or the house
    sealed = models.BinaryField()

    class Meta:
        db_table = "invoicing_seller"

    def __str__(self) -> str:
        return f"seller {self.seller_id}"


class BuyerRow(models.Model):
    """What a person wants on their documents, and the language they bought in last."""

    person_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField(null=True)
    language = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "invoicing_buyer"

    def __str__(self) -> str:
        return f"buyer {self.person_id}"


class CounterRow(models.Model):
    """The last number of a seller in a year. Locked from taking a number to the end of that transaction."""

    seller_id = models.UUIDField()
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        db_table = "invoicing_counter"
        constraints: ClassVar = [models.UniqueConstraint(fields=["seller_id", "year"], name="invoicing_counter_of")]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.year}: {self.last}"


class DocumentRow(models.Model):
    """Written once. The database refuses another text, a gap in the numbers, and sums that are off."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in DocumentKind])
    cause = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=100)  # "purchase:<id>"
    seller_id = models.UUIDField()
    year = models.SmallIntegerField()
    sequence = models.IntegerField()
    number = models.CharField(max_length=40, unique=True)
    buyer_id = models.UUIDField()
    channel_id = models.UUIDField()  # whose work it is about
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    language = models.CharField(max_length=20)
    issued_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "invoicing_document"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller_id", "year", "sequence"], name="invoicing_document_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(gross_minor=models.F("net_minor") + models.F("tax_minor")),
                name="invoicing_document_sums",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=DocumentKind.CREDIT_NOTE, corrects__isnull=False, gross_minor__lt=0)
                | models.Q(~models.Q(kind=DocumentKind.CREDIT_NOTE), gross_minor__gte=0),
                name="invoicing_document_credit_corrects",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["buyer_id", "-issued_at"], name="invoicing_document_of_buyer"),
            models.Index(fields=["seller_id", "-issued_at"], name="invoicing_document_of_seller"),
            models.Index(fields=["subject"], name="invoicing_document_about"),
        ]

    def __str__(self) -> str:
        return self.number

    def to_record(self) -> Document:
        return Document(
            id=self.id,
            kind=DocumentKind(self.kind),
            number=self.number,
            subject=self.subject,
            buyer_id=self.buyer_id,
            seller_id=self.seller_id,
            channel_id=self.channel_id,
            net=Money(self.net_minor, self.currency),
            tax=Money(self.tax_minor, self.currency),
            gross=Money(self.gross_minor, self.currency),
            language=self.language,
            issued_at=self.issued_at,
            corrects_id=self.corrects_id,
        )


class LineRow(models.Model):
    """The amounts of a document's line, for the reports; its words are in the document's snapshot."""

    document = models.ForeignKey(DocumentRow, on_delete=models.PROTECT, related_name="lines")
    position = models.SmallIntegerField()
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=3, blank=True)
    tax_name = models.CharField(max_length=10, blank=True)
    rate_bps = models.IntegerField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "invoicing_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "position"], name="invoicing_line_position"),
        ]
        indexes: ClassVar = [models.Index(fields=["issued_at", "country"], name="invoicing_line_by_period")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.position}"
