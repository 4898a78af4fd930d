"""The rules hold against anybody with a connection, not only against our own operations."""

import uuid

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, balance_of, post_journal
from footlights.ledger.models import BalanceRow, Journal, PostingRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def journal() -> uuid.UUID:
    postings = [Posting("gateway:test", Money(400, "EUR")), Posting("creator:c", Money(-400, "EUR"))]
    journal_id = post_journal(cause="sale", postings=postings, at=now())
    check_as_at_commit()
    return journal_id


def journal_of(postings: list[tuple[str, int, str]], announced: int | None = None) -> None:
    """Written past our operations, and checked as a commit would."""
    with transaction.atomic():
        row = Journal.objects.create(cause=str(uuid.uuid4()), at=now(), posting_count=announced or len(postings))
        for account, amount_minor, currency in postings:
            PostingRow.objects.create(
                journal=row, account=account, amount_minor=amount_minor, currency=currency, at=row.at
            )
        check_as_at_commit()


def check_as_at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_posting set amount_minor = 1",
        "update ledger_journal set memo = 'x'",
        "delete from ledger_posting",
        "delete from ledger_journal",
        "truncate ledger_posting",
        "truncate ledger_journal cascade",
        "update ledger_posting set account = account",
        "update ledger_balance set amount_minor = 0",
        "delete from ledger_balance",
        "truncate ledger_balance",
        "insert into ledger_balance (account, currency, part, amount_minor) values ('creator:c', 'EUR', 99, 1)",
    ],
)
def test_nothing_written_is_altered(journal, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"append-only|follow from postings"),
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


def test_a_journal_off_balance_does_not_commit() -> None:
    with pytest.raises(IntegrityError, match="do not sum to zero"):
        journal_of([("a:a", 100, "EUR"), ("b:b", -99, "EUR")])
    assert balance_of("a:a", "EUR") == Money(0, "EUR")


def test_two_currencies_do_not_balance_each_other() -> None:
    with pytest.raises(IntegrityError, match="do not sum to zero"):
        journal_of([("a:a", 100, "EUR"), ("b:b", -100, "USD")])


def test_a_journal_without_its_postings_does_not_commit() -> None:
    with pytest.raises(IntegrityError, match="announced 2 postings and has 0"):
        journal_of([], announced=2)


def test_a_journal_of_one_line_does_not_commit() -> None:
    with pytest.raises(IntegrityError, match="two_sides"):
        journal_of([("a:a", 100, "EUR")])


def test_a_balanced_pair_cannot_be_added_to_an_old_journal(journal) -> None:
    row = Journal.objects.get(pk=journal)
    with pytest.raises(IntegrityError, match="announced 2 postings and has"), transaction.atomic():
        for amount in (5, -5):
            PostingRow.objects.create(journal=row, account="a:a", amount_minor=amount, currency="EUR", at=row.at)
        check_as_at_commit()


def test_a_posting_has_its_journals_time(journal) -> None:
    with pytest.raises(IntegrityError, match="at_is_the_journals"), transaction.atomic():
        row = Journal.objects.create(cause="late", at=now(), posting_count=2)
        for amount in (5, -5):
            PostingRow.objects.create(journal=row, account="a:a", amount_minor=amount, currency="EUR", at=now())
        check_as_at_commit()


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
    with pytest.raises(IntegrityError, match=rule):
        journal_of([posting, ("b:b", -1, "EUR")])


def test_a_cause_is_there_once(journal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Journal.objects.create(cause="sale", at=now(), posting_count=2)
