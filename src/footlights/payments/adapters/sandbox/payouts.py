"""Where earnings go at the sandbox gateway, and what it sends there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from footlights.kernel.ids import new_token
from footlights.kernel.money import Money
from footlights.payments.adapters.sandbox.banks import BANKS
from footlights.payments.adapters.sandbox.errors import NoAnswerError, NoSuchThingError, NotPossibleError
from footlights.payments.adapters.sandbox.models import SandboxAccount, SandboxTransfer
from footlights.payments.adapters.sandbox.movements import cost_of, note_movement, sending_cost_minor
from footlights.payments.adapters.sandbox.outcomes import announce_other


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What the receiver of earnings sees."""

    id: str
    bank: str
    return_url: str


def find_account_page(account_id: str) -> AccountPage | None:
    account = SandboxAccount.objects.filter(pk=account_id).first()
    return AccountPage(account.pk, account.bank, account.return_url) if account else None


def choose_bank(account_id: str, *, bank: str, at: datetime) -> None:
    """Say where the earnings go; the first word counts."""
    with transaction.atomic():
        if SandboxAccount.objects.filter(pk=account_id, bank="").update(bank=bank):
            announce_other(account_id, "account.ready", at)


def create_account(*, merchant_reference: str, return_url: str) -> dict[str, Any]:
    account, _ = SandboxAccount.objects.get_or_create(
        merchant_reference=merchant_reference, defaults={"id": f"acct_{new_token()}", "return_url": return_url}
    )
    return _account(account)


def retrieve_account(account_id: str) -> dict[str, Any]:
    account = SandboxAccount.objects.filter(pk=account_id).first()
    if account is None:
        raise NoSuchThingError(account_id)
    return _account(account)


def create_transfer(
    *, merchant_reference: str, account_id: str, amount_minor: int, currency: str, at: datetime
) -> dict[str, Any]:
    """Send money, once for each reference. The bank's answer comes later."""
    with transaction.atomic():
        account = SandboxAccount.objects.filter(pk=account_id).first()
        if account is None:
            raise NoSuchThingError(account_id)
        if not account.bank:
            raise NotPossibleError("nobody has said where this goes")
        bank = BANKS[account.bank]
        transfer, is_new = SandboxTransfer.objects.get_or_create(
            merchant_reference=merchant_reference,
            defaults={
                "id": f"po_{new_token()}",
                "account": account,
                "amount_minor": amount_minor,
                "currency": currency,
                "answers_to_lose": bank.answers_to_lose,
                "created_at": at,
            },
        )
        if is_new:
            note_movement("payout", merchant_reference, Money(-amount_minor, currency), at)
            if cost_minor := sending_cost_minor(currency):
                note_movement("fee", merchant_reference, Money(-cost_minor, currency), at)
            _schedule(transfer, at)
    return _answer(transfer)


def find_transfer(merchant_reference: str) -> dict[str, Any] | None:
    transfer = SandboxTransfer.objects.filter(merchant_reference=merchant_reference).first()
    return _answer(transfer) if transfer else None


def retrieve_transfer(transfer_id: str) -> dict[str, Any]:
    transfer = SandboxTransfer.objects.filter(pk=transfer_id).first()
    if transfer is None:
        raise NoSuchThingError(transfer_id)
    return _answer(transfer)


def settle(transfer_id: str, *, status: str, at: datetime) -> None:
    """What the receiver's bank did with it."""
    with transaction.atomic():
        reason = "The bank account was closed." if status == "returned" else ""
        transfers = SandboxTransfer.objects.filter(pk=transfer_id).exclude(status__in=[status, "returned"])
        if transfers.update(status=status, reason=reason):
            if status == "returned":
                transfer = SandboxTransfer.objects.get(pk=transfer_id)
                came_back = Money(transfer.amount_minor, transfer.currency)
                note_movement("payout", transfer.merchant_reference, came_back, at)
            announce_other(transfer_id, f"transfer.{status}", at)


def _schedule(transfer: SandboxTransfer, at: datetime) -> None:
    from footlights.payments.adapters.sandbox.jobs import settle_transfer  # noqa: PLC0415  jobs.py imports this module

    bank = BANKS[transfer.account.bank]
    for status, delay in (("paid", bank.pays_after), ("returned", bank.returns_after)):
        if delay is not None:
            settle_transfer.configure(schedule_at=at + delay).defer(transfer_id=transfer.pk, status=status)


def _account(account: SandboxAccount) -> dict[str, Any]:
    return {
        "id": account.pk,
        "merchant_reference": account.merchant_reference,
        "url": f"/sandbox-gateway/payouts/{account.pk}",
        "is_ready": bool(account.bank),
        "label": f"Test bank •••• {BANKS[account.bank].last4}" if account.bank else "",
    }


def _answer(transfer: SandboxTransfer) -> dict[str, Any]:
    if transfer.answers_to_lose:
        SandboxTransfer.objects.filter(pk=transfer.pk).update(answers_to_lose=transfer.answers_to_lose - 1)
        raise NoAnswerError(transfer.pk)
    return {
        "id": transfer.pk,
        "merchant_reference": transfer.merchant_reference,
        "status": transfer.status,
        "amount_minor": transfer.amount_minor,
        "currency": transfer.currency,
        "cost_minor": cost_of(transfer.merchant_reference),
        "reason": transfer.reason,
    }
