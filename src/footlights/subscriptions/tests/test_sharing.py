"""How a month of the pass is divided: pure, over thousands of random months against what must always hold."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footlights.subscriptions.policies.sharing import FEE, Shared, share

ANN, BEN, CLEO = (uuid.UUID(int=number) for number in (1, 2, 3))
LAMP, TIDE, SNOW = (uuid.UUID(int=number) for number in (11, 12, 13))
PEOPLE, TITLES = (ANN, BEN, CLEO), (LAMP, TIDE, SNOW)

WATCHED = st.dictionaries(
    st.sampled_from(PEOPLE), st.dictionaries(st.sampled_from(TITLES), st.integers(0, 10_000)), max_size=3
)
MONTHS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(PEOPLE), st.integers(-3_000, 3_000)), WATCHED, st.booleans()),
    min_size=1,
    max_size=6,
)


def shared(money, watched, **more) -> Shared:
    return share(money, watched, **{"fee_bps": 1_000, "by_subscriber": True, "currency": "EUR"} | more)


def test_each_ones_money_goes_to_what_they_watched() -> None:
    watched = {ANN: {LAMP: 3_600}, BEN: {LAMP: 60, TIDE: 180}}
    assert shared({ANN: 1_000, BEN: 2_000}, watched).of_title() == {FEE: 300, LAMP: 900 + 450, TIDE: 1_350}


def test_pooled_money_goes_by_the_minutes_of_all() -> None:
    watched = {ANN: {LAMP: 3_600}, BEN: {LAMP: 60, TIDE: 3_660}}
    found = shared({ANN: 1_000, BEN: 2_000}, watched, by_subscriber=False)
    assert found.of_title() == {FEE: 300, LAMP: 1_350, TIDE: 1_350}


def test_who_watched_nothing_pays_what_others_watched_and_nobody_watching_waits() -> None:
    found = shared({ANN: 1_000, BEN: 1_000}, {ANN: {LAMP: 5}})
    assert found.parts == {(ANN, FEE): 100, (ANN, LAMP): 900, (BEN, FEE): 100, (None, LAMP): 900}
    found = shared({ANN: 1_000}, {}, brought=50)
    assert (found.of_title(), found.carried) == ({FEE: 100}, 950)
    assert shared({}, {ANN: {LAMP: 1}}, brought=950).of_title() == {LAMP: 950}


def test_what_went_back_comes_from_those_who_got_it_fee_and_all() -> None:
    earlier = {ANN: {FEE: 100, LAMP: 600, TIDE: 300}}
    assert shared({ANN: -500}, {}, earlier=earlier).of_title() == {FEE: -50, LAMP: -300, TIDE: -150}


def test_what_cannot_be_told_apart_comes_out_of_what_all_have() -> None:
    found = shared({ANN: -1_000, BEN: 2_000}, {BEN: {TIDE: 1}}, earlier={ANN: {FEE: 100}}, by_subscriber=False)
    assert found.parts == {(ANN, FEE): -100, (BEN, FEE): 200, (None, TIDE): 900}
    assert shared({ANN: -1_000}, {}).carried == -1_000


@settings(max_examples=150)
@given(months=MONTHS, fee_bps=st.integers(0, 10_000))
def test_whatever_happens_every_month_sums_and_nobody_gives_back_more_than_they_got(months, fee_bps) -> None:
    """A small model of many months on end: what was carried goes on, what was shared can be taken back."""
    brought, so_far = 0, {}
    for money, watched, by_subscriber in months:
        found = shared(money, watched, brought=brought, earlier=so_far, fee_bps=fee_bps, by_subscriber=by_subscriber)
        assert sum(found.parts.values()) + found.carried == sum(money.values()) + brought
        for (whose, title), minor in found.parts.items():
            if whose is None:
                assert minor > 0, "what all have is shared, never taken back from a title"
                continue
            assert (minor > 0) == (money[whose] > 0)
            own = so_far.setdefault(whose, {})
            own[title] = own.get(title, 0) + minor
            assert own[title] >= 0, "nobody gives back more than they got of it"
        for whose, minor in money.items():
            if minor > 0 and by_subscriber and any(watched.get(whose, {}).values()):
                assert sum(part for (who, _title), part in found.parts.items() if who == whose) == minor
        brought = found.carried


@pytest.mark.parametrize("by_subscriber", [True, False])
def test_the_rounding_favours_nobody_by_more_than_a_unit(by_subscriber) -> None:
    money = dict.fromkeys(PEOPLE, 333)
    found = shared(money, dict.fromkeys(PEOPLE, dict.fromkeys(TITLES, 1)), by_subscriber=by_subscriber, fee_bps=0)
    for minor in found.parts.values():
        assert abs(minor * 3 - (333 if by_subscriber else 999)) <= 3
