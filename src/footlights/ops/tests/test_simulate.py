"""A simulated month finds what does not add up, and what it does to people adds up."""

import random
import re
import subprocess
from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person, make_taxpayer
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel import clock
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal
from footlights.monetization.api import Choice, buy_title
from footlights.monetization.models import PurchaseRow
from footlights.monetization.testing import make_house_coupon_of, make_offer, make_sale
from footlights.ops.simulate.checks import OF_MANY_DAYS, QUESTIONS, ask_all
from footlights.ops.simulate.faults import Faults
from footlights.ops.simulate.house import open_house
from footlights.ops.simulate.shows import FATES, SELLS_FOR, Shows
from footlights.ops.simulate.trade import Trade
from footlights.ops.simulate.worker import drain, run_clock, webhooks_arrive
from footlights.ops.up import ours
from footlights.payments.models import PaymentRow, ReconciledDayRow
from footlights.payments.testing import pay

QUIET = {"deaths": 0.0, "doubles": 0.0, "losses": 0.0}


def wrong() -> set[str]:
    return {answer.claim for answer in ask_all() if not answer.holds}


@pytest.fixture
def real_clock():
    yield
    clock._ahead = timedelta(0)


@pytest.mark.django_db
def test_what_is_right_is_found_right():
    make_sale(make_title(make_channel(make_person())), make_person())
    make_house_coupon_of(make_person())
    offer, viewer = make_offer(make_title(make_channel(make_person()))), make_person()
    asked = {"viewer_id": viewer.pk, "offer_id": offer.id, "idempotency_key": "k", "at": now()}
    pay("paid", buy_title(**asked, choice=Choice(coupon="house")).hosted_url)
    assert wrong() == set()
    PurchaseRow.objects.filter(discount_minor__gt=0).update(borne_minor=1)
    assert wrong() == {"what the platform bears of discounts is what its coupons took off"}


@pytest.mark.django_db
def test_money_that_the_gateway_never_had_is_found():
    postings = [Posting("gateway:sandbox", Money(400, "EUR")), Posting("creator:x", Money(-400, "EUR"))]
    post_journal(cause=f"purchase:{new_id()}:paid", postings=postings, at=now())
    assert wrong() == {
        "the books have what the gateway took, gave back, lost and sent",
        "nothing was booked as sold without a charge",
    }


@pytest.mark.django_db
def test_a_payment_that_bought_nothing_is_found():
    make_sale(make_title(make_channel(make_person())), make_person())
    PaymentRow.objects.update(reference=f"purchase:{new_id()}")
    assert "every payment that was captured paid for something, once" in wrong()


@pytest.mark.django_db
def test_days_that_nobody_held_against_the_gateways_account_are_found():
    make_sale(make_title(make_channel(make_person())), make_person())
    [answer] = [each for each in ask_all(of_many_days=True) if each.claim in OF_MANY_DAYS]
    assert answer.found == [(now().date().isoformat(), "was not compared"), ("no payment", "was compared")]
    ReconciledDayRow.objects.create(gateway="sandbox", day=now().date(), compared_at=now(), matched=1)
    assert all(each.holds for each in ask_all(of_many_days=True))


@pytest.mark.django_db(transaction=True)
def test_a_death_takes_what_was_not_committed_and_the_next_try_does_it():
    faults = Faults(3, deaths=1.0, doubles=0.0, losses=0.0)
    people = [faults.try_until_done(make_person) for _ in range(5)]
    assert faults.deaths > 0
    assert len({person.pk for person in people}) == 5


@pytest.mark.django_db(transaction=True)
def test_days_of_trade_with_every_fault_add_up(real_clock):
    faults = Faults(random.Random(7).randrange(10**6), deaths=0.1, doubles=0.2, losses=0.2)
    trade = Trade(open_house(2), faults)
    begin = now()
    giving = [trade.tip] * 3 + [trade.give] * 4 + [trade.invite_press] + [trade.review] * 3
    with webhooks_arrive():
        for act in [trade.join] * 6 + [trade.buy] * 6 + [trade.change_mind] * 4 + [trade.give_back] * 2 + giving:
            act()
        drain(faults)
        for _ in range(6):
            trade.open_gift()
        drain(faults)
        for hours in (2, 30, 60):
            clock.run_ahead(begin + timedelta(hours=hours))
            run_clock("payments.sweep", "subscriptions.renew", "subscriptions.earn", "payouts.run")
            drain(Faults(0, **QUIET))
        clock.run_ahead(begin + timedelta(days=20))
        for _ in range(4):
            trade.convert()
    assert trade.done["convert"] > 0
    assert (trade.done["join"] + trade.done["take the pass"], trade.done["tip"]) == (6, 3)
    assert trade.done["open a gift"] > 0
    assert trade.done["redeem a press code"] > 0
    assert wrong() == set()


@pytest.mark.django_db(transaction=True)
def test_evenings_that_take_place_or_do_not_add_up_whatever_fails(real_clock):
    faults = Faults(random.Random(11).randrange(10**6), deaths=0.1, doubles=0.2, losses=0.2)
    trade = Trade(open_house(4), faults)
    shows, begin = Shows(trade, trade.shops), now()
    with webhooks_arrive():
        for _ in range(4):
            trade.join()
        for fate in sorted(set(FATES)):
            shows.plan()
            shows.planned[-1].fate = fate
        for _ in range(24):
            shows.sell()
        for _ in range(10):
            shows.give()
        drain(faults)
        for _ in range(3):
            trade.open_gift()
        shows.put_off()
        for _ in range(20):
            shows.change_mind()
        for hours in (50, 74, 80, 90, 120):
            clock.run_ahead(begin + timedelta(hours=hours))
            shows.go_on()
            run_clock("payments.sweep", "live.tidy")
            drain(Faults(0, **QUIET))
    assert begin + SELLS_FOR < now()
    assert trade.done["buy a ticket"] > len(FATES)
    assert trade.done["give a ticket back"] > 0
    for act in ("a broadcast takes place", "a broadcast is cancelled", "give all tickets back", "put a broadcast off"):
        assert trade.done[act] == 1, act
    assert wrong() == set()


@pytest.mark.service
def test_processes_that_live_the_same_days_side_by_side_add_up(capfd):
    asked = ("--subscribers", "9", "--channels", "3", "--workers", "2", "--days", "2")
    ended = subprocess.run([*ours("simulate", "month"), *asked], check=False)
    told = capfd.readouterr().out
    assert "day  2 of 2:      9 members" in told
    assert re.search(r"[1-9]\d* things done twice", told)
    assert "NO " not in told.partition("at the end:")[2]
    assert told.partition("at the end:")[2].count("  yes ") == len(QUESTIONS) + len(OF_MANY_DAYS) + 1
    assert ended.returncode == 0


@pytest.mark.django_db
def test_a_report_that_tells_less_than_the_books_is_found(monkeypatch):
    make_sale(make_title(make_channel(make_taxpayer("FR"))), make_person())
    assert wrong() == set()
    monkeypatch.setattr("footlights.ops.simulate.checks.quarters_in_the_union", lambda _year: [])
    assert wrong() == {"what tax offices are told of sellers is what the books say"}
