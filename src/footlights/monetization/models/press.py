"""What the press may watch without buying it: by which codes, how often, until when. The database keeps every limit."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.sealed_text import IndexOf, SealedTextField
from footlights.monetization.screening import OUTLET_LENGTH_MAX, WATCHES_MAX, PressCode, PressPass, Screening


class PressPassRow(models.Model):
    """What a number of codes open, on which terms. Written once, never altered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel_id = models.UUIDField()
    title_id = models.UUIDField(null=True)  # null: whatever the channel has out
    watches_max = models.SmallIntegerField()  # of each title, with each code
    ends_at = models.DateTimeField()
    created_by = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "monetization_press_pass"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(watches_max__gte=1, watches_max__lte=WATCHES_MAX),
                name="monetization_press_pass_watches",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["channel_id", "-created_at"], name="monetization_press_pass_of")]

    def __str__(self) -> str:
        return str(self.id)

    def to_record(self, *, codes: int = 0, redeemed: int = 0, withdrawn: int = 0) -> PressPass:
        return PressPass(
            id=self.id,
            channel_id=self.channel_id,
            title_id=self.title_id,
            watches_max=self.watches_max,
            ends_at=self.ends_at,
            created_at=self.created_at,
            codes=codes,
            redeemed=redeemed,
            withdrawn=withdrawn,
        )


class PressCodeRow(models.Model):
    """One code, for whoever comes first with it; each person has one of a pass."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    press = models.ForeignKey(PressPassRow, on_delete=models.PROTECT, related_name="codes")
    code = SealedTextField()
    outlet = models.CharField(max_length=OUTLET_LENGTH_MAX, blank=True)  # the paper, the programme it was made for
    place = models.SmallIntegerField()  # among the codes of its pass
    redeemed_at = models.DateTimeField(null=True)
    redeemed_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "monetization_press_code"
        constraints: ClassVar = [
            models.UniqueConstraint(IndexOf("code"), name="monetization_press_code_once"),
            models.UniqueConstraint(fields=["press", "place"], name="monetization_press_code_place"),
            # By the person first: this is also how what somebody holds is found.
            models.UniqueConstraint(fields=["redeemed_by", "press"], name="monetization_press_code_of_a_person"),
            models.CheckConstraint(
                condition=models.Q(redeemed_at__isnull=True, redeemed_by__isnull=True)
                | models.Q(redeemed_at__isnull=False, redeemed_by__isnull=False),
                name="monetization_press_code_redeemed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def to_record(self) -> PressCode:
        """With its pass and its screenings, which are read before."""
        return PressCode(
            id=self.id,
            press=self.press.to_record(),
            code=self.code,
            outlet=self.outlet,
            redeemed_at=self.redeemed_at,
            redeemed_by=self.redeemed_by,
            withdrawn_at=self.withdrawn_at,
            screenings=tuple(row.to_record() for row in self.screenings.all()),
        )


class ScreeningRow(models.Model):
    """That a title is watched with a code, for a day; counted by its number, which no other has."""

    code = models.ForeignKey(PressCodeRow, on_delete=models.PROTECT, related_name="screenings")
    title_id = models.UUIDField()
    number = models.SmallIntegerField()
    watches_max = models.SmallIntegerField()
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    watched_percent = models.SmallIntegerField(default=0)  # kept when its viewer forgot their history

    class Meta:
        db_table = "monetization_screening"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "title_id", "number"], name="monetization_screening_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=models.F("watches_max")),
                name="monetization_screening_within",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("began_at")), name="monetization_screening_ends"
            ),
        ]
        ordering: ClassVar = ["began_at", "pk"]

    def __str__(self) -> str:
        return f"{self.code_id} {self.title_id} {self.number}"

    def to_record(self) -> Screening:
        return Screening(self.title_id, self.began_at, self.ends_at, self.watched_percent)
