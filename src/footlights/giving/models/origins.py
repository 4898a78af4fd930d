"""From which block of addresses something was given, for a day, and as a digest that another day's is not."""

from typing import ClassVar

from django.db import models


class OriginRow(models.Model):
    """`block` cannot be read, and compares with those of the same UTC day alone."""

    reference = models.CharField(max_length=60, primary_key=True)
    block = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "giving_origin"
        indexes: ClassVar = [models.Index(fields=["block", "at"], name="giving_origin_of_block")]

    def __str__(self) -> str:
        return self.reference
