"""The pass: sold by the house, earned into a pool day by day, shared once a month, exactly; and taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel import clock
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.monetization.api import Reason, leave_pass, may_watch, take_part
from footlights.monetization.testing import make_offer
from footlights.payments.api import refund_payment
from footlights.payments.testing import webhooks_arrive
from footlights.splits.testing import agree
from footlights.subscriptions import api, watch_time
from footlights.subscriptions.api import Interval, NewTerms, Watched
from footlights.subscriptions.models import (
    AttemptRow,
    PassMoneyRow,
    PassMonthRow,
    PassShareRow,
    PlanRow,
)
from footlights.subscriptions.operations.earn import earn_due
from footlights.subscriptions.operations.share_pass import share_month
from footlights.subscriptions.testing import begin, make_pass, make_plan
from footlights.terms.api import NewTerm, PassSharing, SaleKind, Term, set_terms

DAY = timedelta(days=1)
MARCH = date(2031, 3, 1)
AT = datetime(2031, 3, 11, 12, tzinfo=UTC)  # 21 of 31 days are earned in March, ten in April
TODAY = AT.date()
APRIL_OVER, MAY_OVER = datetime(2031, 4, 2, tzinfo=UTC), datetime(2031, 5, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch) -> None:
    """It is AT, for all that follows by itself as well."""
    monkeypatch.setattr(clock, "_ahead", timedelta(0))
    clock.run_ahead(AT)


@pytest.fixture
def house(db):
    return make_pass(make_person(is_staff=True))


@pytest.fixture
def watched(monkeypatch):
    """What viewers watched, told by hand: (viewer, title, day, seconds)."""
    told: list[Watched] = []

    def tell(viewer_ids, from_day, until_day):
        return [each for each in told if each.viewer_id in viewer_ids and from_day <= each.day < until_day]

    monkeypatch.setattr(watch_time, "_sources", [tell])
    return told


@pytest.fixture
def title(creator, channel):
    take_part(channel_id=channel.id, editor_id=creator.id, at=AT)
    return make_title(channel)


def watch(watched, viewer, title, seconds: int = 600, day: date = TODAY) -> None:
    watched.append(Watched(viewer.id, title.id, day, seconds))


def join(viewer, house):
    return begin(viewer, house, at=AT)


def pool(house) -> int:
    return -sum(each.amount.amount_minor for each in list_balances() if each.account == f"pass:{house.id}")


def kept() -> int:
    """What our own tables say waits in the pool: what is not shared, and what was carried last."""
    return sum(each.amount_minor for each in api.waiting_to_be_shared())


def give_back(amount: int | None = None) -> None:
    payment_id = AttemptRow.objects.earliest("created_at").payment_id
    refund_payment(
        payment_id=payment_id,
        idempotency_key=f"back {amount}",
        at=now(),
        amount=Money(amount, "EUR") if amount else None,
    )
    with webhooks_arrive():
        run_jobs(only="payments")
    run_jobs(only="subscriptions")


def test_whoever_has_it_watches_what_takes_part_and_its_money_waits_in_a_pool(
    viewer, stranger, house, channel, title, balances
) -> None:
    make_offer(title)
    own = begin(viewer, house)
    assert own.plan.is_pass
    decision = may_watch(viewer.id, title.id, now())
    assert (decision.reason, decision.allowed) == (Reason.PASS, True)
    assert may_watch(stranger.id, title.id, now()).reason is Reason.MUST_BUY
    assert (api.has_pass(viewer.id), api.has_pass(stranger.id), api.count_passes()) == (True, False, 1)
    earn_due(at=own.period_end)
    assert balances() == {"gateway:sandbox": 1_000, f"pass:{house.id}": -1_000}
    assert (pool(house), kept()) == (1_000, 1_000)
    api.cancel(subscription_id=own.id, subscriber_id=viewer.id, at=now())
    assert api.get_subscription(own.id).state == "cancelling"


def test_a_month_is_shared_by_minutes_fee_first_and_its_parties_have_their_part(
    viewer, house, creator, channel, title, watched, balances
) -> None:
    partner, other_owner = make_person(), make_person()
    agree(title, (partner, 2_500), at=AT - DAY)
    other = make_title(make_channel(other_owner))
    outside = make_title(make_channel(make_person()))
    take_part(channel_id=other.channel_id, editor_id=other_owner.id, at=AT)
    set_terms(
        changes=[NewTerm(term=Term.FEE_BPS, kind=SaleKind.PASS, value=2_000)], by_id=creator.id, at=AT - DAY, from_at=AT
    )
    join(viewer, house)
    watch(watched, viewer, title, 300)
    watch(watched, viewer, title, 300, TODAY + DAY)
    watch(watched, viewer, other, 200)
    watch(watched, viewer, outside, 9_000)
    watch(watched, viewer, other, 9_000, TODAY - 2 * DAY)  # before it took part
    assert api.share_due(at=APRIL_OVER - timedelta(hours=25)) == 0, "the month has just ended; players may be away"
    for _each in range(2):
        api.share_due(at=APRIL_OVER)
    [month] = api.list_pass_months()
    earned = 1_000 * 21 // 31
    assert (month.money.amount_minor, month.fee.amount_minor, month.seconds) == (earned, 135, 800)
    assert month.fee + month.shared == month.money
    assert balances()["platform:fees"] == -135
    others = balances()[f"creator:{other.channel_id}"]
    assert others in {-135, -136}, "a quarter of 542"
    assert balances()[f"person:{partner.id}"] + balances()[f"creator:{channel.id}"] == -542 - others
    assert balances()[f"person:{partner.id}"] in {-101, -102}
    assert f"creator:{outside.channel_id}" not in balances()
    assert pool(house) == kept() == 0
    [own] = api.pass_earnings(channel.id)
    assert (own.earned.amount_minor, own.seconds, own.month) == (542 + others, 600, MARCH)
    assert [each.id for each in api.pass_earnings_by_title(channel.id, MARCH)] == [title.id]
    assert {str(row) for row in PassShareRow.objects.all()} >= {"135 to the platform"}
    assert str(PassMonthRow.objects.get()) == "2031-03-01 EUR"


def test_pooled_and_with_nobody_watching_it_is_carried_until_somebody_does(viewer, house, title, watched) -> None:
    set_terms(
        changes=[NewTerm(term=Term.PASS_SHARING, value=PassSharing.POOLED)], by_id=viewer.id, at=AT - DAY, from_at=AT
    )
    join(viewer, house)
    api.share_due(at=APRIL_OVER)
    [march] = api.list_pass_months()
    assert (march.by_subscriber, march.shared.amount_minor, march.carried.amount_minor) == (False, 0, 677 - 68)
    assert pool(house) == kept()
    watch(watched, viewer, title, day=date(2031, 4, 3))
    api.share_due(at=MAY_OVER)
    april, _march = api.list_pass_months()
    assert april.shared + april.fee + march.fee == Money(1_000, "EUR")
    assert (pool(house), kept(), api.list_pass_months(1)) == (0, 0, [april])
    assert api.share_due(at=MAY_OVER + 31 * DAY) == 0, "there is nothing to share"


@pytest.mark.parametrize(("when", "back"), [("before", None), ("after", None), ("after", 500)])
def test_a_refund_comes_out_of_what_is_not_shared_else_back_from_who_got_it(
    viewer, house, channel, title, watched, balances, when, back
) -> None:
    join(viewer, house)
    watch(watched, viewer, title)
    if when == "after":
        clock.run_ahead(APRIL_OVER)
        api.share_due(at=APRIL_OVER)
        assert balances()[f"creator:{channel.id}"] < 0
    else:
        earn_due(at=AT + 5 * DAY)
    give_back(back)
    assert pool(house) == kept()
    api.share_due(at=MAY_OVER)
    assert pool(house) == kept() == 0
    assert sum(balances().values()) == 0
    if back is None:
        assert balances() == {}, "who paid nothing gave nobody anything"
    else:
        assert balances()["gateway:sandbox"] == 500
        shares = [row.amount_minor for row in PassShareRow.objects.all()]
        assert sum(shares) == 500, "what was shared is what stayed"


def test_money_that_is_booked_late_goes_with_the_next_month(viewer, house, title, watched) -> None:
    join(viewer, house)
    watch(watched, viewer, title)
    earn_due(at=AT + 5.5 * DAY)
    assert share_month(plan_id=house.id, month=MARCH, currency="EUR", at=AT) is not None
    assert share_month(plan_id=house.id, month=MARCH, currency="EUR", at=AT) is None
    earn_due(at=APRIL_OVER)
    watch(watched, viewer, title, day=date(2031, 4, 3))
    api.share_due(at=MAY_OVER)
    assert [each.money.amount_minor for each in reversed(api.list_pass_months())] == [1_000 * 5 // 31, 1_000 - 161]
    assert pool(house) == kept() == 0


def test_a_title_that_is_gone_gives_back_what_it_got(viewer, house, channel, title, watched, balances) -> None:
    join(viewer, house)
    watch(watched, viewer, title)
    clock.run_ahead(APRIL_OVER)
    api.share_due(at=APRIL_OVER)
    watched.append(Watched(viewer.id, make_title(channel, state="deleted").id, date(2031, 4, 3), 50))
    give_back()
    api.share_due(at=MAY_OVER)
    assert balances() == {}


def test_the_house_offers_one_pass_and_changes_it_as_any_plan(house, creator) -> None:
    assert api.find_pass() == house
    dearer = make_pass(creator, month=1_200, year=12_000)
    assert (dearer.id, dearer.channel_id, len(dearer.terms)) == (house.id, house.channel_id, 2)
    with pytest.raises(IntegrityError, match="one_pass"), transaction.atomic():
        PlanRow.objects.create(
            channel_id=creator.id, tier=1, is_pass=True, name="Another", created_by=creator.id, created_at=now()
        )
    for _each in range(2):
        api.withdraw_pass(at=now())
    assert api.find_pass() is None
    assert make_pass(creator).channel_id == house.channel_id


def test_the_house_finds_an_address_or_says_that_it_cannot(db, monkeypatch) -> None:
    staff = make_person(is_staff=True)
    make_channel(staff, handle="pass")
    assert make_pass(staff).name == "The pass"
    monkeypatch.setattr("footlights.subscriptions.operations.offer_pass._house", lambda: None)
    monkeypatch.setattr("footlights.subscriptions.operations.offer_pass.HANDLES", ("pass",))
    with pytest.raises(InvalidInputError, match="No channel"):
        terms = [NewTerms(Interval.MONTH, Money(500, "EUR"))]
        api.offer_pass(editor_id=staff.id, name="Another", words="", terms=terms, at=now())


def test_a_channels_own_membership_says_nothing_of_the_pass(viewer, channel, house) -> None:
    own = begin(viewer, make_plan(channel))
    earn_due(at=own.period_end)
    assert not PassMoneyRow.objects.exists()
    assert not api.has_pass(viewer.id)
    leave_pass(channel_id=channel.id, editor_id=channel.owner_id, at=now())


def test_the_database_keeps_a_month_whole(viewer, house, title, watched) -> None:
    join(viewer, house)
    watch(watched, viewer, title)
    api.share_due(at=APRIL_OVER)
    for rule, wrong in (("sums", {"fee_minor": 1}), ("sums", {"month": TODAY})):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            PassMonthRow.objects.update(**wrong)
    with pytest.raises(IntegrityError, match="whose"), transaction.atomic():
        PassShareRow.objects.update(channel_id=None, title_id=title.id)
    assert "in 2031-03-01" in str(PassMoneyRow.objects.earliest("month"))


@pytest.mark.django_db(transaction=True)
def test_however_many_runs_race_a_month_is_shared_once(monkeypatch) -> None:
    creator, viewer = make_person(), make_person()
    house, channel = make_pass(make_person(is_staff=True)), make_channel(creator)
    take_part(channel_id=channel.id, editor_id=creator.id, at=AT)
    title = make_title(channel)
    told = [Watched(viewer.id, title.id, TODAY, 60)]
    monkeypatch.setattr(watch_time, "_sources", [lambda *_: told])
    join(viewer, house)

    def run(_number: int) -> int:
        try:
            return api.share_due(at=APRIL_OVER)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as runs:
        assert sum(runs.map(run, range(6))) == 1
    assert pool(house) == kept()
    [month] = api.list_pass_months()
    assert [each.earned for each in api.pass_earnings(channel.id)] == [month.shared]


def test_whoever_registers_twice_is_asked_once(monkeypatch):
    seen = Watched(new_id(), new_id(), now().date(), 60)
    monkeypatch.setattr(watch_time, "_sources", [])
    source = lambda *_asked: [seen]  # noqa: E731
    for _ in range(2):
        watch_time.register_watch_time(source)
    assert list(watch_time.watched_by([seen.viewer_id], seen.day, seen.day)) == [seen]
