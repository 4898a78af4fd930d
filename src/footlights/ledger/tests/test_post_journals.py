from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.money import Money
from footlights.ledger.api import (
    NewJournal,
    Posting,
    UnbalancedJournalError,
    balance_of,
    list_journal,
    list_postings,
    post_journals,
)
from footlights.ledger.models import Journal
from footlights.ledger.operations import post_journals as operation

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, tzinfo=UTC)


def earned(number: int, amount: int = 33, cause: str = "") -> NewJournal:
    postings = [Posting(f"deferred:s{number}", Money(amount, "EUR")), Posting("creator:c", Money(-amount, "EUR"))]
    return NewJournal(cause or f"subscription:{number}:2026-03-01", postings, AT, "A day", "plan:p")


def test_many_journals_are_posted_at_once_in_order_and_in_pieces(monkeypatch) -> None:
    monkeypatch.setattr(operation, "AT_ONCE", 3)
    ids = post_journals([earned(number) for number in range(8)])
    assert list(Journal.objects.order_by("cause").values_list("id", flat=True)) == ids
    assert balance_of("creator:c", "EUR") == Money(-264, "EUR")
    entry = list_postings("deferred:s7")[0]
    assert (entry.memo, entry.about, entry.at, entry.amount) == ("A day", "plan:p", AT, Money(33, "EUR"))


def test_nothing_is_posted_for_nothing() -> None:
    assert post_journals([]) == []


def test_a_run_that_is_repeated_posts_only_what_is_new() -> None:
    first = post_journals([earned(number) for number in range(3)])
    assert post_journals([earned(number) for number in range(4)])[:3] == first
    assert post_journals([earned(number) for number in range(3)]) == first
    assert balance_of("creator:c", "EUR") == Money(-132, "EUR")


def test_one_that_comes_twice_in_a_batch_is_posted_once() -> None:
    first, second = post_journals([earned(1), earned(1)])
    assert first == second
    assert balance_of("creator:c", "EUR") == Money(-33, "EUR")


def test_what_was_posted_otherwise_stops_the_whole_batch() -> None:
    post_journals([earned(1)])
    with pytest.raises(IdempotencyConflictError):
        post_journals([earned(2), earned(1, amount=34)])
    assert Journal.objects.count() == 1


def test_what_does_not_balance_stops_the_whole_batch() -> None:
    lopsided = NewJournal("x", [Posting("a:a", Money(1, "EUR"))], AT)
    with pytest.raises(UnbalancedJournalError):
        post_journals([earned(1), lopsided])
    assert not Journal.objects.exists()


@pytest.mark.parametrize("odd", ["tab\there", "two\nlines", "back\\slash \\N", "\r", "“quoted”, {braces}", ""])
def test_words_arrive_as_they_were_sent(odd: str) -> None:
    post_journals([NewJournal(f"cause {odd}", earned(1).postings, AT, odd, odd[:80])])
    entry = list_journal(f"cause {odd}")[0]
    assert (entry.memo, entry.about) == (odd, odd)


def test_where_somebody_posts_the_same_at_this_moment_each_is_posted_by_itself(monkeypatch) -> None:
    monkeypatch.setattr(operation, "_copied", lambda *_: False)
    journals = [earned(number) for number in range(3)]
    assert post_journals(journals) == post_journals(journals)
    assert Journal.objects.count() == 3


def test_what_breaks_a_rule_of_the_database_is_its_error_and_nothing_is_posted() -> None:
    nonsense = [Posting("Nonsense", Money(1, "EUR")), Posting("creator:c", Money(-1, "EUR"))]
    with pytest.raises(IntegrityError, match="account_code"):
        post_journals([earned(1), NewJournal("x", nonsense, AT)])
    assert not Journal.objects.exists()
