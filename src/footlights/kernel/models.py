"""Fields only: one row for each key of the keyset that this database was sealed with, to know a lost or wrong one."""

from django.db import models


class SealingKey(models.Model):
    number = models.BigIntegerField(primary_key=True)
    sealed = models.BinaryField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number:08x}"
