"""A part of what was earned stays for a while, says so with a day, and goes free by itself."""

from datetime import timedelta

import pytest

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, movement_of, post_journal
from footlights.payouts import api
from footlights.payouts.testing import earn
from footlights.terms.api import NewTerm, Term, set_terms

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def decide(percent: int, days: int, channel_id=None):
    changes = [
        NewTerm(term=Term.RESERVE_BPS, value=percent * 100, channel_id=channel_id),
        NewTerm(term=Term.RESERVE_DAYS, value=days, channel_id=channel_id),
    ]
    set_terms(changes=changes, by_id=new_id(), at=now())


def standing(channel, at=None):
    return api.standing_of(api.creator_account(channel.id), "EUR", at or now())


def test_without_a_decision_nothing_is_reserved(channel):
    earn(channel.id, Money(1_000, "EUR"), at=now() - 30 * DAY)
    assert standing(channel).reserve is None
    assert standing(channel).available == Money(1_000, "EUR")


def test_what_was_earned_lately_leaves_its_part_here_until_a_day(channel):
    at = now()
    for minor, days_ago in ((1_000, 100), (2_000, 60), (3_000, 20), (5_000, 2)):
        earn(channel.id, Money(minor, "EUR"), at=at - days_ago * DAY)
    decide(10, 90)
    now_ = standing(channel, at := now())
    assert now_.reserve == api.Reserve(Money(500, "EUR"), 1_000, 90, (at - 60 * DAY + 90 * DAY).date())
    assert (now_.fresh, now_.held, now_.available) == (Money(5_000, "EUR"), Money(500, "EUR"), Money(5_500, "EUR"))
    assert now_.balance == now_.fresh + now_.held + now_.available
    assert standing(channel, at + 31 * DAY).reserve.amount == Money(800, "EUR"), (
        "the first is free; the fresh one is in"
    )
    assert standing(channel, at + 91 * DAY).reserve is None


def test_a_channels_own_reserve_goes_before_everybodys(channel):
    earn(channel.id, Money(1_000, "EUR"), at=now() - 30 * DAY)
    decide(10, 90)
    decide(50, 90, channel.id)
    assert standing(channel).available == Money(500, "EUR")
    decide(0, 0, channel.id)
    assert standing(channel).available == Money(1_000, "EUR")


def test_no_more_of_an_accounts_history_is_read_than_asked(channel, django_assert_num_queries):
    at, account = now(), api.creator_account(channel.id)
    for minor, days_ago in ((1_000, 400), (300, 40), (200, 1)):
        earn(channel.id, Money(minor, "EUR"), at=at - days_ago * DAY)
    back = [Posting(account, Money(50, "EUR")), Posting("payout:due", Money(-50, "EUR"))]
    post_journal(cause=f"payout:{new_id()}:asked", postings=back, at=at - DAY)
    with django_assert_num_queries(1) as asked:
        moved = movement_of(account, "EUR", since=at - 7 * DAY, apart="payout:", earlier=at - 90 * DAY)
    assert (moved.before, moved.debits, moved.credits, moved.apart) == (-1_300, 0, -200, 50)
    assert (moved.earlier_credits, moved.earlier_first) == (-300, (at - 40 * DAY).date())
    assert "posting.at >= " in asked.captured_queries[0]["sql"]
