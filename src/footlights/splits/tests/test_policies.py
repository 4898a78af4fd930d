import itertools
import uuid
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.splits.policies import MAX_PARTIES, check_parties, divide, shares_from
from footlights.splits.records import WHOLE_BPS, NewParty

CHANNEL, A, B = (uuid.UUID(int=number) for number in (9, 1, 2))


@st.composite
def wholes(draw) -> list[tuple[str, int]]:
    """Shares of one to eight accounts, some of them zero, that sum to the whole."""
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE_BPS), max_size=7)))
    edges = [0, *cuts, WHOLE_BPS]
    return [(f"person:{i}", after - before) for i, (before, after) in enumerate(itertools.pairwise(edges))]


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]), wholes())
def test_parts_sum_to_the_amount_and_are_within_a_unit_of_their_exact_share(amount, currency, shares) -> None:
    parts = divide(Money(amount, currency), shares)
    assert sum(part.amount_minor for _account, part in parts) == amount
    given_to = dict(parts)
    assert len(given_to) == len(parts)
    for account, bps in shares:
        part = given_to.get(account, Money(0, currency))
        assert abs(part.amount_minor - Fraction(amount * bps, WHOLE_BPS)) < 1
        assert part or account not in given_to, "a part that moves nothing is left out"


@given(st.integers(0, 10**9), wholes())
def test_nobody_gets_more_by_a_smaller_share_than_by_a_larger(amount, shares) -> None:
    parts = dict(divide(Money(amount, "EUR"), shares))
    by_share = sorted(shares, key=lambda each: each[1])
    got = [parts.get(account, Money(0, "EUR")).amount_minor for account, _bps in by_share]
    for (smaller, larger), (less, more) in zip(itertools.pairwise(by_share), itertools.pairwise(got), strict=True):
        assert less <= more or smaller[1] == larger[1]


def test_the_unit_left_over_goes_to_the_largest_remainder_and_then_to_the_first() -> None:
    thirds = [("a:a", 3_333), ("b:b", 3_333), ("c:c", 3_334)]
    assert [part.amount_minor for _, part in divide(Money(100, "EUR"), thirds)] == [33, 33, 34]
    assert divide(Money(1, "JPY"), [("a:a", 5_000), ("b:b", 5_000)]) == [("a:a", Money(1, "JPY"))]


def test_shares_that_are_no_whole_divide_nothing() -> None:
    with pytest.raises(InvalidInputError, match="sum to the whole"):
        divide(Money(100, "EUR"), [("a:a", 9_999)])


def test_the_channel_keeps_the_rest_and_comes_first() -> None:
    assert shares_from(CHANNEL, [(B, 2_000), (A, 1_000)]) == (
        (f"creator:{CHANNEL}", 7_000),
        (f"person:{A}", 1_000),
        (f"person:{B}", 2_000),
    )


def test_a_channel_may_give_away_all_and_who_has_nothing_is_not_named() -> None:
    assert shares_from(CHANNEL, [(A, WHOLE_BPS), (B, 0)]) == ((f"person:{A}", WHOLE_BPS),)
    assert shares_from(CHANNEL, [(A, 0)]) == shares_from(CHANNEL, []) == ()


@pytest.mark.parametrize(
    ("parties", "sentence"),
    [
        ([NewParty("a@x.org", 100), NewParty("a@x.org", 100)], "each person once"),
        ([NewParty(f"{n}@x.org", 1) for n in range(MAX_PARTIES + 1)], "at most"),
        ([NewParty("a@x.org", 0)], "above zero"),
        ([NewParty("a@x.org", WHOLE_BPS + 1)], "above zero"),
        ([NewParty("a@x.org", 6_000), NewParty("b@x.org", 4_001)], "more than 100"),
    ],
)
def test_what_cannot_be_shared_is_refused_in_words(parties, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        check_parties(parties)


def test_the_whole_may_be_shared_among_as_many_as_there_may_be() -> None:
    check_parties([NewParty(f"{n}@x.org", WHOLE_BPS // MAX_PARTIES) for n in range(MAX_PARTIES)])
    check_parties([])
