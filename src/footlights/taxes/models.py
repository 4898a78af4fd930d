"""Where the service is registered to pay taxes."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.taxes.records import Registration


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
