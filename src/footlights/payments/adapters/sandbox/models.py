"""The sandbox gateway's own tables. Ours never refer to them."""

from django.db import models


class SandboxMethod(models.Model):
    """A card that is kept: what it will do is what its test card does later."""

    id = models.CharField(primary_key=True, max_length=60)
    customer = models.CharField(max_length=60)
    card = models.CharField(max_length=20)
    expires_on = models.DateField()
    detached_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.id


class SandboxCheckout(models.Model):
    """A page to pay on, a page to keep a card on, or a charge of a kept card, which has no page."""

    id = models.CharField(primary_key=True, max_length=60)
    mode = models.CharField(max_length=8, default="pay")  # pay, keep, charge
    merchant_reference = models.CharField(max_length=200, unique=True)  # the merchant's idempotency key
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    return_url = models.CharField(max_length=500)
    status = models.CharField(max_length=12, default="open")  # open, challenge, paid, kept, declined, expired
    reason = models.CharField(max_length=200, blank=True)
    needs_buyer = models.BooleanField(default=False)
    customer = models.CharField(max_length=60, blank=True, default="")
    keeps_card = models.BooleanField(default=False)
    method = models.ForeignKey(SandboxMethod, null=True, on_delete=models.CASCADE, related_name="+")
    card = models.CharField(max_length=20, blank=True)
    charged_minor = models.BigIntegerField(default=0)
    answers_to_lose = models.SmallIntegerField(default=0)  # how many questions after this one are not answered
    errors_to_repeat = models.SmallIntegerField(default=0)  # how often asking for it again still answers 500
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class SandboxEvent(models.Model):
    id = models.CharField(primary_key=True, max_length=60)
    checkout = models.ForeignKey(SandboxCheckout, null=True, on_delete=models.CASCADE, related_name="events")
    subject = models.CharField(max_length=60, blank=True, default="")  # the id of what it tells of, when no checkout
    kind = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class SandboxRefund(models.Model):
    idempotency_key = models.CharField(max_length=200, unique=True)
    checkout = models.ForeignKey(SandboxCheckout, on_delete=models.CASCADE, related_name="refunds")
    amount_minor = models.BigIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.idempotency_key


class SandboxDispute(models.Model):
    id = models.CharField(primary_key=True, max_length=60)
    checkout = models.OneToOneField(SandboxCheckout, on_delete=models.CASCADE, related_name="dispute")
    amount_minor = models.BigIntegerField()
    status = models.CharField(max_length=8, default="open")  # open, won, lost
    evidence = models.TextField(blank=True)
    created_at = models.DateTimeField()
    answer_by = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class SandboxAccount(models.Model):
    """Where somebody's earnings go: one of the test banks, once it was chosen."""

    id = models.CharField(primary_key=True, max_length=60)
    merchant_reference = models.CharField(max_length=200, unique=True)
    return_url = models.CharField(max_length=500)
    bank = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.id


class SandboxTransfer(models.Model):
    id = models.CharField(primary_key=True, max_length=60)
    merchant_reference = models.CharField(max_length=200, unique=True)
    account = models.ForeignKey(SandboxAccount, on_delete=models.CASCADE)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=8, default="pending")  # pending, paid, returned
    reason = models.CharField(max_length=200, blank=True)
    answers_to_lose = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class SandboxMovement(models.Model):
    """A line of the account the gateway keeps for its merchant."""

    kind = models.CharField(max_length=8)  # charge, refund, dispute, fee, payout
    merchant_reference = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"txn_{self.pk}"
