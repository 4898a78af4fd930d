"""A broadcast with tickets is cancelled, and whoever gives the money back is killed again and again: everybody has it once.

Each worker goes one step further than the one before it was killed; the next one begins with what that one held.
"""

from collections.abc import Iterator

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.faults.test_payments_interrupted import is_killed_before

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.ledger.api import list_balances
from footlights.ledger.models import Journal
from footlights.live.api import end_broadcast
from footlights.live.testing import make_broadcast, make_ticket
from footlights.monetization.api import Choice, buy_title, find_ticket_offer
from footlights.monetization.models import EntitlementRow, PurchaseRow
from footlights.monetization.testing import make_house_coupon_of
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxRefund
from footlights.payments.testing import pay, pay_with, webhooks_arrive

pytestmark = pytest.mark.django_db(transaction=True)
KILLS_MAX = 60
WORK = ("monetization", "payments")


@pytest.fixture(autouse=True)
def _gateway() -> Iterator[None]:
    with webhooks_arrive():
        yield


def work() -> None:
    """What a worker does, one job after the other: it holds each while it runs."""
    while job := _next():
        ProcrastinateJob.objects.filter(pk=job.pk).update(status="doing")
        app.tasks[job.task_name].func(**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")


def _next() -> ProcrastinateJob | None:
    jobs = ProcrastinateJob.objects.filter(status="todo", scheduled_at=None).order_by("id")
    return next((job for job in jobs if job.task_name.startswith(WORK)), None)


def take_over() -> None:
    """What the dead worker held is anybody's again."""
    ProcrastinateJob.objects.filter(status="doing").update(status="todo")


def buy(show, *, coupon: str = "", unheard: bool = False):
    viewer, offer = make_person(), find_ticket_offer(show.id)
    asked = {"viewer_id": viewer.id, "offer_id": offer.id, "idempotency_key": "k", "at": now()}
    bought = buy_title(**asked, choice=Choice(coupon=coupon))
    (pay_with if unheard else pay)("paid", bought.hosted_url)
    return bought


@pytest.mark.parametrize("first", [1, 3, 8], ids=lambda first: f"from step {first}")
def test_who_gives_tickets_back_is_killed_again_and_again_and_everybody_has_their_money_once(first) -> None:
    channel = make_channel(make_person())
    show = make_broadcast(channel, ticket=make_ticket())
    make_house_coupon_of(make_person(is_staff=True))
    tickets = [buy(show), buy(show, coupon="house"), buy(show, unheard=True)]
    unpaid = buy_title(
        viewer_id=make_person().id, offer_id=find_ticket_offer(show.id).id, idempotency_key="k", at=now()
    )

    def cancel_and_give_back() -> None:
        end_broadcast(broadcast_id=show.id, editor_id=channel.owner_id, at=now())
        work()

    kills = 0
    while is_killed_before(first + kills, cancel_and_give_back):
        kills += 1
        assert kills < KILLS_MAX
        take_over()
        given_back(tickets, at_most=True)
    assert kills > 5, "it was killed in the middle, and more than once"
    given_back(tickets, at_most=False)
    for ticket in tickets:
        row = PurchaseRow.objects.get(pk=ticket.id)
        assert (row.state, row.refunded_minor) == ("refunded", row.amount_minor)
        assert EntitlementRow.objects.get(purchase=row).revoked_at
        assert Journal.objects.filter(cause__startswith=f"purchase:{ticket.id}:paid:refunded").count() == 1
    assert PurchaseRow.objects.get(pk=unpaid.id).state == "declined"
    kept = {each.account: each.amount.amount_minor for each in list_balances() if each.amount}
    assert {account for account in kept if not account.startswith("gateway")} == set()
    assert sum(kept.values()) == 0


def given_back(tickets, *, at_most: bool) -> None:
    """What the gateway really sent: one refund of all of it; while workers die, none or that one."""
    for ticket in tickets:
        checkout = SandboxCheckout.objects.get(merchant_reference=str(ticket.payment_id))
        sent = list(SandboxRefund.objects.filter(checkout=checkout).values_list("amount_minor", flat=True))
        whole = [ticket.price.amount_minor]
        assert sent in ([], whole) if at_most else sent == whole
