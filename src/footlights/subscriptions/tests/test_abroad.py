"""Members abroad pay in their currency, and keep it and its price for as long as they are members."""

import pytest

from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.prices.api import Asked, Buyer, LocalPrice, Market
from footlights.prices.testing import know_rates, sell_in
from footlights.subscriptions import api
from footlights.subscriptions.api import TermsChangedError
from footlights.subscriptions.errors import NotNowError
from footlights.subscriptions.models import InvoiceRow, TermsRow
from footlights.subscriptions.testing import begin, make_plan
from footlights.terms.api import NewTerm, SaleKind, Term, set_terms

pytestmark = pytest.mark.django_db
JAPAN = Buyer("JP")


@pytest.fixture
def plan(channel):
    know_rates()
    sell_in(channel, Market("JPY"))
    return make_plan(channel, year=10_000, intro_price=Money(500, "EUR"), intro_periods=1)


def join(viewer, plan, **more):
    """In Japan, by the month."""
    asked = {"terms_id": plan.terms[0].id, "idempotency_key": str(new_id()), "country": "JP"} | more
    return api.subscribe(subscriber_id=viewer.id, at=now(), **asked)


def yen(minor: int) -> LocalPrice:
    return LocalPrice("JPY", "", Asked(Money(minor, "JPY"), Money(minor // 2, "JPY")))


def test_plans_are_asked_for_in_the_buyers_currency(channel, plan, django_assert_num_queries):
    assert [each.price for each in plan.terms] == [Money(1000, "EUR"), Money(10_000, "EUR")]
    api.list_plans(channel.id, JAPAN)  # what is sold where is read once for everybody
    with django_assert_num_queries(3):
        [local] = api.list_plans(channel.id, JAPAN)
    assert [(each.price, each.intro_price) for each in local.terms] == [
        (Money(1600, "JPY"), Money(800, "JPY")),
        (Money(16_000, "JPY"), Money(800, "JPY")),
    ]
    assert [each.id for each in local.terms] == [each.id for each in plan.terms]


def test_who_joins_abroad_keeps_currency_and_price_whatever_is_agreed_to_later(creator, viewer, channel, plan):
    begun = join(viewer, plan, shown=Money(1600, "JPY"))
    assert (begun.terms.price, begun.terms.offered_id) == (Money(1600, "JPY"), plan.terms[0].id)
    assert InvoiceRow.objects.get().amount == Money(800, "JPY")
    prices = {plan.terms[0].id: [yen(2000)]}
    api.agree_abroad(channel_id=channel.id, editor_id=creator.id, prices=prices, at=now())
    assert api.list_plans(channel.id, JAPAN)[0].terms[0].price == Money(2000, "JPY")
    assert api.get_subscription(begun.id).terms.price == Money(1600, "JPY")
    make_plan(channel, month=1_200)
    assert api.get_subscription(begun.id).terms.price == Money(1600, "JPY")


def test_two_who_join_abroad_have_the_same_terms(viewer, stranger, plan):
    assert join(viewer, plan).terms.id == join(stranger, plan).terms.id
    assert TermsRow.objects.filter(local_of__isnull=False).count() == 1
    assert len(api.get_plan(plan.id).terms) == 2


def test_another_price_than_the_page_said_is_not_charged(viewer, plan):
    with pytest.raises(TermsChangedError):
        join(viewer, plan, shown=Money(1599, "JPY"))
    with pytest.raises(TermsChangedError):
        join(viewer, plan, shown=Money(1000, "EUR"))


def test_a_second_click_abroad_is_the_same_subscription(viewer, plan):
    first = join(viewer, plan, idempotency_key="a")
    assert join(viewer, plan, idempotency_key="a").id == first.id
    with pytest.raises(IdempotencyConflictError):
        join(viewer, plan, idempotency_key="a", terms_id=plan.terms[1].id)


def test_a_chosen_currency_counts_more_than_the_country(viewer, plan):
    assert join(viewer, plan, currency="EUR").terms.id == plan.terms[0].id


def test_who_pays_in_one_currency_goes_to_other_plans_in_it_alone(creator, viewer, channel, plan):
    gold = make_plan(channel, tier=2, month=2_000)
    begun = begin(viewer, plan, country="JP")
    own = {"subscription_id": begun.id, "subscriber_id": viewer.id, "at": now()}
    change = api.quote_change(terms_id=gold.terms[0].id, **own)
    assert (change.is_now, change.due.currency) == (True, "JPY")
    after = api.change_plan(
        terms_id=plan.terms[1].id, due=api.quote_change(terms_id=plan.terms[1].id, **own).due, **own
    )
    assert after.buyer.currency == "JPY"
    assert api.change_plan(terms_id=after.terms.offered_id, due=Money(0, "JPY"), **own).next_terms is None
    api.agree_abroad(channel_id=channel.id, editor_id=creator.id, prices={gold.terms[0].id: []}, at=now())
    with pytest.raises(NotNowError):
        api.quote_change(terms_id=gold.terms[0].id, **own)


def test_another_price_at_home_goes_abroad_in_proportion(creator, channel, plan):
    api.agree_abroad(channel_id=channel.id, editor_id=creator.id, prices={plan.terms[0].id: [yen(1000)]}, at=now())
    know_rates(JPY="320")
    make_plan(channel, month=2_000)
    assert api.list_plans(channel.id, JAPAN)[0].terms[0].price == Money(2000, "JPY")


def test_nobody_but_the_channels_own_people_prices_its_plans(stranger, creator, channel, plan):
    asked = {"channel_id": channel.id, "prices": {plan.terms[0].id: [yen(1)]}, "at": now()}
    with pytest.raises(NotFoundError):
        api.agree_abroad(editor_id=stranger.id, **asked)
    with pytest.raises(NotFoundError):
        api.agree_abroad(editor_id=creator.id, **asked | {"prices": {new_id(): [yen(1)]}})
    with pytest.raises(InvalidInputError):
        api.agree_abroad(editor_id=creator.id, **asked | {"prices": {plan.terms[0].id: [yen(0)]}})


def test_what_the_platform_does_not_allow_abroad_is_not_asked(stranger, channel):
    know_rates()
    sell_in(channel, Market("JPY"))
    at = now()
    floor = NewTerm(term=Term.PRICE_FLOOR_MINOR, kind=SaleKind.SUBSCRIPTION, currency="JPY", value=9_000)
    set_terms(changes=[floor], by_id=stranger.id, at=at, from_at=at)
    make_plan(channel)
    assert api.list_plans(channel.id, JAPAN)[0].terms[0].price == Money(1000, "EUR")
