"""Ways of paying that people let a gateway keep: our name for each, and what its holder knows it by."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.sealed_text import IndexOf, SealedTextField
from footlights.payments.records import Method, MethodSetup, SetupState


class CustomerRow(models.Model):
    """One who pays, and what a gateway calls them."""

    payer_id = models.UUIDField()
    gateway = models.CharField(max_length=40)
    gateway_ref = SealedTextField()

    class Meta:
        db_table = "payments_customer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payer_id", "gateway"], name="payments_customer_once"),
        ]

    def __str__(self) -> str:
        return str(self.gateway_ref)


class MethodRow(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payer_id = models.UUIDField()
    gateway = models.CharField(max_length=40)
    gateway_ref = SealedTextField()
    customer_ref = SealedTextField()
    label = models.CharField(max_length=100)
    brand = models.CharField(max_length=40, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires_on = models.DateField(null=True)
    is_default = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_method"
        constraints: ClassVar = [
            models.UniqueConstraint("gateway", IndexOf("gateway_ref"), name="payments_method_once"),
            models.UniqueConstraint(
                fields=["payer_id"], condition=models.Q(is_default=True), name="payments_method_one_default"
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False) | models.Q(forgotten_at=None),
                name="payments_method_default_is_kept",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["payer_id"], condition=models.Q(forgotten_at=None), name="payments_method_of_payer")
        ]

    def __str__(self) -> str:
        return self.label

    def to_record(self) -> Method:
        return Method(
            id=self.id,
            payer_id=self.payer_id,
            label=self.label,
            brand=self.brand,
            last4=self.last4,
            expires=self.expires_on,
            is_default=self.is_default,
        )


class SetupRow(models.Model):
    """A hosted page on which a way of paying is kept, and nothing is paid."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payer_id = models.UUIDField()
    idempotency_key = models.CharField(max_length=200, unique=True)
    return_path = models.CharField(max_length=500)
    gateway = models.CharField(max_length=40)
    gateway_ref = SealedTextField(blank=True, default="")
    hosted_url = SealedTextField(blank=True, default="")
    state = models.CharField(max_length=8, choices=[(state, state) for state in SetupState], default=SetupState.OPENING)
    method = models.ForeignKey(MethodRow, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "payments_setup"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=list(SetupState)), name="payments_setup_state"),
        ]

    def __str__(self) -> str:
        return self.idempotency_key

    def to_record(self) -> MethodSetup:
        return MethodSetup(
            id=self.id,
            payer_id=self.payer_id,
            state=SetupState(self.state),
            hosted_url=self.hosted_url,
            method_id=self.method_id,
        )
