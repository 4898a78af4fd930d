"""A balance is the same before its changes are added up, after, and while they are."""

import random

import pytest
from django.db import transaction

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, balance_of, list_balances, post_journal
from footlights.ledger.jobs import add_changes_up
from footlights.ledger.models import ChangeRow, TotalRow
from footlights.ledger.operations.add_up import add_up
from footlights.ledger.tests.test_concurrency import at_once


def sell(cause: str, minor: int = 400) -> None:
    postings = [Posting("gateway:test", Money(minor, "EUR")), Posting("creator:c", Money(-minor, "EUR"))]
    post_journal(cause=cause, postings=postings, at=now())


@pytest.mark.django_db
def test_adding_up_changes_no_balance_and_leaves_nothing_beside_the_totals():
    for cause in ("a", "b"):
        sell(cause)
        before = list_balances()
        add_changes_up(0)
        assert list_balances() == before
    assert not ChangeRow.objects.exists()
    assert {str(row) for row in TotalRow.objects.all()} == {"gateway:test 800 EUR", "creator:c -800 EUR"}
    sell("c")
    assert {str(row) for row in ChangeRow.objects.all()} == {"gateway:test 400 EUR", "creator:c -400 EUR"}
    assert balance_of("creator:c", "EUR") == Money(-1200, "EUR")


@pytest.mark.django_db
def test_what_is_taken_back_was_never_added_up():
    sell("a")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sell("b")
        add_up()
        raise ZeroDivisionError
    assert balance_of("creator:c", "EUR") == Money(-400, "EUR")


@pytest.mark.django_db(transaction=True)
def test_balances_are_exact_while_many_sell_and_several_add_up():
    chance = random.Random(11)
    acts = [lambda n=n: sell(f"s{n}", 100) for n in range(80)] + [add_up for _each in range(20)]
    chance.shuffle(acts)

    def act_and_look(act) -> bool:
        act()
        with transaction.atomic():
            return sum(each.amount.amount_minor for each in list_balances()) == 0

    assert all(at_once(act_and_look, acts))
    assert balance_of("creator:c", "EUR") == Money(-8000, "EUR")
