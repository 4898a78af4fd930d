"""Earnings: payees come through PayPal's page once, and what they earned is sent to the account they named there.

Source: https://developer.paypal.com/docs/multiparty/seller-onboarding/ and
https://developer.paypal.com/api/payments.payouts-batch/v1/. A payout is a batch of one; its `sender_batch_id` is our
reference, which PayPal takes once. Asked again it names the batch it took.
"""

from typing import Any

from django.conf import settings

from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import Account, Transfer
from footlights.payments.adapters.paypal import calls, truths
from footlights.payments.adapters.paypal.amounts import written
from footlights.payments.adapters.paypal.calls import NOT_FOUND, PayPalRefusedError, links_of
from footlights.payments.errors import GatewayRefusedError

TAKEN_BEFORE = "USER_BUSINESS_ERROR"
PAYOUTS = "/v1/payments/payouts"


def open_account(*, reference: str, return_path: str) -> Account:
    """The page is PayPal's; its address is asked for anew whenever its holder goes there."""
    asked = {
        "tracking_id": reference,
        "partner_config_override": {"return_url": f"{settings.SITE_URL}{return_path}"},
        "operations": [
            {
                "operation": "API_INTEGRATION",
                "api_integration_preference": {
                    "rest_api_integration": {
                        "integration_method": "PAYPAL",
                        "integration_type": "THIRD_PARTY",
                        "third_party_details": {"features": ["ACCESS_MERCHANT_INFORMATION"]},
                    }
                },
            }
        ],
        "products": ["EXPRESS_CHECKOUT"],
        "legal_consents": [{"type": "SHARE_DATA_CONSENT", "granted": True}],
    }
    referral = calls.post("/v2/customer/partner-referrals", asked)
    return truths.account_truth(reference, find_seller(reference), links_of(referral).get("action_url", ""))


def fetch_account(reference: str) -> Account:
    """Raises GatewayRefusedError while nobody came through the page: PayPal knows of no such payee."""
    seller = find_seller(reference)
    if seller is None:
        raise GatewayRefusedError("PayPal knows no such payee.")
    return truths.account_truth(reference, seller)


def find_seller(reference: str) -> dict[str, Any] | None:
    sellers = f"/v1/customer/partners/{settings.PAYPAL_PARTNER_ID}/merchant-integrations"
    try:
        merchant = calls.get(sellers, tracking_id=reference).get("merchant_id")
        return calls.get(f"{sellers}/{merchant}") if merchant else None
    except PayPalRefusedError as error:
        if error.status != NOT_FOUND:
            raise
        return None


def send(*, reference: str, account_ref: str, amount: Money) -> Transfer:
    value = written(amount)
    seller = find_seller(account_ref)
    if seller is None:
        raise GatewayRefusedError("PayPal knows no such payee.")
    asked = {
        "sender_batch_header": {"sender_batch_id": reference, "recipient_type": "PAYPAL_ID"},
        "items": [
            {
                "recipient_type": "PAYPAL_ID",
                "receiver": seller["merchant_id"],
                "amount": {"currency": amount.currency, "value": value},
                "sender_item_id": reference,
            }
        ],
    }
    try:
        batch = calls.post(PAYOUTS, asked, key=f"payout:{reference}")
    except PayPalRefusedError as error:
        before = _batch_in(error)
        if before is None:
            raise
        return fetch(before)
    return fetch(str(batch["batch_header"]["payout_batch_id"]))


def fetch(ref: str) -> Transfer:
    return truths.transfer_truth(calls.get(f"{PAYOUTS}/{ref}"))


def _batch_in(error: PayPalRefusedError) -> str | None:
    """The batch that was taken under this reference before."""
    named = [href for href in error.links.values() if f"{PAYOUTS}/" in href]
    return named[0].rpartition("/")[2] if TAKEN_BEFORE in error.issues and named else None
