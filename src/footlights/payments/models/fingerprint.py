"""What people paid with, as nobody can read it: to know again who paid from another account."""

from typing import ClassVar

from django.db import models


class FingerprintRow(models.Model):
    """Somebody paid with this: a keyed digest of the gateway's own mark of it."""

    payer_id = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    paid_at = models.DateTimeField(db_index=True)  # last

    class Meta:
        db_table = "payments_fingerprint"
        indexes: ClassVar = [models.Index(fields=["digest"], name="payments_fingerprint_digest")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payer_id", "digest"], name="payments_fingerprint_once"),
        ]

    def __str__(self) -> str:
        return str(self.payer_id)
