"""What accounts earned in a time: to the unit what the books say, whoever shares in it and whatever went back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, Unit, balance_of, earned_by, earned_by_each, post_journal, reverse_journal

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
ONE, OTHER, HELPER = f"creator:{new_id()}", f"creator:{new_id()}", f"person:{new_id()}"


def day(number):
    return START + timedelta(days=number)


def book(cause, at, currency, **parts):
    accounts = {"fees": "platform:fees", "one": ONE, "other": OTHER, "helper": HELPER, "due": "payout:due"}
    given = {accounts[name]: -amount for name, amount in parts.items() if amount}
    postings = [Posting("gateway:sandbox", Money(-sum(given.values()), currency))] if sum(given.values()) else []
    post_journal(
        cause=cause, postings=[*postings, *(Posting(to, Money(n, currency)) for to, n in given.items())], at=at
    )


def earned(unit, *accounts):
    return earned_by(unit, accounts, since=START, until=END, apart="payout:")


def test_a_sale_counts_where_it_was_credited_net_of_its_fee():
    book("purchase:a:paid", day(10), "EUR", fees=40, one=360)
    book("tip:b:paid", day(100), "EUR", fees=20, one=180)
    first, second = earned(Unit.QUARTER, ONE)
    assert (first.start, second.start) == (date(2026, 1, 1), date(2026, 4, 1))
    assert (first.credited, first.fees_charged, first.gross) == tuple(Money(n, "EUR") for n in (360, 40, 400))
    assert (second.credited, second.sales, second.kept) == (Money(180, "EUR"), 1, 1)


def test_owners_are_told_apart_in_one_question(django_assert_num_queries):
    book("purchase:a:paid", day(10), "EUR", fees=40, one=360)
    book("purchase:b:paid", day(11), "EUR", fees=20, other=100, helper=80)
    owners = {"ada": [ONE, HELPER], "grace": [OTHER], "nobody": [f"person:{new_id()}"]}
    with django_assert_num_queries(1):
        each = earned_by_each(Unit.QUARTER, owners, since=START, until=END, apart="payout:")
    assert each == {"ada": earned(Unit.QUARTER, ONE, HELPER), "grace": earned(Unit.QUARTER, OTHER)}
    assert [found.credited for found in each["ada"]] == [Money(440, "EUR")]
    assert sum(found.fees_charged.amount_minor for [found] in each.values()) == 60


def test_what_went_back_is_taken_off_and_a_whole_refund_counts_no_more():
    book("purchase:a:paid", day(10), "EUR", fees=40, one=360)
    book("purchase:b:paid", day(11), "EUR", fees=40, one=360)
    reverse_journal(reversed_cause="purchase:a:paid", cause="purchase:a:paid:refunded:1", at=day(12))
    reverse_journal(
        reversed_cause="purchase:b:paid", cause="purchase:b:paid:refunded:2", at=day(120), amount=Money(100, "EUR")
    )
    first, second = earned(Unit.QUARTER, ONE)
    assert (first.credited, first.fees_charged) == (Money(360, "EUR"), Money(40, "EUR"))
    assert (first.gross, first.sales, first.kept) == (Money(800, "EUR"), 2, 1)
    assert (second.credited, second.fees_charged, second.sales) == (Money(-90, "EUR"), Money(-10, "EUR"), 0)


def test_a_membership_counts_once_however_many_days_it_is_earned_on():
    for number in range(5):
        book(f"invoice:m:day:{number}", day(10 + number), "EUR", fees=3, one=26)
    [found] = earned(Unit.YEAR, ONE)
    assert (found.credited, found.fees_charged, found.sales) == (Money(130, "EUR"), Money(15, "EUR"), 1)


def test_payouts_and_other_peoples_money_are_not_earned_and_currencies_stay_apart():
    book("purchase:a:paid", day(10), "EUR", fees=40, one=360)
    book("purchase:j:paid", day(10), "JPY", fees=100, one=900)
    book("purchase:o:paid", day(10), "EUR", fees=40, other=360)
    book("payout:p:asked", day(11), "EUR", one=-360, due=360)
    assert [each.credited for each in earned(Unit.YEAR, ONE)] == [Money(360, "EUR"), Money(900, "JPY")]
    assert earned_by(Unit.YEAR, [ONE], since=END, until=END + timedelta(days=9), apart="payout:") == []


AMOUNT = st.integers(0, 10_000)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sales=st.lists(
        st.tuples(
            st.integers(0, 364),
            st.sampled_from(["EUR", "JPY"]),
            st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT),
            st.integers(0, 100),
        ),
        max_size=8,
    )
)
def test_all_that_everybody_earned_and_was_charged_is_what_the_books_say(sales):
    for number, currency, (fees, one, other, helper), percent in sales:
        if not one + other + helper:
            continue  # nobody shares in it
        cause = f"purchase:{new_id()}:paid"
        book(cause, day(number), currency, fees=fees, one=one, other=other, helper=helper)
        whole = fees + one + other + helper
        back = whole * percent // 100
        if back:
            reverse_journal(
                reversed_cause=cause, cause=f"{cause}:refunded:1", at=day(number), amount=Money(back, currency)
            )
    for code in ("EUR", "JPY"):
        parts = [
            each for who in (ONE, OTHER, HELPER) for each in earned(Unit.MONTH, who) if each.gross.currency == code
        ]
        assert sum(each.credited.amount_minor for each in parts) == -sum(
            balance_of(who, code).amount_minor for who in (ONE, OTHER, HELPER)
        )
        assert sum(each.fees_charged.amount_minor for each in parts) == -balance_of("platform:fees", code).amount_minor
