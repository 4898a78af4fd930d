"""Payments for tests of this context and of others: pay on the sandbox gateway's page, and let its webhooks arrive."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from django.conf import settings
from django.test import Client

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of
from footlights.payments.api import Dispute, get_payment, sandbox
from footlights.payments.models import DisputeRow
from footlights.payments.operations.ask_about_disputes import ask_about_dispute
from footlights.payments.operations.find_unsettled import find_unsettled
from footlights.payments.operations.payout import settle_payout
from footlights.payments.operations.refund_payment import finish_refund
from footlights.payments.operations.settle_payment import settle_payment
from footlights.payments.operations.submit_evidence import send_evidence

FILMS = "media."  # what is uploaded beside need not be converted for a payment


def pay_with(card: str, hosted_url: str) -> None:
    """What the buyer's click on the hosted page does."""
    sandbox.pay(hosted_url.rpartition("/")[2], card=sandbox.CARDS[card], at=now())


@contextmanager
def webhooks_arrive() -> Iterator[list[int]]:
    """The sandbox gateway's webhooks reach our endpoint without a server; yields the answers they got."""
    answers: list[int] = []

    def post(url: str, *, content: bytes, headers: dict[str, str], **_: Any) -> httpx.Response:
        sent = {name: value for name, value in headers.items() if name != "content-type"}
        sent["host"] = urlsplit(settings.SITE_URL).netloc
        answer = Client().post(urlsplit(url).path, content, content_type="application/json", headers=sent)
        answers.append(answer.status_code)
        return httpx.Response(answer.status_code, request=httpx.Request("POST", url))

    with mock.patch.object(httpx, "post", post):
        yield answers


def make_dispute(payment_id: UUID, reason: str = "The buyer says that they did not buy this.") -> Dispute:
    """That a bank took a payment back, as if the gateway had told it; nothing is booked."""
    payment = get_payment(payment_id)
    row, _ = DisputeRow.objects.get_or_create(
        gateway=payment.gateway,
        gateway_ref=f"dp_{payment_id}",
        defaults={
            "payment_id": payment_id,
            "amount_minor": payment.amount.amount_minor,
            "currency": payment.amount.currency,
            "reason": reason,
            "opened_at": now(),
            "answer_by": now() + timedelta(days=7),
        },
    )
    return row.to_record()


def taken_by_gateway(currency: str, gateway: str = "sandbox") -> Money:
    """What a gateway took from buyers and holds, before what it keeps for itself, by the books."""
    return balance_of(f"gateway:{gateway}", currency) + balance_of(f"gatewaycost:{gateway}", currency)


def pay(card: str, hosted_url: str) -> None:
    """Pay, and let everything that follows from it happen."""
    pay_with(card, hosted_url)
    with webhooks_arrive():
        run_jobs(but=FILMS)


def choose_bank(bank: str, hosted_url: str) -> None:
    """Name a test bank on the gateway's page for payees, and let everything that follows from it happen."""
    sandbox.choose_bank(hosted_url.rpartition("/")[2], bank=bank, at=now())
    with webhooks_arrive():
        run_jobs(but=FILMS)


def settle_unknown(*, at: datetime) -> int:
    """What the sweep of that moment defers, here and now; returns how much it was."""
    found = find_unsettled(at=at)
    for payment_id in found.payments:
        settle_payment(payment_id=payment_id, at=at)
    for refund_id in found.refunds:
        finish_refund(refund_id=refund_id, at=at)
    for payout_id in found.payouts:
        settle_payout(payout_id=payout_id, at=at)
    for dispute_id in found.evidence:
        send_evidence(dispute_id=dispute_id, at=at)
    for dispute_id in found.disputes:
        ask_about_dispute(dispute_id=dispute_id, at=at)
    return sum(map(len, (found.payments, found.refunds, found.payouts, found.evidence, found.disputes)))
