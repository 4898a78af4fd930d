"""Earnings leave the house: a bank is named, days pass, money is asked for, arrives, or comes back."""

from datetime import timedelta

import pytest

from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of, list_balances
from footlights.monetization.api import refund_purchase
from footlights.monetization.testing import make_sale
from footlights.payments.testing import choose_bank, webhooks_arrive
from footlights.payouts import api
from footlights.payouts.jobs import run
from footlights.payouts.models import DestinationRow
from footlights.payouts.testing import earn

pytestmark = pytest.mark.django_db


@pytest.fixture
def go_on(monkeypatch):
    """Let a minute and a half pass at the gateway, and what follows from it happen here."""

    def go() -> None:
        with webhooks_arrive():
            run_jobs()
        moment = now() + timedelta(seconds=90)
        monkeypatch.setattr("footlights.payments.adapters.sandbox.gateway.now", lambda: moment)
        with webhooks_arrive():
            run_jobs(until=moment)

    return go


def asked_for(creator, channel, bank):
    """90.00 EUR of long ago, asked for after the destination's days."""
    earn(channel.id, Money(9_000, "EUR"), at=now() - timedelta(days=30))
    account = named(creator, channel, bank)
    return account, api.request_payout(account=account, currency="EUR", asked_by=creator.pk, at=now())


def named(creator, channel, bank):
    account = api.creator_account(channel.id)
    page = api.begin_destination(
        account=account, by_id=creator.pk, return_path="/studio/money/payouts", idempotency_key="k", at=now()
    )
    choose_bank(bank, page)
    long_ago = now() - timedelta(days=4)
    DestinationRow.objects.update(set_at=long_ago, usable_from=long_ago + timedelta(hours=72))
    return account


def balances():
    """Before what the gateway asked for sending it."""
    found = {each.account: each.amount.amount_minor for each in list_balances()}
    found["gateway:sandbox"] += found.pop("gatewaycost:sandbox", 0)
    return {account: minor for account, minor in found.items() if minor}


def test_earnings_arrive_at_the_bank_and_the_books_follow(creator, channel, go_on):
    account, payout = asked_for(creator, channel, "pays")
    assert balances() == {"gateway:sandbox": 9_000, "payout:due": -9_000}
    go_on()
    assert api.get_payout(payout.id).state == "paid"
    assert balances() == {}
    assert api.standing_of(account, "EUR", now()).balance == Money(0, "EUR")


@pytest.mark.parametrize("bank", ["returns", "refuses"])
def test_what_comes_back_is_the_creators_again(creator, channel, go_on, bank):
    account, payout = asked_for(creator, channel, bank)
    go_on()
    returned = api.get_payout(payout.id)
    assert returned.state == "returned"
    assert returned.reason
    assert balances() == {"gateway:sandbox": 9_000, account: -9_000}
    again = api.request_payout(account=account, currency="EUR", asked_by=creator.pk, at=now())
    assert again.amount == Money(9_000, "EUR")


def test_a_lost_job_is_sent_by_the_next_run(creator, channel, go_on):
    _account, payout = asked_for(creator, channel, "pays")
    later = now() + timedelta(minutes=31)
    run.func(timestamp=int(later.timestamp()))
    go_on()
    assert api.get_payout(payout.id).state == "paid"
    assert balance_of("payout:due", "EUR") == Money(0, "EUR")


@pytest.mark.parametrize(("currency", "unit"), [("EUR", 100), ("JPY", 1), ("ISK", 1), ("KWD", 1_000)])
def test_a_sale_given_back_after_it_was_paid_out_is_owed_until_new_sales_cover_it(
    creator, channel, stranger, go_on, currency, unit
):
    def money(units: int) -> Money:
        return Money(units * unit, currency)

    def ask(at):
        return api.request_payout(account=account, currency=currency, asked_by=creator.pk, at=at).amount

    title, account = make_title(channel), named(creator, channel, "pays")
    sold, later = make_sale(title, stranger, money(1_000)), now() + timedelta(days=30)
    assert ask(later) == money(900)
    go_on()
    refund_purchase(purchase_id=sold.id, by_id=creator.pk, idempotency_key="r", at=now())
    go_on()
    assert balance_of(account, currency) == money(900)  # owed
    assert balances() == {account: 900 * unit, "gateway:sandbox": -900 * unit}
    with pytest.raises(api.NothingToPayOutError):
        ask(later + timedelta(days=1))
    make_sale(make_title(channel), stranger, money(1_500))
    assert ask(later + timedelta(days=1)) == money(450)
    assert balances() == {"gateway:sandbox": 600 * unit, "payout:due": -450 * unit, "platform:fees": -150 * unit}
