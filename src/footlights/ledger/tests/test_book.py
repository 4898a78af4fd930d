"""What was posted and what a balance is are the same before lines are booked, after, and while they are."""

import random

import pytest
from django.db import transaction

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, balance_of, list_balances, list_postings, post_journal
from footlights.ledger.jobs import book_lines
from footlights.ledger.models import BookedRow, FreshRow, TotalRow
from footlights.ledger.operations.book import book
from footlights.ledger.tests.test_concurrency import at_once


def sell(cause: str, minor: int = 400) -> None:
    postings = [Posting("gateway:test", Money(minor, "EUR")), Posting("creator:c", Money(-minor, "EUR"))]
    post_journal(cause=cause, postings=postings, at=now())


@pytest.mark.django_db
def test_booking_changes_no_balance_and_no_posting_and_leaves_nothing_beside_them():
    for cause in ("a", "b"):
        sell(cause)
        before = list_balances(), list_postings("creator:c")
        book_lines(0)
        assert (list_balances(), list_postings("creator:c")) == before
    assert not FreshRow.objects.exists()
    assert {str(row) for row in TotalRow.objects.all()} == {"gateway:test 800 EUR", "creator:c -800 EUR"}
    assert BookedRow.objects.count() == 4
    sell("c")
    assert {str(row) for row in FreshRow.objects.all()} == {"gateway:test 400 EUR", "creator:c -400 EUR"}
    assert balance_of("creator:c", "EUR") == Money(-1200, "EUR")


@pytest.mark.django_db
def test_what_is_rolled_back_was_never_booked():
    sell("a")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sell("b")
        book()
        raise ZeroDivisionError
    assert balance_of("creator:c", "EUR") == Money(-400, "EUR")


@pytest.mark.django_db(transaction=True)
def test_balances_are_exact_while_many_sell_and_several_book():
    chance = random.Random(11)
    acts = [lambda n=n: sell(f"s{n}", 100) for n in range(80)] + [book for _each in range(20)]
    chance.shuffle(acts)

    def act_and_look(act) -> bool:
        act()
        with transaction.atomic():
            return sum(each.amount.amount_minor for each in list_balances()) == 0

    assert all(at_once(act_and_look, acts))
    assert balance_of("creator:c", "EUR") == Money(-8000, "EUR")
