"""Many connections write the books at once, and they stay exact."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Sum

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, balance_of, post_journal
from footlights.ledger.models import BalanceRow, Journal, PostingRow

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(function, inputs, workers: int = 8) -> list:
    """Each call in a thread with a connection of its own."""

    def call(value):
        try:
            return function(value)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(call, inputs))


def sale(cause: str, amount: int, channels: list[str]) -> object:
    parts = [Posting(f"creator:{channel}", Money(-amount, "EUR")) for channel in channels]
    postings = [Posting("gateway:test", Money(amount * len(channels), "EUR")), *parts]
    return post_journal(cause=cause, postings=postings, at=now())


def test_balances_are_exact_and_nobody_deadlocks() -> None:
    chance = random.Random(7)
    sales = [(f"s{n}", chance.randint(1, 999), chance.sample(["a", "b", "c", "d"], 3)) for n in range(120)]
    at_once(lambda one: sale(*one), sales)
    assert balance_of("gateway:test", "EUR").amount_minor == sum(amount * 3 for _, amount, _ in sales)
    kept = {
        row["account"]: row["total"] for row in BalanceRow.objects.values("account").annotate(total=Sum("amount_minor"))
    }
    summed = {
        row["account"]: row["total"] for row in PostingRow.objects.values("account").annotate(total=Sum("amount_minor"))
    }
    assert kept == summed
    assert sum(kept.values()) == 0


def test_fifty_posts_of_one_cause_are_one_journal() -> None:
    ids = at_once(lambda _: sale("one", 400, ["a"]), range(50))
    assert len(set(ids)) == 1
    assert Journal.objects.count() == 1
    assert balance_of("creator:a", "EUR") == Money(-400, "EUR")
