"""Our adapter to Stripe."""

from collections.abc import Callable, Mapping
from datetime import datetime

import stripe
from django.conf import settings
from stripe.params.checkout import SessionCreateParams

from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import (
    Account,
    Checkout,
    Contest,
    MovementPage,
    Order,
    Setup,
    Transfer,
    Truth,
)
from footlights.payments.adapters.stripe import movements, sending, truths, webhooks
from footlights.payments.adapters.stripe.amounts import to_stripe
from footlights.payments.adapters.stripe.calls import asking, client
from footlights.payments.adapters.stripe.truths import OURS
from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError

INTENT_PARTS = ["latest_charge.balance_transaction", "latest_charge.refunds", "payment_method"]
SESSION_PARTS = [f"payment_intent.{part}" for part in INTENT_PARTS] + ["setup_intent.payment_method"]
PAGE = "cs_"  # how the ids of hosted pages begin
LOOKED_THROUGH = 100
GONE = "resource_missing"


class StripeGateway:
    name = "stripe"

    def open_customer(self, payer: str) -> str:
        with asking():
            customer = client().v1.customers.create(
                {"metadata": {"payer": payer}}, {"idempotency_key": f"customer:{payer}"}
            )
        return customer.id

    def open_checkout(self, order: Order) -> Checkout:
        """An error that Stripe repeats for the key is asked past: a page nobody has the address of takes no money."""
        params = _page(order)
        try:
            session = _open_page(params, f"checkout:{order.reference}")
        except GatewayUnreachableError as error:
            if not isinstance(error.__cause__, stripe.APIError):
                raise
            session = _open_page(params, f"checkout:{order.reference}:again")
        return truths.session_truth(session)

    def charge(self, order: Order) -> Checkout:
        minor = to_stripe(order.amount)
        try:
            with asking():
                intent = client().v1.payment_intents.create(
                    {
                        "amount": minor,
                        "currency": order.amount.currency.lower(),
                        "customer": order.customer_ref,
                        "payment_method": order.method_ref,
                        "description": order.description,
                        "metadata": {OURS: order.reference},
                        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                        "confirm": True,
                        "off_session": True,
                        "expand": [*INTENT_PARTS],
                    },
                    {"idempotency_key": f"charge:{order.reference}"},
                )
        except GatewayRefusedError as error:
            declined = self.find_checkout(order) if isinstance(error.__cause__, stripe.CardError) else None
            if declined is None:
                raise
            return declined
        return truths.intent_truth(intent)

    def find_checkout(self, order: Order) -> Checkout | None:
        """A charge is among its customer's newest. A page is not looked for: asking again with its key finds it."""
        if not order.method_ref:
            return None
        with asking():
            intents = client().v1.payment_intents.list({"customer": order.customer_ref, "limit": LOOKED_THROUGH})
        ours = [intent for intent in intents.data if truths.our_reference(intent.metadata) == order.reference]
        return self.fetch_checkout(ours[0].id) if ours else None

    def fetch_checkout(self, ref: str) -> Checkout:
        with asking():
            if ref.startswith(PAGE):
                session = client().v1.checkout.sessions.retrieve(ref, {"expand": [*SESSION_PARTS]})
                return truths.session_truth(session)
            return truths.intent_truth(client().v1.payment_intents.retrieve(ref, {"expand": [*INTENT_PARTS]}))

    def fetch_event(self, event_id: str) -> Truth | None:
        account, _, bare_id = event_id.rpartition(webhooks.BETWEEN)
        with asking():
            event = client().v1.events.retrieve(bare_id, None, {"stripe_account": account} if account else None)
        told = event.to_dict()["data"]["object"]
        fetch: dict[str, Callable[[str], Truth | None]] = {
            "checkout.session": self.fetch_setup if told.get("mode") == "setup" else self.fetch_checkout,
            "payment_intent": self._fetch_of_intent,
            "charge": lambda _: self._fetch_of_intent(told["payment_intent"]),
            "refund": lambda _: self._fetch_of_intent(told["payment_intent"]),
            "dispute": self._fetch_contest,
            "account": self.fetch_account,
            "payout": lambda ref: sending.fetch_of_payout(ref, account) if account else None,
        }
        kind = told["object"]
        return fetch[kind](told["id"]) if kind in fetch else None

    def expire_checkout(self, ref: str) -> Checkout:
        try:
            with asking():
                client().v1.checkout.sessions.expire(ref)
        except GatewayRefusedError:
            pass  # it was paid, or is over: the truth says which
        return self.fetch_checkout(ref)

    def refund(self, *, ref: str, key: str, amount: Money) -> Checkout:
        """What was asked under the key already is found among the refunds, also when its answer was an error."""
        before = self.fetch_checkout(ref)
        if key not in {given.key for given in before.refunds}:
            minor = to_stripe(amount)
            with asking():
                client().v1.refunds.create(
                    {"payment_intent": _intent_of(ref), "amount": minor, "metadata": {OURS: key}},
                    {"idempotency_key": f"refund:{key}"},
                )
        return self.fetch_checkout(ref)

    def open_setup(self, *, reference: str, customer_ref: str, return_path: str) -> Setup:
        session = _open_page(
            {
                "mode": "setup",
                "currency": settings.PLATFORM_CURRENCY.lower(),
                "customer": customer_ref,
                "client_reference_id": reference,
                "success_url": _address(return_path),
                "cancel_url": _address(return_path),
            },
            f"setup:{reference}",
        )
        return truths.setup_truth(session)

    def fetch_setup(self, ref: str) -> Setup:
        with asking():
            return truths.setup_truth(client().v1.checkout.sessions.retrieve(ref, {"expand": [*SESSION_PARTS]}))

    def forget_method(self, ref: str) -> None:
        try:
            with asking():
                client().v1.payment_methods.detach(ref)
        except GatewayRefusedError:
            pass  # it is not there, or belongs to nobody any more: forgotten already

    def fetch_contest(self, ref: str) -> Contest:
        """Raises GatewayRefusedError while a bank only asks: nothing is taken yet."""
        contest = self._fetch_contest(ref)
        if contest is None:
            raise GatewayRefusedError("The bank only asks.")
        return contest

    def list_contests(self, ref: str) -> tuple[Contest, ...]:
        with asking():
            found = client().v1.disputes.list(
                {"payment_intent": _intent_of(ref), "limit": LOOKED_THROUGH, "expand": ["data.payment_intent"]}
            )
        return tuple(contest for each in found.data if (contest := truths.contest_truth(each)))

    def answer_contest(self, *, ref: str, evidence: str) -> Contest:
        with asking():
            client().v1.disputes.update(
                ref,
                {"evidence": {"uncategorized_text": evidence}, "submit": True},
                {"idempotency_key": f"evidence:{ref}"},
            )
        return self.fetch_contest(ref)

    def open_account(self, *, reference: str, ref: str, return_path: str) -> Account:
        with asking():
            if ref:
                account = client().v1.accounts.retrieve(ref)
            else:
                account = client().v1.accounts.create(
                    {
                        "type": "express",
                        "capabilities": {"transfers": {"requested": True}},
                        "settings": {"payouts": {"schedule": {"interval": "manual"}}},
                        "metadata": {OURS: reference},
                    },
                    {"idempotency_key": f"account:{reference}"},
                )
            link = client().v1.account_links.create(
                {
                    "account": account.id,
                    "type": "account_onboarding",
                    "return_url": _address(return_path),
                    "refresh_url": _address(return_path),
                }
            )
        return truths.account_truth(account, hosted_url=link.url)

    def fetch_account(self, ref: str) -> Account:
        with asking():
            return truths.account_truth(client().v1.accounts.retrieve(ref))

    def send(self, *, reference: str, account_ref: str, amount: Money) -> Transfer:
        return sending.send(reference=reference, account_ref=account_ref, amount=amount)

    def find_transfer(self, *, reference: str, account_ref: str, asked_at: datetime) -> Transfer | None:  # noqa: ARG002
        return sending.find(reference=reference, account_ref=account_ref)

    def fetch_transfer(self, *, ref: str, account_ref: str) -> Transfer:
        return sending.fetch(ref=ref, account_ref=account_ref)

    def list_movements(self, *, since: datetime, until: datetime, after: str = "") -> MovementPage:
        return movements.list_page(since=since, until=until, after=after)

    def list_lacks(self) -> tuple[str, ...]:
        """A restricted key says what it lacks when that is tried: GatewayForbiddenError."""
        return ()

    def verify_webhook(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
        return webhooks.verify(headers=headers, body=body, at=at)

    def _fetch_of_intent(self, intent_id: str | None) -> Checkout | None:
        """By the page it was paid on, when there was one: that is how we know it."""
        if not intent_id:
            return None
        with asking():
            pages = client().v1.checkout.sessions.list({"payment_intent": intent_id, "limit": 1}).data
        return self.fetch_checkout(pages[0].id if pages else intent_id)

    def _fetch_contest(self, ref: str) -> Contest | None:
        with asking():
            return truths.contest_truth(client().v1.disputes.retrieve(ref, {"expand": ["payment_intent"]}))


def _page(order: Order) -> SessionCreateParams:
    params: SessionCreateParams = {
        "mode": "payment",
        "client_reference_id": order.reference,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.amount.currency.lower(),
                    "unit_amount": to_stripe(order.amount),
                    "product_data": {"name": order.description or order.reference},
                },
            }
        ],
        "payment_intent_data": {"metadata": {OURS: order.reference}},
        "success_url": _address(order.return_path),
        "cancel_url": _address(order.return_path),
    }
    if order.customer_ref:
        params["customer"] = order.customer_ref
    if order.saves_method:
        params["payment_intent_data"] = {"metadata": {OURS: order.reference}, "setup_future_usage": "off_session"}
    return params


def _open_page(params: SessionCreateParams, key: str) -> stripe.checkout.Session:
    with asking():
        return client().v1.checkout.sessions.create(params, {"idempotency_key": key})


def _intent_of(ref: str) -> str:
    if not ref.startswith(PAGE):
        return ref
    with asking():
        intent = client().v1.checkout.sessions.retrieve(ref).payment_intent
    return intent.id if isinstance(intent, stripe.PaymentIntent) else str(intent)


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
