"""How much of a collection's price is paid already: never more than was paid, and nothing or the floor is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.monetization import crediting


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


WORTHS = st.lists(st.none() | st.integers(1, 1_500), min_size=1, max_size=6)


@given(WORTHS, st.integers(1, 3_000), st.none() | st.integers(1, 500))
def test_what_counts_is_never_more_than_was_paid_and_leaves_nothing_or_the_floor(worths, price, floor):
    ids = [new_id() for _ in worths]
    counts = {title_id: (new_id(), eur(worth)) for title_id, worth in zip(ids, worths, strict=True) if worth}
    parts = crediting.parts_of(ids, counts, price=eur(price), floor=eur(floor) if floor else None)
    assert [part.title_id for part in parts] == ids
    for part in parts:
        purchase_id, worth = counts.get(part.title_id, (None, eur(0)))
        assert 0 <= part.credit.amount_minor <= worth.amount_minor
        assert part.counted_id == (purchase_id if part.credit else None)
    left = price - sum(part.credit.amount_minor for part in parts)
    paid = sum(worth or 0 for worth in worths)
    assert left >= max(0, price - paid)
    assert left == 0 or floor is None or left >= min(floor, price)
    if floor is None:
        assert left == max(0, price - paid)


@pytest.mark.parametrize(
    ("paid", "worth"),
    [
        ({}, 1000),
        ({"refunded": 300, "refunded_tax": 48}, 700),
        ({"tax": 160}, 1000),
        ({"tax": 160, "tax_inclusive": False}, 840),
        ({"amount": 336, "relief": 64}, 400),
        ({"amount": 336, "relief": 64, "refunded": 100}, 280),  # of 280.95
        ({"amount": 336, "relief": 64, "refunded": 336}, 0),
        ({"tax": 160, "tax_inclusive": False, "refunded": 500, "refunded_tax": 80}, 420),
    ],
)
def test_what_a_purchase_is_worth(paid, worth: int) -> None:
    plain = {"amount": 1000, "tax": 0, "refunded": 0, "refunded_tax": 0, "tax_inclusive": True}
    assert crediting.worth_of(**plain | paid) == worth
