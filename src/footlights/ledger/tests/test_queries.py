from datetime import UTC, date, datetime, timedelta

import pytest

from footlights.kernel.money import Money
from footlights.ledger.api import Posting, list_balances, list_daily_totals, list_postings, post_journal

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def earn(amount_minor: int, at: datetime, account: str = "creator:a") -> None:
    postings = [Posting("gateway:test", Money(amount_minor, "EUR")), Posting(account, Money(-amount_minor, "EUR"))]
    post_journal(cause=f"{account} {at} {amount_minor}", postings=postings, at=at)


def test_daily_totals_count_each_posting_on_its_utc_day_and_show_empty_days() -> None:
    earn(1, MIDNIGHT - timedelta(days=1, microseconds=1))  # the day before the first
    earn(10, MIDNIGHT - timedelta(microseconds=1))
    earn(100, MIDNIGHT)
    earn(1_000, MIDNIGHT + timedelta(hours=23))
    earn(10_000, MIDNIGHT + timedelta(days=2))
    earn(100_000, MIDNIGHT + timedelta(days=3))  # the day after the last
    totals = list_daily_totals("creator:a", "EUR", date(2026, 3, 1), date(2026, 3, 4))
    assert [(day.day, total.amount_minor) for day, total in totals] == [(1, -10), (2, -1_100), (3, 0), (4, -10_000)]


def test_totals_are_of_one_account_and_one_currency() -> None:
    earn(5, MIDNIGHT, "creator:b")
    assert list_daily_totals("creator:a", "EUR", MIDNIGHT.date(), MIDNIGHT.date()) == [
        (MIDNIGHT.date(), Money(0, "EUR"))
    ]
    assert list_daily_totals("creator:b", "USD", MIDNIGHT.date(), MIDNIGHT.date()) == [
        (MIDNIGHT.date(), Money(0, "USD"))
    ]


def test_postings_come_in_pages_the_newest_first() -> None:
    for number in range(1, 61):
        earn(number, MIDNIGHT + timedelta(minutes=number))
    first, second, third = (list_postings("creator:a", page) for page in (1, 2, 3))
    assert [entry.amount.amount_minor for entry in first] == [-number for number in range(60, 10, -1)]
    assert (len(second), third) == (10, [])
    assert first[0].at == MIDNIGHT + timedelta(minutes=60)


def test_balances_are_found_by_the_start_of_their_code() -> None:
    earn(5, MIDNIGHT, "creator:b")
    earn(7, MIDNIGHT, "creator:a")
    assert [(balance.account, balance.amount.amount_minor) for balance in list_balances("creator:")] == [
        ("creator:a", -7),
        ("creator:b", -5),
    ]
    assert [balance.account for balance in list_balances()] == ["creator:a", "creator:b", "gateway:test"]
