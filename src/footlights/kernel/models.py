"""Fields only: a row for each key of the keyset that this database was sealed with, to know a lost or wrong one.

And the key of blind indexes.
"""

from django.db import models


class SealingKey(models.Model):
    number = models.BigIntegerField(primary_key=True)
    sealed = models.BinaryField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number:08x}"


class IndexKey(models.Model):
    """The one row that blind indexes are made with (kernel.blind_index)."""

    ONLY_ID = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ID, editable=False)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="kernel_index_key_only_one")]

    def __str__(self) -> str:
        return "the key of blind indexes"
