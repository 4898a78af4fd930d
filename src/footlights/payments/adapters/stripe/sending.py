"""Earnings: onto a connected account, and from there to its holder's bank.

A transfer puts the money on the account, a payout sends it to the bank. What the bank does not take is brought back by
a reversal of the transfer. Accounts are opened with payouts by hand, so that no other payout mixes with ours.
"""

import stripe

from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import Transfer, TransferStatus
from footlights.payments.adapters.stripe.amounts import from_stripe, to_stripe
from footlights.payments.adapters.stripe.calls import asking, client
from footlights.payments.adapters.stripe.truths import OURS, our_reference
from footlights.payments.errors import GatewayRefusedError

NOT_THERE_YET = "balance_insufficient"  # what was transferred is not available for some days
LOOKED_THROUGH = 100


def send(*, reference: str, account_ref: str, amount: Money) -> Transfer:
    minor = to_stripe(amount)
    with asking():
        transfer = client().v1.transfers.create(
            {
                "amount": minor,
                "currency": amount.currency.lower(),
                "destination": account_ref,
                "transfer_group": reference,
                "metadata": {OURS: reference},
            },
            {"idempotency_key": f"transfer:{reference}"},
        )
    return _go_on(transfer, reference, account_ref)


def find(*, reference: str, account_ref: str) -> Transfer | None:
    with asking():
        transfers = client().v1.transfers.list({"transfer_group": reference, "limit": 1}).data
    return _go_on(transfers[0], reference, account_ref) if transfers else None


def fetch(*, ref: str, account_ref: str) -> Transfer:
    with asking():
        transfer = client().v1.transfers.retrieve(ref)
    return _go_on(transfer, our_reference(transfer.metadata), account_ref)


def fetch_of_payout(payout_id: str, account_ref: str) -> Transfer | None:
    """What an event about a payout tells of; None when it is not one of ours."""
    with asking():
        payout = client().v1.payouts.retrieve(payout_id, None, {"stripe_account": account_ref})
    reference = our_reference(payout.metadata)
    return find(reference=reference, account_ref=account_ref) if reference else None


def _go_on(transfer: stripe.Transfer, reference: str, account_ref: str) -> Transfer:
    """Where it is, having done what is left to do. Each step is done once, by its key."""
    amount = from_stripe(transfer.amount, transfer.currency)
    if transfer.reversed:
        return Transfer(transfer.id, reference, TransferStatus.RETURNED, amount, "The bank did not take it.")
    payout = _find_payout(reference, account_ref) or _pay_out(transfer, reference, account_ref)
    if payout is None or payout.status in {"pending", "in_transit"}:
        return Transfer(transfer.id, reference, TransferStatus.PENDING, amount)
    if payout.status == "paid":
        return Transfer(transfer.id, reference, TransferStatus.PAID, amount)
    with asking():
        client().v1.transfers.reversals.create(
            transfer.id, {"metadata": {OURS: reference}}, {"idempotency_key": f"reversal:{reference}"}
        )
    reason = payout.failure_message or "The bank did not take it."
    return Transfer(transfer.id, reference, TransferStatus.RETURNED, amount, reason)


def _find_payout(reference: str, account_ref: str) -> stripe.Payout | None:
    with asking():
        payouts = client().v1.payouts.list({"limit": LOOKED_THROUGH}, {"stripe_account": account_ref}).data
    return next((payout for payout in payouts if our_reference(payout.metadata) == reference), None)


def _pay_out(transfer: stripe.Transfer, reference: str, account_ref: str) -> stripe.Payout | None:
    try:
        with asking():
            return client().v1.payouts.create(
                {"amount": transfer.amount, "currency": transfer.currency, "metadata": {OURS: reference}},
                {"stripe_account": account_ref, "idempotency_key": f"payout:{reference}"},
            )
    except GatewayRefusedError as error:
        if isinstance(error.__cause__, stripe.StripeError) and error.__cause__.code == NOT_THERE_YET:
            return None
        raise
