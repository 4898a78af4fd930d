"""The schedule: once a period, whoever else runs, whatever dies."""

from datetime import timedelta

import pytest
from django.db import connection

from footlights.catalog.testing import make_channel
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of
from footlights.ledger.tests.test_concurrency import at_once
from footlights.payouts import api
from footlights.payouts.models import PayoutRow, RunRow
from footlights.payouts.operations import run_payouts as running
from footlights.payouts.testing import earn
from footlights.payouts.tests.conftest import AT, an_account
from footlights.payouts.tests.test_request_payout import decide
from footlights.terms.api import PayoutSchedule

pytestmark = pytest.mark.django_db


def test_a_month_is_paid_once(account, channel):
    assert api.run_payouts(at=AT) == 1
    earn(channel.id, Money(500, "EUR"), at=AT - timedelta(days=10))
    assert api.run_payouts(at=AT + timedelta(hours=1)) == 0
    assert api.run_payouts(at=AT + timedelta(days=5)) == 1  # December
    assert [each.period for each in api.list_payouts(account=account)] == ["2026-12", "2026-11"]


def test_a_run_that_died_is_gone_through_again_and_pays_nobody_twice(account, monkeypatch):
    set_aside = running.set_aside

    def dies(**asked):
        set_aside(**asked)
        raise ConnectionError

    monkeypatch.setattr(running, "set_aside", dies)
    with pytest.raises(ConnectionError):
        api.run_payouts(at=AT)
    monkeypatch.undo()
    assert RunRow.objects.get().finished_at is None
    assert api.run_payouts(at=AT) == 0
    assert PayoutRow.objects.count() == 1
    assert RunRow.objects.get().finished_at == AT


@pytest.mark.django_db(transaction=True)
def test_eight_runs_at_once_pay_each_once(account, creator):
    accounts = [account, *(an_account(make_channel(creator)) for _ in range(4))]
    made = at_once(lambda _number: api.run_payouts(at=AT), range(8))
    connection.close()
    assert sum(made) == len(accounts)
    assert sorted(PayoutRow.objects.values_list("account", flat=True)) == sorted(accounts)
    assert balance_of("payout:due", "EUR") == Money(-9_000 * len(accounts), "EUR")
    assert RunRow.objects.get().finished_at == AT


def test_nothing_leaves_by_itself_where_payouts_are_on_demand(account):
    decide(payout_schedule=PayoutSchedule.ON_DEMAND)
    assert api.run_payouts(at=AT) == 0
    assert not RunRow.objects.exists()


def test_who_cannot_be_paid_holds_nobody_up(account, channel, creator):
    api.set_destination(account=account, destination_id=new_id(), label="Bank", at=AT)
    assert api.run_payouts(at=AT) == 0
    assert RunRow.objects.get().finished_at
