import pytest

from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.subscriptions import api
from footlights.subscriptions.api import Interval, NewTerms
from footlights.subscriptions.policies.pricing import check_terms
from footlights.subscriptions.testing import make_plan

TEN = Money(1_000, "EUR")


@pytest.mark.django_db
def test_a_tier_that_stays_keeps_its_terms_and_another_price_is_other_terms(channel) -> None:
    first = make_plan(channel, year=10_000, name="Friends")
    assert make_plan(channel, year=10_000, name="Friends") == first
    again = make_plan(channel, month=1_000, year=11_000, name="Good friends")
    assert again.id == first.id
    assert again.name == "Good friends"
    assert again.terms[0].id == first.terms[0].id
    assert again.terms[1].id != first.terms[1].id
    assert [plan.name for plan in api.list_plans(channel.id)] == ["Good friends"]
    assert not api.get_terms(first.terms[1].id).is_offered


@pytest.mark.django_db
def test_a_withdrawn_plan_is_offered_to_nobody_and_strangers_offer_nothing(channel, stranger) -> None:
    plan = make_plan(channel)
    for act in (
        lambda: api.withdraw_plan(plan_id=plan.id, editor_id=stranger.id, at=now()),
        lambda: api.withdraw_plan(plan_id=new_id(), editor_id=stranger.id, at=now()),
        lambda: api.offer_plan(
            channel_id=channel.id, editor_id=stranger.id, tier=1, name="x", words="", terms=[], at=now()
        ),
        lambda: api.get_plan(new_id()),
        lambda: api.get_terms(new_id()),
    ):
        with pytest.raises(NotFoundError):
            act()
    for _ in range(2):
        api.withdraw_plan(plan_id=plan.id, editor_id=channel.owner_id, at=now())
    assert api.list_plans(channel.id) == []
    assert not api.get_plan(plan.id).is_offered


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("tier", {"tier": 0}),
        ("tier", {"tier": 10}),
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 61}),
        ("month", {"terms": []}),
        ("month", {"terms": [NewTerms(Interval.MONTH, TEN)] * 2}),
        ("month", {"terms": [NewTerms(Interval.MONTH, Money(0, "EUR"))]}),
        ("year", {"terms": [NewTerms(Interval.YEAR, Money(MAX_AMOUNT_MINOR + 1, "EUR"))]}),
        ("trial_days", {"terms": [NewTerms(Interval.MONTH, TEN, trial_days=91)]}),
        ("intro", {"terms": [NewTerms(Interval.MONTH, TEN, intro_periods=1)]}),
        ("intro", {"terms": [NewTerms(Interval.MONTH, TEN, intro_price=TEN, intro_periods=1)]}),
        ("intro", {"terms": [NewTerms(Interval.MONTH, TEN, intro_price=Money(5, "USD"), intro_periods=1)]}),
        ("intro_periods", {"terms": [NewTerms(Interval.MONTH, TEN, intro_price=Money(5, "EUR"))]}),
    ],
)
def test_what_cannot_be_offered_is_refused_at_its_field(field, given) -> None:
    asked = {"tier": 1, "name": "Friends", "terms": [NewTerms(Interval.MONTH, TEN)]} | given
    with pytest.raises(InvalidInputError) as refused:
        check_terms(**asked)
    assert refused.value.field == field


def test_a_plain_offer_is_allowed() -> None:
    terms = NewTerms(Interval.MONTH, TEN, trial_days=7, intro_price=Money(5, "EUR"), intro_periods=3)
    check_terms(tier=1, name="Friends", terms=[terms])
