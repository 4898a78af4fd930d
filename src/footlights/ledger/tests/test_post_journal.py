import uuid

import pytest

from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.money import Money
from footlights.ledger.api import (
    Balance,
    Posting,
    UnbalancedJournalError,
    UnknownJournalError,
    balance_of,
    list_balances,
    list_journal,
    list_postings,
    post_journal,
    reverse_journal,
)

pytestmark = pytest.mark.django_db


def sale(gross: int = 400, fee: int = 40, currency: str = "EUR") -> list[Posting]:
    return [
        Posting("gateway:test", Money(gross, currency)),
        Posting("platform:fees", Money(-fee, currency)),
        Posting("creator:c1", Money(fee - gross, currency)),
    ]


def test_the_same_cause_posts_once() -> None:
    first = post_journal(cause="c", postings=sale(), at=now())
    assert post_journal(cause="c", postings=list(reversed(sale())), at=now()) == first
    assert balance_of("creator:c1", "EUR") == Money(-360, "EUR")


@pytest.mark.parametrize("other", [sale(fee=41), sale(gross=401), sale(currency="USD"), sale()[:2]])
def test_the_same_cause_with_other_postings_is_refused(other: list[Posting]) -> None:
    post_journal(cause="c", postings=sale(), at=now())
    with pytest.raises((IdempotencyConflictError, UnbalancedJournalError)):
        post_journal(cause="c", postings=other, at=now())
    assert balance_of("platform:fees", "EUR") == Money(-40, "EUR")


@pytest.mark.parametrize(
    "postings",
    [
        [],
        [Posting("a:a", Money(1, "EUR"))],
        [Posting("a:a", Money(1, "EUR")), Posting("b:b", Money(-2, "EUR"))],
        [Posting("a:a", Money(1, "EUR")), Posting("b:b", Money(-1, "USD"))],
        [Posting("a:a", Money(0, "EUR")), Posting("b:b", Money(0, "EUR"))],
    ],
)
def test_what_does_not_balance_is_not_posted(postings: list[Posting]) -> None:
    with pytest.raises(UnbalancedJournalError):
        post_journal(cause="c", postings=postings, at=now())
    assert list_journal("c") == []


def test_a_journal_may_hold_several_currencies_each_in_balance() -> None:
    post_journal(cause="c", postings=sale() + sale(currency="JPY"), at=now())
    assert list_balances("creator:") == [
        Balance("creator:c1", Money(-360, "EUR")),
        Balance("creator:c1", Money(-360, "JPY")),
    ]


def test_a_reversal_takes_every_balance_back_to_nothing_and_keeps_both_journals() -> None:
    post_journal(cause="c", postings=sale(), at=now())
    reversal = reverse_journal(reversed_cause="c", cause="c:back", at=now(), memo="Refund")
    assert reverse_journal(reversed_cause="c", cause="c:back", at=now()) == reversal
    assert not any(balance.amount for balance in list_balances())
    assert [entry.amount.amount_minor for entry in list_postings("creator:c1")] == [360, -360]
    assert {entry.memo for entry in list_journal("c:back")} == {"Refund"}


def test_what_was_never_posted_cannot_be_reversed() -> None:
    with pytest.raises(UnknownJournalError):
        reverse_journal(reversed_cause=f"none:{uuid.uuid4()}", cause="x", at=now())


def test_an_account_without_postings_has_a_balance_of_zero() -> None:
    assert balance_of("creator:nobody", "EUR") == Money(0, "EUR")
