import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.money import Money
from footlights.ledger.api import (
    NothingLeftError,
    Posting,
    balance_of,
    list_balances,
    list_journal,
    post_journal,
    reverse_journal,
)
from footlights.ledger.policies import part_of

AMOUNTS = st.integers(1, 10**6)


def euros(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


def sale(*credits_minor: int) -> list[Posting]:
    shares = [Posting(f"creator:c{n}", euros(-amount)) for n, amount in enumerate(credits_minor)]
    return [Posting("gateway:test", euros(sum(credits_minor))), *shares]


def back(cause: str, amount: int | None = None) -> None:
    reverse_journal(reversed_cause="sale", cause=cause, at=now(), amount=euros(amount) if amount else None)


@settings(max_examples=60)
@given(st.lists(AMOUNTS, min_size=1, max_size=6), st.lists(AMOUNTS, max_size=8))
def test_parts_take_no_line_beyond_what_is_left_and_together_are_the_whole(lines: list[int], wanted: list[int]) -> None:
    left = {posting.account: posting.amount.amount_minor for posting in sale(*lines)}
    for each in [*wanted, sum(lines)]:
        remaining = [Posting(account, euros(amount)) for account, amount in left.items() if amount]
        amount = min(each, left["gateway:test"])
        for part in part_of(remaining, euros(amount)) if amount else []:
            before, taken = left[part.account], part.amount.amount_minor
            assert 0 < taken / before <= 1
            left[part.account] = before - taken
    assert not any(left.values())


@pytest.mark.parametrize(
    ("postings", "amount"),
    [
        (sale(100), euros(101)),
        (sale(100), euros(0)),
        (sale(100), euros(-1)),
        (sale(100), Money(1, "USD")),
        ([*sale(100), Posting("a:a", Money(1, "USD")), Posting("b:b", Money(-1, "USD"))], euros(1)),
    ],
)
def test_what_is_not_left_is_no_part(postings, amount: Money) -> None:
    with pytest.raises(NothingLeftError):
        part_of(postings, amount)


@pytest.mark.django_db
def test_a_sale_is_given_back_in_parts_that_end_at_nothing() -> None:
    post_journal(cause="sale", postings=sale(33, 67), at=now(), about="title:x")
    back("back:1", 10)
    assert [balance_of(f"creator:c{n}", "EUR").amount_minor for n in (0, 1)] == [-30, -60]
    back("back:2", 45)
    back("back:3")
    assert not any(balance.amount for balance in list_balances())
    assert list_journal("back:1")[0].about == "title:x"
    with pytest.raises(NothingLeftError):
        back("back:4", 1)


@pytest.mark.django_db
def test_more_than_the_sale_is_not_given_back() -> None:
    post_journal(cause="sale", postings=sale(100), at=now())
    back("back:1", 60)
    with pytest.raises(NothingLeftError):
        back("back:2", 41)
    assert balance_of("creator:c0", "EUR") == euros(-40)


@pytest.mark.django_db
def test_the_same_cause_takes_back_once_and_nothing_else() -> None:
    post_journal(cause="sale", postings=sale(100), at=now())
    for _ in range(2):
        back("back:1", 60)
    assert balance_of("gateway:test", "EUR") == euros(40)
    for other in (lambda: back("back:1", 50), lambda: back("sale", 60)):
        with pytest.raises(IdempotencyConflictError):
            other()


@pytest.mark.django_db
def test_what_was_taken_back_can_come_back_and_be_taken_back_again() -> None:
    """A refund that the bank returned, then made another way."""
    post_journal(cause="sale", postings=sale(100), at=now())
    back("back:1", 100)
    reverse_journal(reversed_cause="back:1", cause="returned", at=now())
    assert balance_of("gateway:test", "EUR") == euros(100)
    back("back:2", 100)
    assert balance_of("gateway:test", "EUR") == euros(0)
