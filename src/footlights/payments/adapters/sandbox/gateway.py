"""Our adapter to the sandbox gateway: its wire format in, our records out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.payments.adapters import signatures
from footlights.payments.adapters.gateway import (
    Account,
    Checkout,
    CheckoutStatus,
    Contest,
    ContestStatus,
    GivenBack,
    KeptMethod,
    Movement,
    MovementKind,
    MovementPage,
    Order,
    Setup,
    SetupStatus,
    Transfer,
    TransferStatus,
    Truth,
)
from footlights.payments.adapters.sandbox import disputes, errors, movements, payouts, service
from footlights.payments.adapters.sandbox.secret import webhook_secret
from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError

REFUND = "refund:"
Given = TypeVar("Given")


class SandboxGateway:
    name = "sandbox"

    def open_customer(self, payer: str) -> str:
        return f"cus_{payer}"

    def open_checkout(self, order: Order) -> Checkout:
        answer = _ask(
            lambda: service.create_checkout(
                merchant_reference=order.reference,
                amount_minor=order.amount.amount_minor,
                currency=order.amount.currency,
                description=order.description,
                return_url=order.return_path,
                customer=order.customer_ref,
                keeps_card=order.saves_method,
                at=now(),
            )
        )
        return _to_checkout(answer)

    def charge(self, order: Order) -> Checkout:
        answer = _ask(
            lambda: service.create_charge(
                merchant_reference=order.reference,
                amount_minor=order.amount.amount_minor,
                currency=order.amount.currency,
                description=order.description,
                method_id=order.method_ref,
                at=now(),
            )
        )
        return _to_checkout(answer)

    def find_checkout(self, order: Order) -> Checkout | None:
        answer = _ask(lambda: service.find_checkout(order.reference, at=now()))
        return _to_checkout(answer) if answer else None

    def fetch_checkout(self, ref: str) -> Checkout:
        return _to_checkout(_ask(lambda: service.retrieve_checkout(ref, at=now())))

    def fetch_event(self, event_id: str) -> Truth | None:
        kind, subject = _ask(lambda: service.retrieve_event(event_id))
        fetch: dict[str, Callable[[str], Truth]] = {
            "keep": self.fetch_setup,
            "dispute": self.fetch_contest,
            "account": self.fetch_account,
            "transfer": lambda ref: self.fetch_transfer(ref=ref, account_ref=""),
        }
        return fetch.get(kind, self.fetch_checkout)(subject)

    def expire_checkout(self, ref: str) -> Checkout:
        return _to_checkout(_ask(lambda: service.expire_checkout(ref)))

    def refund(self, *, ref: str, key: str, amount: Money) -> Checkout:
        answer = _ask(
            lambda: service.create_refund(
                checkout_id=ref, amount_minor=amount.amount_minor, idempotency_key=f"{REFUND}{key}", at=now()
            )
        )
        return _to_checkout(answer)

    def open_setup(self, *, reference: str, customer_ref: str, return_path: str) -> Setup:
        answer = _ask(
            lambda: service.create_checkout(
                merchant_reference=reference, mode="keep", customer=customer_ref, return_url=return_path, at=now()
            )
        )
        return _to_setup(answer)

    def fetch_setup(self, ref: str) -> Setup:
        return _to_setup(_ask(lambda: service.retrieve_checkout(ref, at=now())))

    def forget_method(self, ref: str) -> None:
        _ask(lambda: service.detach_method(ref, at=now()))

    def fetch_contest(self, ref: str) -> Contest:
        return _to_contest(_ask(lambda: disputes.retrieve_dispute(ref)))

    def list_contests(self, ref: str) -> tuple[Contest, ...]:
        return tuple(_to_contest(each) for each in _ask(lambda: disputes.list_disputes(ref)))

    def answer_contest(self, *, ref: str, evidence: str) -> Contest:
        return _to_contest(_ask(lambda: disputes.answer_dispute(ref, evidence=evidence, at=now())))

    def open_account(self, *, reference: str, ref: str, return_path: str) -> Account:  # noqa: ARG002  the reference finds it
        return _to_account(_ask(lambda: payouts.create_account(merchant_reference=reference, return_url=return_path)))

    def fetch_account(self, ref: str) -> Account:
        return _to_account(_ask(lambda: payouts.retrieve_account(ref)))

    def send(self, *, reference: str, account_ref: str, amount: Money) -> Transfer:
        return _to_transfer(
            _ask(
                lambda: payouts.create_transfer(
                    merchant_reference=reference,
                    account_id=account_ref,
                    amount_minor=amount.amount_minor,
                    currency=amount.currency,
                    at=now(),
                )
            )
        )

    def find_transfer(self, *, reference: str, account_ref: str, asked_at: datetime) -> Transfer | None:  # noqa: ARG002  the reference finds it
        answer = _ask(lambda: payouts.find_transfer(reference))
        return _to_transfer(answer) if answer else None

    def fetch_transfer(self, *, ref: str, account_ref: str) -> Transfer:  # noqa: ARG002  the id finds it
        return _to_transfer(_ask(lambda: payouts.retrieve_transfer(ref)))

    def list_movements(self, *, since: datetime, until: datetime, after: str = "") -> MovementPage:
        answer = _ask(lambda: movements.list_movements(since=since, until=until, after=after))
        return MovementPage(tuple(_to_movement(line) for line in answer["data"]), answer["after"])

    def list_lacks(self) -> tuple[str, ...]:
        return ()

    def verify_webhook(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
        return signatures.verify(secret=webhook_secret(), headers=headers, body=body, at=at)


def _ask(question: Callable[[], Given]) -> Given:
    try:
        return question()
    except errors.NoAnswerError as error:
        raise GatewayUnreachableError(
            "The payment service does not answer. Nothing is lost; try again in a moment."
        ) from error
    except errors.NoSuchThingError as error:
        raise GatewayRefusedError(f"The payment service does not know {error}.") from error
    except errors.NotPossibleError as error:
        raise GatewayRefusedError(f"The payment service refuses: {error}.") from error


def _to_checkout(answer: service.Answer) -> Checkout:
    currency = answer["currency"]
    return Checkout(
        ref=answer["id"],
        reference=answer["merchant_reference"],
        hosted_url=answer["url"],
        status=CheckoutStatus(answer["status"]),
        amount=Money(answer["amount_minor"], currency),
        reason=answer["reason"],
        needs_buyer=answer["needs_buyer"],
        cost=None if answer["cost_minor"] is None else Money(answer["cost_minor"], currency),
        refunds=tuple(
            GivenBack(
                ref=refund["id"],
                key=refund["idempotency_key"].removeprefix(REFUND),
                amount=Money(refund["amount_minor"], currency),
            )
            for refund in answer["refunds"]
        ),
        method=_to_method(answer),
        fingerprint=answer["fingerprint"],
    )


def _to_setup(answer: service.Answer) -> Setup:
    status = {"open": SetupStatus.OPEN, "kept": SetupStatus.SAVED}.get(answer["status"], SetupStatus.FAILED)
    return Setup(
        ref=answer["id"],
        reference=answer["merchant_reference"],
        hosted_url=answer["url"],
        status=status,
        method=_to_method(answer),
    )


def _to_method(answer: service.Answer) -> KeptMethod | None:
    kept = answer["method"]
    return KeptMethod(kept["id"], kept["label"], kept["brand"], kept["last4"], kept["expires_on"]) if kept else None


def _to_contest(answer: service.Answer) -> Contest:
    return Contest(
        ref=answer["id"],
        reference=answer["merchant_reference"],
        status=ContestStatus(answer["status"]),
        amount=Money(answer["amount_minor"], answer["currency"]),
        reason=answer["reason"],
        fee=Money(answer["fee_minor"], answer["currency"]),
        answer_by=answer["answer_by"],
    )


def _to_account(answer: service.Answer) -> Account:
    return Account(
        ref=answer["id"],
        reference=answer["merchant_reference"],
        hosted_url=answer["url"],
        is_ready=answer["is_ready"],
        label=answer["label"],
    )


def _to_transfer(answer: service.Answer) -> Transfer:
    return Transfer(
        ref=answer["id"],
        reference=answer["merchant_reference"],
        status=TransferStatus(answer["status"]),
        amount=Money(answer["amount_minor"], answer["currency"]),
        reason=answer["reason"],
        cost=Money(answer["cost_minor"], answer["currency"]) or None,
    )


def _to_movement(line: service.Answer) -> Movement:
    return Movement(
        ref=line["id"],
        kind=MovementKind(line["kind"]),
        reference=line["merchant_reference"],
        amount=Money(line["amount_minor"], line["currency"]),
        at=line["created_at"],
    )
