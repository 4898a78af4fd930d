"""The sandbox gateway's own tables. Ours never refer to them."""

from django.db import models


class SandboxCheckout(models.Model):
    id = models.CharField(primary_key=True, max_length=60)
    merchant_reference = models.CharField(max_length=200, unique=True)  # the merchant's idempotency key
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    return_url = models.CharField(max_length=500)
    status = models.CharField(max_length=12, default="open")  # open, challenge, paid, declined, expired, refunded
    reason = models.CharField(max_length=200, blank=True)
    card = models.CharField(max_length=20, blank=True)
    charged_minor = models.BigIntegerField(default=0)
    answers_to_lose = models.SmallIntegerField(default=0)  # how many questions after this one are not answered
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class SandboxEvent(models.Model):
    id = models.CharField(primary_key=True, max_length=60)
    checkout = models.ForeignKey(SandboxCheckout, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class SandboxRefund(models.Model):
    idempotency_key = models.CharField(max_length=200, unique=True)
    checkout = models.OneToOneField(SandboxCheckout, on_delete=models.CASCADE)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.idempotency_key
