"""Every decision about the platform's terms, never altered: the newest whose time has come is the one that holds."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from footlights.kernel.ids import new_id
from footlights.terms.policies import OF_A_CHANNEL, OF_A_CURRENCY, OF_A_KIND
from footlights.terms.records import SaleKind, SetTerm, Term

_IS_CURRENCY = Q(currency__regex=r"^[A-Z]{3}$")
_IS_OF_A_KIND, _IS_OF_A_CURRENCY = Q(term__in=sorted(OF_A_KIND)), Q(term__in=sorted(OF_A_CURRENCY))


class TermRow(models.Model):
    """`value` is in the unit that ends the term's name; null says that nothing is decided any more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # sorts by when it was set
    term = models.CharField(max_length=30, choices=[(term, term) for term in Term])
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in SaleKind], blank=True)
    channel_id = models.UUIDField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    value = models.BigIntegerField(null=True)
    from_at = models.DateTimeField()
    set_by = models.UUIDField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "terms_term"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__gte=models.F("set_at")), name="terms_term_not_in_the_past"),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="terms_term_not_negative"),
            models.CheckConstraint(
                condition=(_IS_OF_A_KIND & ~Q(kind="")) | (~_IS_OF_A_KIND & Q(kind="")), name="terms_term_kind"
            ),
            models.CheckConstraint(
                condition=(_IS_OF_A_CURRENCY & _IS_CURRENCY) | (~_IS_OF_A_CURRENCY & Q(currency="")),
                name="terms_term_currency",
            ),
            models.CheckConstraint(
                condition=Q(channel_id__isnull=True) | Q(term__in=sorted(OF_A_CHANNEL)), name="terms_term_channel"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["term", "kind", "channel_id", "currency", "-from_at", "-id"], name="terms_term_in_force"
            )
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.term, self.kind, self.currency])) + f" {self.value} from {self.from_at}"

    def to_record(self) -> SetTerm:
        return SetTerm(
            id=self.id,
            term=Term(self.term),
            kind=SaleKind(self.kind) if self.kind else None,
            channel_id=self.channel_id,
            currency=self.currency,
            value=self.value,
            from_at=self.from_at,
            set_by=self.set_by,
            set_at=self.set_at,
        )
