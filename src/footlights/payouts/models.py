"""Destinations, payouts and holds. Payees are accounts of the ledger here, never names; a bank's numbers stay there."""

from typing import ClassVar

from django.db import models

from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.payouts.policies import OVER
from footlights.payouts.records import Destination, Hold, Payout, PayoutState

IS_CURRENT = models.Q(retired_at__isnull=True)
IS_KEPT = models.Q(released_at__isnull=True)


class PayeeRow(models.Model):
    """Locked while a payout of this account and currency is worked out, so that two never take the same money."""

    account = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "payouts_payee"
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "currency"], name="payouts_payee_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.currency}"


class DestinationRow(models.Model):
    """Written once; another one retires it. Its id is that of payments, which knows the bank."""

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.CharField(max_length=80)
    label = models.CharField(max_length=80)
    set_at = models.DateTimeField()
    usable_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payouts_destination"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account"], condition=IS_CURRENT, name="payouts_destination_one"),
            models.CheckConstraint(
                condition=models.Q(usable_from__gte=models.F("set_at")), name="payouts_destination_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.label}"

    def to_record(self) -> Destination:
        return Destination(
            id=self.id, account=self.account, label=self.label, set_at=self.set_at, usable_from=self.usable_from
        )


class PayoutRow(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    period = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=[(state, state) for state in PayoutState])
    reason = models.CharField(max_length=300, blank=True)
    destination = models.ForeignKey(DestinationRow, on_delete=models.PROTECT, related_name="payouts")
    asked_by = models.UUIDField(null=True)  # nobody: the schedule
    decided_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    state_at = models.DateTimeField()

    class Meta:
        db_table = "payouts_payout"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "currency", "period"],
                condition=~models.Q(state__in=sorted(OVER)),
                name="payouts_payout_one_a_period",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0, amount_minor__lte=MAX_AMOUNT_MINOR), name="payouts_payout_amount"
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(PayoutState)), name="payouts_payout_state"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(asked_by__isnull=True)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="payouts_payout_two_people",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="payouts_payout_of"),
            models.Index(
                fields=["state_at"],
                condition=models.Q(state__in=[PayoutState.ASKED, PayoutState.WAITING]),
                name="payouts_payout_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.period}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def to_record(self) -> Payout:
        return Payout(
            id=self.id,
            account=self.account,
            amount=self.amount,
            period=self.period,
            state=PayoutState(self.state),
            reason=self.reason,
            destination_label=self.destination.label,
            asked_by=self.asked_by,
            decided_by=self.decided_by,
            created_at=self.created_at,
            state_at=self.state_at,
        )


class HoldRow(models.Model):
    """Money that stays until somebody, or what placed the hold, lets it go. `cause` is its idempotency key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cause = models.CharField(max_length=200, unique=True)
    account = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=300)
    placed_by = models.UUIDField(null=True)
    placed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    let_go_by = models.UUIDField(null=True)  # the person who released it, when it was one

    class Meta:
        db_table = "payouts_hold"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0, amount_minor__lte=MAX_AMOUNT_MINOR), name="payouts_hold_amount"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["account", "currency"], condition=IS_KEPT, name="payouts_hold_of")]

    def __str__(self) -> str:
        return self.cause

    def to_record(self) -> Hold:
        return Hold(
            id=self.id,
            account=self.account,
            amount=Money(self.amount_minor, self.currency),
            reason=self.reason,
            since=self.placed_at,
        )


class RunRow(models.Model):
    """That the schedule's payouts of a period were begun; unfinished, they are gone through again."""

    period = models.CharField(max_length=20, unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payouts_run"

    def __str__(self) -> str:
        return self.period
