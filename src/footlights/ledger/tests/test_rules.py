"""The rules hold against anybody with a connection, not only against our own operations."""

import uuid

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, balance_of, post_journal
from footlights.ledger.models import BalanceRow, Journal, PostingRow, Reversal

pytestmark = pytest.mark.django_db


SALE = [("gateway:test", 400, "EUR"), ("creator:c", -400, "EUR")]


@pytest.fixture
def journal() -> uuid.UUID:
    postings = [Posting(account, Money(amount, currency)) for account, amount, currency in SALE]
    return post_journal(cause="sale", postings=postings, at=now())


def journal_of(postings: list[tuple[str, int, str]], **columns) -> Journal:
    """Written past our operations."""
    accounts, amounts, currencies = (
        (list(column) for column in zip(*postings, strict=True)) if postings else ([], [], [])
    )
    lines = {"accounts": accounts, "amounts": amounts, "currencies": currencies} | columns
    with transaction.atomic():
        return Journal.objects.create(**{"cause": str(uuid.uuid4()), "at": now()} | lines)


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_journal set memo = 'x'",
        "delete from ledger_journal",
        "truncate ledger_journal cascade",
        "truncate ledger_reversal",
        "update ledger_reversal set reversed_id = journal_id",
        *(
            act.format(table=table)
            for table in ("ledger_booked", "ledger_fresh", "ledger_total")
            for act in (
                "update {table} set amount_minor = 0",
                "update {table} set account = account",
                "delete from {table}",
                "truncate {table}",
            )
        ),
        "insert into ledger_total (account, currency, amount_minor) values ('creator:c', 'USD', 1)",
        (
            "insert into ledger_booked (account, currency, at, journal_id, line, amount_minor)"
            " select 'creator:c', 'EUR', at, id, 3, 1 from ledger_journal"
        ),
        (
            "insert into ledger_fresh (account, currency, at, journal_id, line, amount_minor)"
            " select 'creator:c', 'EUR', at, id, 3, 1 from ledger_journal"
        ),
    ],
)
def test_nothing_written_is_altered(journal, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"append-only|follow from journals"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert balance_of("creator:c", "EUR") == Money(-400, "EUR")


def test_rows_say_what_they_are(journal) -> None:
    assert str(Journal.objects.get()) == "sale"
    assert {str(row) for model in (PostingRow, BalanceRow) for row in model.objects.all()} == {
        "gateway:test 400 EUR",
        "creator:c -400 EUR",
    }


def test_a_journal_off_balance_is_not_written() -> None:
    with pytest.raises(IntegrityError, match="zero_sum"):
        journal_of([("a:a", 100, "EUR"), ("b:b", -99, "EUR")])
    assert balance_of("a:a", "EUR") == Money(0, "EUR")


def test_two_currencies_do_not_balance_each_other() -> None:
    with pytest.raises(IntegrityError, match="zero_sum"):
        journal_of([("a:a", 100, "EUR"), ("b:b", -100, "USD")])


def test_amounts_too_large_for_their_sum_do_not_wrap_into_balance() -> None:
    largest = 2**63 - 1
    with pytest.raises(IntegrityError, match="zero_sum"):
        journal_of([("a:a", largest, "EUR"), ("b:b", largest, "EUR"), ("c:c", 2, "EUR")])


@pytest.mark.parametrize(
    "lines",
    [
        {"accounts": [], "amounts": [], "currencies": []},
        {"accounts": ["a:a"], "amounts": [100], "currencies": ["EUR"]},
        {"accounts": ["a:a"]},
        {"currencies": ["EUR", "EUR", "EUR"]},
        {"amounts": [100, None]},
    ],
)
def test_a_journal_without_two_whole_sides_is_not_written(lines) -> None:
    with pytest.raises(IntegrityError, match=r"zero_sum|not-null|moves_something"):
        journal_of(SALE, **lines)


def test_what_follows_from_a_journal_is_written_with_it() -> None:
    made = journal_of([*SALE, ("creator:c", 10, "EUR"), ("gateway:test", -10, "EUR")])
    assert balance_of("creator:c", "EUR") == Money(-390, "EUR")
    assert PostingRow.objects.filter(journal=made, at=made.at).count() == 4


def test_more_than_is_left_of_a_journal_is_not_taken_back(journal) -> None:
    back = [("gateway:test", -300, "EUR"), ("creator:c", 300, "EUR")]
    Reversal.objects.create(journal=journal_of(back), reversed_id=journal)
    for more in (
        back,
        [("gateway:test", -401, "EUR"), ("creator:c", 401, "EUR")],
        [("a:a", 1, "EUR"), ("b:b", -1, "EUR")],
    ):
        with pytest.raises(IntegrityError, match="takes back more"), transaction.atomic():
            Reversal.objects.create(journal=journal_of(more), reversed_id=journal)
    assert str(Reversal.objects.get()).endswith(f"takes back {journal}")


@pytest.mark.parametrize(
    ("posting", "rule"),
    [
        (("nonsense", 1, "EUR"), "account_code"),
        (("Creator:x", 1, "EUR"), "account_code"),
        (("a:a", 0, "EUR"), "moves_something"),
        (("a:a", 1, "eur"), "currency_code"),
    ],
)
def test_a_posting_that_makes_no_sense_is_refused(posting: tuple[str, int, str], rule: str) -> None:
    _account, amount, currency = posting
    with pytest.raises(IntegrityError, match=rule):
        journal_of([posting, ("b:b", -amount, currency), ("b:b", 1, "EUR"), ("b:b", -1, "EUR")])


def test_a_cause_is_there_once(journal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        journal_of(SALE, cause="sale")
