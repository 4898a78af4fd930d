"""What moved an account, by what caused it."""

from datetime import timedelta

import pytest

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal, totals_by_way


@pytest.mark.django_db
def test_an_account_is_summed_by_the_word_its_causes_begin_with() -> None:
    at, account = now(), "creator:one"
    for cause, minor, when in (
        ("purchase:a:paid", 900, at),
        ("purchase:b:paid", 100, at),
        ("tip:a:paid", 50, at),
        ("tip:b:paid", 70, at - timedelta(days=2)),
    ):
        money = Money(minor, "EUR")
        post_journal(cause=cause, postings=[Posting("gateway:test", money), Posting(account, -money)], at=when)
    today = at.date()
    assert totals_by_way(account, "EUR", today, today) == {"purchase": Money(-1_000, "EUR"), "tip": Money(-50, "EUR")}
    assert totals_by_way(account, "USD", today, today) == {}
