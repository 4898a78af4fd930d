"""Coupons on memberships: what they take off which payment, exactly, and that no use is lost or given twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import Coupon, CouponRefusedError, Covers, get_coupon, list_coupons
from footlights.monetization.testing import make_coupon_of, make_house_coupon_of
from footlights.payments.api import refund_payment
from footlights.payments.testing import pay, pay_with, webhooks_arrive
from footlights.prices.api import Asked, Buyer, LocalPrice, Market
from footlights.prices.testing import sell_in
from footlights.subscriptions import api
from footlights.subscriptions.api import State
from footlights.subscriptions.models import AttemptRow, InvoiceRow, SubscriptionRow
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.operations.note_declined import note_declined
from footlights.subscriptions.policies import coupons
from footlights.subscriptions.testing import advance_due, make_pass, make_plan

DAY = timedelta(days=1)


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


def make_coupon(channel, **new) -> Coupon:
    """A quarter off the first payment, by the code SPRING."""
    return make_coupon_of(channel, **{"covers": Covers.MEMBERSHIPS, "periods": 1} | new)


def used(coupon: Coupon) -> int:
    return get_coupon(coupon_id=coupon.id, channel_id=coupon.channel_id).used


def begin(person, terms, *, coupon: str = "spring", key: str = "k", at=None, **where):
    asked = {"subscriber_id": person.id, "terms_id": terms.id, "idempotency_key": key, "at": at or now()}
    return api.subscribe(**asked, coupon=coupon, **where)


def quote(person, terms, coupon: str = "spring", buyer: Buyer | None = None) -> api.Joining:
    buyer = buyer or Buyer("")
    return api.quote_join(subscriber_id=person.id, terms_id=terms.id, buyer=buyer, coupon=coupon, at=now())


def paid(begun, card: str = "paid"):
    pay_with(card, begun.hosted_url)
    with webhooks_arrive():
        run_jobs(only="payments")
    run_jobs(only="subscriptions")
    return api.get_subscription(begun.id)


def renew(subscription, times: int = 1):
    for _each in range(times):
        advance_due(at=subscription.due_at)
        subscription = api.get_subscription(subscription.id)
    return subscription


def amounts(subscription) -> list[int]:
    return [each.amount.amount_minor for each in reversed(api.list_invoices(subscription.id))]


@pytest.mark.django_db
def test_the_platforms_coupon_leaves_makers_their_share_of_the_whole_price(viewer, staff, channel, plan, balances):
    """Earned by the day, given back in proportion; and nothing is left anywhere once all of it went back."""
    house = {"code": "HOUSE", "covers": Covers.MEMBERSHIPS, "periods": 2, "percent_bps": 3_000}
    coupon = make_house_coupon_of(staff, **house)
    shown = quote(viewer, plan.terms[0], "house")
    assert (shown.free_months, shown.first) == (0, eur(700))
    own = paid(begin(viewer, plan.terms[0], coupon="house"))
    assert balances() == {"gateway:sandbox": 700, "platform:coupons": 300, f"deferred:{own.id}": -1_000}
    assert used(coupon) == 1
    earn_due(at=own.period_end)
    assert balances() == {
        "gateway:sandbox": 700,
        "platform:coupons": 300,
        "platform:fees": -100,
        f"creator:{channel.id}": -900,
    }
    own = renew(renew(own))
    assert amounts(own) == [700, 700, 1_000]
    assert balances()["platform:coupons"] == 600
    second = InvoiceRow.objects.get(number=2)
    for part in (eur(333), None):
        refund_payment(
            payment_id=AttemptRow.objects.get(invoice=second).payment_id,
            idempotency_key=str(part),
            amount=part,
            at=own.period_start,
        )
        with webhooks_arrive():
            run_jobs(only="payments")
        run_jobs(only="subscriptions")
        assert sum(balances().values()) == 0
        assert balances()["platform:coupons"] == 600 - (300 if part is None else 300 * 333 // 700)


@pytest.mark.django_db
def test_the_pass_takes_no_coupon_of_the_platform_that_sells_it(viewer, staff) -> None:
    make_house_coupon_of(staff, covers=Covers.MEMBERSHIPS, periods=1)
    with pytest.raises(CouponRefusedError, match="no coupon"):
        quote(viewer, make_pass(staff).terms[0], "house")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({}, [750, 1000, 1000]),
        ({"periods": 2}, [750, 750, 1000]),
        ({"periods": None}, [750, 750, 750]),
        ({"percent_bps": None, "amount": eur(300), "periods": 2}, [700, 700, 1000]),
        ({"percent_bps": None, "amount": eur(1000), "periods": None}, [1, 1, 1]),  # a gateway cannot charge nothing
    ],
)
def test_renewals_honour_it_for_as_long_as_it_says(viewer, channel, plan, balances, new, expected) -> None:
    coupon = make_coupon(channel, **new)
    shown = quote(viewer, plan.terms[0])
    own = paid(begin(viewer, plan.terms[0]))
    assert shown.first.amount_minor == amounts(own)[0]
    for number in (1, 2):
        due = api.quote_next(own.id, now())
        own = renew(own)
        assert due.amount_minor == amounts(own)[number]
    assert amounts(own) == expected
    assert used(coupon) == 1
    assert own.coupon_left == (None if new.get("periods", 1) is None else 0)
    earn_due(at=own.period_end)
    assert balances()["gateway:sandbox"] == sum(expected)
    assert "deferred" not in "".join(balances()), "what was paid, and no more, was earned"


@pytest.mark.django_db
def test_who_cancels_and_returns_keeps_it_and_who_joins_again_has_had_it(viewer, channel, plan) -> None:
    make_coupon(channel, periods=3)
    own = paid(begin(viewer, plan.terms[0]))
    api.cancel(subscription_id=own.id, subscriber_id=viewer.id, at=now())
    api.come_back(subscription_id=own.id, subscriber_id=viewer.id, at=now())
    own = renew(api.get_subscription(own.id))
    assert (amounts(own), own.coupon_left) == ([750, 750], 1)
    api.cancel(subscription_id=own.id, subscriber_id=viewer.id, at=now())
    own = renew(api.get_subscription(own.id))
    assert own.state is State.ENDED
    with pytest.raises(CouponRefusedError, match="already"):
        begin(viewer, plan.terms[0], key="again")


@pytest.mark.django_db
def test_a_change_of_plan_counts_what_was_paid_and_the_coupon_where_it_reaches(viewer, channel, plan) -> None:
    make_coupon(channel, percent_bps=5_000, periods=3, interval="month")
    dear = make_plan(channel, tier=2, month=3_000, year=30_000)
    own = paid(begin(viewer, plan.terms[0]))
    at = own.period_start
    asked = {"subscription_id": own.id, "subscriber_id": viewer.id, "at": at}
    yearly = api.quote_change(**asked, terms_id=dear.terms[1].id)
    assert (yearly.discount, yearly.credit, yearly.due) == (None, eur(500), eur(29_500)), "of who pays monthly only"
    monthly = api.quote_change(**asked, terms_id=dear.terms[0].id)
    assert (monthly.discount, monthly.credit, monthly.due) == (eur(1_500), eur(500), eur(1_000))
    own = api.change_plan(**asked, terms_id=dear.terms[0].id, due=monthly.due)
    invoice = api.list_invoices(own.id)[0]
    assert (invoice.price, invoice.discount, invoice.credit, invoice.amount, own.coupon_left) == (
        eur(1_500), eur(1_500), eur(500), eur(1_000), 1,
    )  # fmt: skip
    own = renew(own, 2)
    assert amounts(own) == [500, 1_000, 1_500, 3_000]


@pytest.mark.django_db
@pytest.mark.parametrize(("interval", "trial", "months"), [("month", 0, 2), ("month", 7, 2), ("year", 0, 24)])
def test_everything_off_is_free_for_that_long_and_then_costs_its_price(
    viewer, channel, interval, trial, months
) -> None:
    coupon = make_coupon(channel, percent_bps=10_000, periods=2)
    terms = make_plan(channel, year=10_000, trial_days=trial).terms[interval == "year"]
    shown = quote(viewer, terms)
    assert (shown.free_months, shown.trial_days, shown.is_free_at_first, shown.first) == (
        months, trial, True, terms.price,
    )  # fmt: skip
    begun = begin(viewer, terms)
    assert begun.state is State.PENDING
    assert not InvoiceRow.objects.exists()
    own = paid(begun)
    assert own.state is State.TRIALING
    at = own.began_at + trial * DAY
    assert (own.period_end.year * 12 + own.period_end.month) - (at.year * 12 + at.month) == months
    assert used(coupon) == 1
    own = renew(own)
    assert (own.state, amounts(own)) == (State.ACTIVE, [terms.price.amount_minor])


@pytest.mark.django_db
def test_who_tried_before_gets_the_free_month_and_no_second_trial(viewer, channel) -> None:
    plan = make_plan(channel, trial_days=14)
    tried = paid(begin(viewer, plan.terms[0], coupon=""))
    api.cancel(subscription_id=tried.id, subscriber_id=viewer.id, at=now())
    advance_due(at=tried.period_end)
    make_coupon(channel, percent_bps=10_000)
    at = tried.period_end + DAY
    own = paid(begin(viewer, plan.terms[0], key="again", at=at))
    assert own.state is State.TRIALING
    assert own.period_end - own.period_start <= 31 * DAY


@pytest.mark.django_db
def test_a_coupon_that_ran_out_during_checkout_charges_nothing_and_says_so(viewer, channel, plan) -> None:
    coupon = make_coupon(channel, uses_max=1)
    assert quote(viewer, plan.terms[0]).discount == eur(250)
    first = begin(make_person(), plan.terms[0])
    with pytest.raises(CouponRefusedError, match="used up"):
        begin(viewer, plan.terms[0])
    assert not SubscriptionRow.objects.filter(subscriber_id=viewer.id).exists()
    pay("declined", first.hosted_url)
    assert used(coupon) == 0, "nobody paid, so somebody else may use it"
    assert paid(begin(viewer, plan.terms[0])).state is State.ACTIVE
    assert used(coupon) == 1


@pytest.mark.django_db
def test_who_types_the_code_late_gives_up_the_page_without_it(viewer, channel, plan) -> None:
    coupon = make_coupon(channel, uses_max=1)
    plain = begin(viewer, plan.terms[0], coupon="")
    lowered = begin(viewer, plan.terms[0], key="with a code")
    assert begin(viewer, plan.terms[0], key="second tab").id == lowered.id != plain.id
    assert (api.get_subscription(plain.id).state, used(coupon)) == (State.ENDED, 1)
    assert begin(viewer, plan.terms[0], coupon="", key="rather not").id != lowered.id
    assert used(coupon) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("taken", [False, True])
def test_a_page_paid_late_has_its_price_whatever_became_of_the_coupon(viewer, channel, plan, taken) -> None:
    coupon = make_coupon(channel, uses_max=1)
    late = begin(viewer, plan.terms[0])
    note_declined(attempt_id=AttemptRow.objects.get().pk, reason="expired", at=now())
    if taken:
        begin(make_person(), plan.terms[0])
    own = paid(late)
    assert (own.state, amounts(own), used(coupon)) == (State.ACTIVE, [750], 1)


@pytest.mark.django_db
def test_a_free_time_that_nobody_began_lapses_and_releases_it(viewer, channel, plan) -> None:
    coupon = make_coupon(channel, percent_bps=10_000)
    begun = begin(viewer, plan.terms[0])
    assert used(coupon) == 1
    advance_due(at=now() + 2 * DAY)
    assert (api.get_subscription(begun.id).state, used(coupon)) == (State.ENDED, 0)


@pytest.mark.django_db
def test_a_refund_gives_back_what_was_paid_and_never_the_price(viewer, channel, plan, balances) -> None:
    coupon = make_coupon(channel, periods=None)
    paid(begin(viewer, plan.terms[0]))
    refund_payment(payment_id=AttemptRow.objects.get().payment_id, idempotency_key="r", at=now())
    with webhooks_arrive():
        run_jobs(only="payments")
    run_jobs(only="subscriptions")
    assert InvoiceRow.objects.get().refunded_minor == 750
    assert balances() == {}
    assert used(coupon) == 1, "one use is one use"


@pytest.mark.django_db
def test_abroad_it_takes_the_same_part_off(viewer, channel) -> None:
    sell_in(channel, Market("USD"))
    plan = make_plan(channel)
    [terms] = plan.terms
    api.agree_abroad(
        channel_id=channel.id,
        editor_id=channel.owner_id,
        prices={terms.id: [LocalPrice("USD", "", Asked(Money(1_200, "USD")))]},
        at=now(),
    )
    make_coupon(channel, percent_bps=None, amount=eur(250))
    assert quote(viewer, terms, buyer=Buyer("", "USD")).discount == Money(300, "USD")
    own = paid(begin(viewer, terms, currency="USD"))
    assert amounts(own) == [900]


@pytest.mark.django_db
def test_the_introductory_price_is_lowered_and_so_are_those_after_it(viewer, channel) -> None:
    make_coupon(channel, percent_bps=None, amount=eur(400), periods=2)
    plan = make_plan(channel, intro_price=eur(400), intro_periods=1)
    own = renew(paid(begin(viewer, plan.terms[0])), 2)
    assert amounts(own) == [1, 600, 1000]


@pytest.mark.django_db
def test_a_code_of_another_channel_or_plan_takes_nothing_off(viewer, channel, plan) -> None:
    other = make_plan(channel, tier=2, month=2_000)
    make_coupon(channel, plan_id=other.id)
    with pytest.raises(CouponRefusedError, match="something else"):
        quote(viewer, plan.terms[0])
    assert quote(viewer, other.terms[0]).discount == eur(500)
    elsewhere = make_plan(make_channel(make_person()))
    with pytest.raises(CouponRefusedError, match="no coupon"):
        begin(viewer, elsewhere.terms[0])


@pytest.mark.django_db
def test_the_database_keeps_a_coupon_whole(viewer, plan) -> None:
    begin(viewer, plan.terms[0], coupon="")
    for wrong in ({"coupon_left": 1}, {"coupon_left": None}, {"free_months": -1}):
        with pytest.raises(IntegrityError, match="subscription_coupon"), transaction.atomic():
            SubscriptionRow.objects.update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_use_it_exactly_as_often_as_it_may_be(monkeypatch) -> None:
    monkeypatch.setattr("footlights.subscriptions.operations.subscribe._lead_to_page", lambda row, _at: row.to_record())
    channel = make_channel(make_person())
    plan, coupon = make_plan(channel), make_coupon(channel, uses_max=7)
    people = [make_person() for _ in range(50)]

    def attempt(person) -> bool:
        try:
            return begin(person, plan.terms[0]).coupon_left == 1
        except CouponRefusedError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(attempt, people)) == 7
    assert used(coupon) == list_coupons(channel.id)[0].used == SubscriptionRow.objects.count() == 7


@settings(max_examples=50)
@given(
    price=st.integers(1, 10**6),
    percent_bps=st.integers(1, 10_000),
    floor=st.none() | st.integers(1, 500),
)
def test_what_is_left_to_pay_is_never_nothing_and_never_more_than_the_price(price, percent_bps, floor) -> None:
    coupon = Coupon(
        id=None, channel_id=None, title_id=None, name="", percent_bps=percent_bps, amount=None, starts_at=None,
        ends_at=None, uses_max=None, per_person_max=1, first_purchase_only=False, used=0, created_at=now(),
        withdrawn_at=None, covers=Covers.MEMBERSHIPS,
    )  # fmt: skip
    off = coupons.discount(coupon, asked=eur(price), home=eur(price), floor=eur(floor) if floor else None)
    left = price - off.amount_minor
    assert min(price, floor or 1) <= left <= price
