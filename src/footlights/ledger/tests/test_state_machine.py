"""Whatever is posted, repeated and reversed in any order: the books are a simple sum, and sum to nothing."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, balance_of, list_balances, post_journal, reverse_journal

ACCOUNTS = ["gateway:g", "platform:fees", "creator:a", "creator:b"]
lines = st.lists(
    st.tuples(
        st.sampled_from(ACCOUNTS), st.integers(-(10**6), 10**6).filter(bool), st.sampled_from(["EUR", "JPY", "KWD"])
    ),
    min_size=1,
    max_size=5,
)


def balanced(picked: list[tuple[str, int, str]]) -> list[Posting]:
    """`picked`, and for each line its opposite on another account."""
    return [
        posting
        for account, amount, currency in picked
        for posting in (Posting(account, Money(amount, currency)), Posting("platform:other", Money(-amount, currency)))
    ]


class Books(RuleBasedStateMachine):
    posted = Bundle("posted")

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model: Counter[tuple[str, str]] = Counter()
        self.number = 0

    @rule(target=posted, picked=lines)
    def post(self, picked):
        self.number += 1
        cause, postings = f"c{self.number}", balanced(picked)
        post_journal(cause=cause, postings=postings, at=now())
        self._count(postings, 1)
        return cause, postings

    @rule(journal=posted)
    def repeat(self, journal):
        post_journal(cause=journal[0], postings=journal[1], at=now())

    @rule(journal=posted, picked=lines)
    def reuse_the_cause(self, journal, picked):
        cause, postings = journal
        with pytest.raises(IdempotencyConflictError), transaction.atomic():
            post_journal(cause=cause, postings=[*postings, *balanced(picked)], at=now())

    @rule(journal=consumes(posted))
    def reverse(self, journal):
        cause, postings = journal
        for _ in range(2):
            reverse_journal(reversed_cause=cause, cause=f"{cause}:reversed", at=now())
        self._count(postings, -1)

    @invariant()
    def the_books_are_the_sum_of_what_was_posted(self):
        for (account, currency), amount in self.model.items():
            assert balance_of(account, currency) == Money(amount, currency)
        totals: Counter[str] = Counter()
        for balance in list_balances():
            totals[balance.amount.currency] += balance.amount.amount_minor
        assert not any(totals.values())

    def _count(self, postings, sign):
        for posting in postings:
            self.model[posting.account, posting.amount.currency] += sign * posting.amount.amount_minor

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)


@pytest.mark.django_db
def test_the_books_stay_in_balance() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Books, settings=settings(max_examples=12, stateful_step_count=12))
