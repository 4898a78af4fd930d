import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.ledger.api import (
    Balance,
    MonthOfSubject,
    Posting,
    get_journal,
    list_accounts,
    list_months_by_subject,
    post_journal,
    reverse_journal,
    search_journals,
    statement,
    trial_balance,
)

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def earn(amount: int, at: datetime = MARCH, *, account: str = "creator:a", about: str = "title:t", currency="EUR"):
    postings = [Posting("gateway:test", Money(amount, currency)), Posting(account, Money(-amount, currency))]
    return post_journal(cause=f"purchase:{uuid.uuid4()}:paid", postings=postings, at=at, memo="buy", about=about)


def test_the_trial_balance_is_by_currency_and_kind_and_balances_in_each() -> None:
    earn(400)
    earn(100, account="creator:b")
    earn(-50, account="creator:c")
    earn(7, currency="JPY")
    found = trial_balance()
    assert {currency: [line.kind for line in lines] for currency, lines in found.items()} == {
        "EUR": ["creator", "gateway"],
        "JPY": ["creator", "gateway"],
    }
    creators = found["EUR"][0]
    assert (creators.accounts, creators.debit, creators.credit) == (3, euros(50), euros(500))
    for lines in found.values():
        assert sum(line.debit.amount_minor for line in lines) == sum(line.credit.amount_minor for line in lines)


def test_accounts_of_a_kind_come_in_pages() -> None:
    for number in range(52):
        earn(1 + number, account=f"creator:{number:02}")
    earn(9, account="creators:other")
    first, second = list_accounts("creator", "EUR"), list_accounts("creator", "EUR", 2)
    assert (len(first), first[0]) == (51, Balance("creator:00", euros(-1)))
    assert [balance.account for balance in second] == ["creator:50", "creator:51"]


def test_a_statement_opens_with_what_was_before_and_closes_with_what_is_then() -> None:
    earn(1_000, MARCH - timedelta(microseconds=1))
    earn(100, MARCH)
    earn(-30, MARCH + timedelta(days=30, hours=23))
    earn(5, MARCH + timedelta(days=31))
    found = statement("creator:a", "EUR", since=date(2026, 3, 1), until=date(2026, 3, 31))
    assert (found.opening, found.debits, found.credits, found.closing) == tuple(map(euros, (-1_000, 30, -100, -1_070)))
    assert [entry.amount for entry in found.entries] == [euros(-100), euros(30)]
    empty = statement("creator:nobody", "EUR", since=date(2026, 3, 1), until=date(2026, 3, 31), page=2)
    assert (empty.closing, empty.entries) == (euros(0), [])


def test_a_journal_tells_what_it_takes_back_and_what_took_it_back() -> None:
    sale = earn(400)
    cause = get_journal(sale).cause
    refund = reverse_journal(reversed_cause=cause, cause="back", at=MARCH, memo="Refund", amount=euros(100))
    told = get_journal(sale)
    assert (told.takes_back, [entry.cause for entry in told.taken_back_by]) == (None, ["back"])
    back = get_journal(refund).takes_back
    assert back
    assert (back.cause, get_journal(refund).about) == (cause, "title:t")
    with pytest.raises(NotFoundError):
        get_journal(uuid.uuid4())


def test_journals_are_found_by_cause_id_and_subject() -> None:
    sale = get_journal(earn(400, about="title:night"))
    earn(1, about="title:day")
    for text in ("purchase:", sale.cause, sale.cause.split(":")[1], "night", ""):
        assert sale.id in [found.id for found in search_journals(text)], text
    assert search_journals("nothing") == []
    assert len(search_journals("")) == 2


def test_what_came_in_is_told_by_month_and_subject() -> None:
    earn(400)
    earn(100)
    earn(7, about="title:other")
    earn(3, MARCH + timedelta(days=31))
    assert list(list_months_by_subject("creator:a")) == [
        MonthOfSubject(date(2026, 4, 1), "title:t", euros(-3)),
        MonthOfSubject(date(2026, 3, 1), "title:other", euros(-7)),
        MonthOfSubject(date(2026, 3, 1), "title:t", euros(-500)),
    ]
