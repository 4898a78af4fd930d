"""Earnings: payees come through PayPal's page once, and what they earned is sent to the account they named there.

Source: https://developer.paypal.com/docs/multiparty/seller-onboarding/ and
https://developer.paypal.com/api/payments.payouts-batch/v1/. A payout is a batch of one; its `sender_batch_id` is our
reference, which PayPal takes once within thirty days. Asked again it names the batch it took.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import Account, Movement, MovementKind, Transfer, TransferStatus
from footlights.payments.adapters.paypal import calls, movements, truths
from footlights.payments.adapters.paypal.amounts import written
from footlights.payments.adapters.paypal.calls import NOT_FOUND, PayPalRefusedError, links_of
from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError

NAMES_IT_FOR = timedelta(days=29)  # less a day, as clocks differ
SINCE = "@"  # a payout that was found in the account is named by our reference, and when it was asked for
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


def find_in_account(reference: str, *, since: datetime) -> Transfer | None:
    """By the lines of PayPal's account, when its batch cannot be asked for by our name any more.

    What was not claimed within a month has come back, as a line of its own.
    """
    lines, after = list[Movement](), ""
    while True:
        page = movements.list_page(since=since - timedelta(days=1), until=now(), after=after)
        lines += [each for each in page.movements if (each.reference, each.kind) == (reference, MovementKind.PAYOUT)]
        if not (after := page.after):
            break
    if not lines:
        return None
    minor = [each.amount.amount_minor for each in lines]
    came_back = not sum(minor)
    return Transfer(
        ref=f"{reference}{SINCE}{since.astimezone(UTC):%Y-%m-%d}",
        reference=reference,
        status=TransferStatus.RETURNED if came_back else TransferStatus.PAID,
        amount=Money(max(map(abs, minor)), lines[0].amount.currency),
        reason="The account did not take it." if came_back else "",
    )


def fetch(ref: str) -> Transfer:
    """Raises GatewayRefusedError when PayPal knows nothing of it."""
    reference, _, day = ref.partition(SINCE)
    if day:
        found = find_in_account(reference, since=datetime.fromisoformat(day).replace(tzinfo=UTC))
        if found is None:
            raise GatewayUnreachableError("PayPal's account does not show this payout now.")
        return found
    return truths.transfer_truth(calls.get(f"{PAYOUTS}/{ref}"))


def _batch_in(error: PayPalRefusedError) -> str | None:
    """The batch that was taken under this reference before."""
    named = [href for href in error.links.values() if f"{PAYOUTS}/" in href]
    return named[0].rpartition("/")[2] if TAKEN_BEFORE in error.issues and named else None
