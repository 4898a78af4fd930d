"""Setting money aside: what may go, to where, once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, balance_of, post_journal, reverse_journal
from footlights.ledger.tests.test_concurrency import at_once
from footlights.payouts import api, causes
from footlights.payouts.models import PayoutRow
from footlights.payouts.operations.request_payout import set_aside
from footlights.payouts.testing import earn, make_destination
from footlights.payouts.tests.conftest import AT
from footlights.terms.api import NewTerm, Term, set_terms

pytestmark = pytest.mark.django_db


def ask(account, by, *, at=AT):
    return api.request_payout(account=account, currency="EUR", asked_by=by.pk, at=at)


def decide(**values):
    """The platform's terms in EUR, from long ago."""
    changes = [
        NewTerm(term=Term(name), value=value, currency="EUR" if name.endswith("minor") else "")
        for name, value in values.items()
    ]
    set_terms(changes=changes, by_id=new_id(), at=AT - timedelta(days=90))


def test_all_that_is_available_is_set_aside_in_the_books(account, creator):
    payout = ask(account, creator)
    assert (payout.amount, payout.state, payout.period) == (Money(9_000, "EUR"), "asked", "2026-11-26")
    assert balance_of(account, "EUR") == Money(0, "EUR")
    assert balance_of("payout:due", "EUR") == Money(-9_000, "EUR")


def test_what_was_earned_within_the_hold_stays_and_is_told(account, channel, creator):
    earn(channel.id, Money(1_000, "EUR"), at=AT - timedelta(days=6))
    standing = api.standing_of(account, "EUR", AT)
    assert (standing.balance, standing.fresh, standing.available) == tuple(
        Money(amount, "EUR") for amount in (10_000, 1_000, 9_000)
    )
    assert ask(account, creator).amount == Money(9_000, "EUR")
    assert balance_of(account, "EUR") == Money(-1_000, "EUR")


def test_a_refund_since_takes_from_what_is_available(account, channel, creator):
    post_journal(
        cause="refund",
        postings=[Posting(account, Money(500, "EUR")), Posting("gateway:sandbox", Money(-500, "EUR"))],
        at=AT,
    )
    assert ask(account, creator).amount == Money(8_500, "EUR")


def test_who_owes_gets_nothing_until_new_earnings_cover_it(account, channel, creator):
    taken = [Posting(account, Money(9_500, "EUR")), Posting("gateway:sandbox", Money(-9_500, "EUR"))]
    post_journal(cause="lost dispute", postings=taken, at=AT)
    with pytest.raises(api.NothingToPayOutError, match=r"€0.00 is available"):
        ask(account, creator)
    earn(channel.id, Money(2_000, "EUR"), at=AT)
    assert ask(account, creator, at=AT + timedelta(days=8)).amount == Money(1_500, "EUR")


def test_what_is_held_stays_until_it_is_released(account, creator):
    hold = {"cause": "dispute:1", "at": AT}
    for _ in range(2):
        api.place_hold(account=account, amount=Money(4_000, "EUR"), reason="A payment is disputed", **hold)
    assert ask(account, creator).amount == Money(5_000, "EUR")
    for _ in range(2):
        api.release_hold(**hold)
    api.place_hold(account=account, amount=Money(4_000, "EUR"), reason="told late", **hold)
    assert api.standing_of(account, "EUR", AT).available == Money(4_000, "EUR")


def test_less_than_the_minimum_waits(account, creator):
    decide(payout_minimum_minor=9_001)
    with pytest.raises(api.NothingToPayOutError, match=r"€90.00 is available; a payout is at least €90.01"):
        ask(account, creator)
    assert not PayoutRow.objects.exists()


def test_a_day_has_one_payout(account, channel, creator):
    ask(account, creator)
    earn(channel.id, Money(700, "EUR"), at=AT - timedelta(days=8))
    with pytest.raises(api.AlreadyAskedError):
        ask(account, creator)
    assert ask(account, creator, at=AT + timedelta(days=1)).amount == Money(700, "EUR")


def test_the_database_itself_keeps_one_payout_a_period(account, creator):
    first = PayoutRow.objects.get(pk=ask(account, creator).id)
    first.pk = new_id()
    with pytest.raises(IntegrityError, match="one_a_period"), transaction.atomic():
        first.save(force_insert=True)


def test_nothing_goes_without_a_destination(channel, creator):
    earn(channel.id, Money(100, "EUR"), at=AT - timedelta(days=30))
    with pytest.raises(api.NoDestinationError, match="where your money"):
        ask(api.creator_account(channel.id), creator)


def test_nothing_goes_for_three_days_after_a_change(account, creator):
    api.set_destination(account=account, destination_id=new_id(), label="Bank •••• 1", at=AT)
    with pytest.raises(api.NoDestinationError, match="less than three days"):
        ask(account, creator, at=AT + timedelta(hours=71))
    assert ask(account, creator, at=AT + timedelta(hours=72)).destination_label == "Bank •••• 1"


def test_a_destination_told_twice_starts_its_days_once(account):
    told = {"account": account, "destination_id": new_id(), "label": "Bank •••• 1"}
    api.set_destination(**told, at=AT)
    api.set_destination(**told, at=AT + timedelta(hours=10))
    assert api.find_destination(account).usable_from == AT + timedelta(hours=72)


def test_a_stranger_asks_for_nobody(account, stranger):
    with pytest.raises(NotFoundError):
        ask(account, stranger)


def test_a_person_is_paid_their_own_shares(creator, stranger):
    account = api.person_account(stranger.pk)
    shares = [Posting(account, Money(-300, "EUR")), Posting("gateway:sandbox", Money(300, "EUR"))]
    post_journal(cause="share", postings=shares, at=AT - timedelta(days=20))
    make_destination(account, set_at=AT - timedelta(days=10))
    with pytest.raises(NotFoundError):
        ask(account, creator)
    assert ask(account, stranger).amount == Money(300, "EUR")


def test_a_returned_payout_is_available_at_once(account, creator):
    payout = ask(account, creator)
    asked = causes.asked_cause(payout.id)
    reverse_journal(reversed_cause=asked, cause=causes.undone(asked), at=AT)
    assert api.standing_of(account, "EUR", AT).available == Money(9_000, "EUR")


@pytest.mark.django_db(transaction=True)
def test_eight_that_ask_at_once_set_aside_once(account, creator):
    def one(number):
        try:
            return set_aside(account=account, currency="EUR", period=f"run {number}", asked_by=None, at=AT).amount
        except api.NothingToPayOutError:
            return None

    answers = at_once(one, range(8))
    connection.close()
    assert [each for each in answers if each] == [Money(9_000, "EUR")]
    assert balance_of(account, "EUR") == Money(0, "EUR")
