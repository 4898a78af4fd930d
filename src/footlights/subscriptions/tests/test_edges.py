"""What seldom happens: other people's events, answers that do not come, two who click in the same blink."""

from datetime import timedelta
from unittest import mock

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.payments.api import GatewayUnreachableError, MethodGoneError
from footlights.payments.events import PaymentCaptured, PaymentDeclined, PaymentRefunded, RefundFailed
from footlights.subscriptions import api, handlers, jobs
from footlights.subscriptions.api import State
from footlights.subscriptions.models import AttemptRow, InvoiceRow, PlanRow, SubscriptionRow, TermsRow
from footlights.subscriptions.operations import begin_trial as trials
from footlights.subscriptions.operations import subscribe as subscribing
from footlights.subscriptions.operations.billing import send
from footlights.subscriptions.testing import advance_due, begin, make_plan
from footlights.subscriptions.tests.test_renewing import halfway

pytestmark = pytest.mark.django_db
ONE = Money(1, "EUR")


def test_what_other_contexts_were_paid_is_not_ours_to_handle() -> None:
    reference, at = f"purchase:{new_id()}", now()
    handlers.let_in_who_paid(PaymentCaptured(new_id(), reference, ONE, at))
    handlers.try_again_later(PaymentDeclined(new_id(), reference, "no", at))
    handlers.take_back_what_went_back(PaymentRefunded(new_id(), reference, new_id(), ONE, ONE, ONE, at))
    handlers.keep_what_came_back(RefundFailed(new_id(), reference, new_id(), ONE, at))


def test_the_clocks_jobs_renew_and_earn(viewer, plan) -> None:
    begun = begin(viewer, plan)
    with mock.patch.object(jobs, "now", return_value=begun.period_end):
        jobs.renew.func(timestamp=0)
        assert run_jobs(only="subscriptions.renew_one") == 1
        jobs.ask_again.func(attempt_id=str(AttemptRow.objects.latest("created_at").pk))  # one that was answered
        jobs.earn.func(timestamp=0)
    assert api.get_subscription(begun.id).period_start == begun.period_end
    assert InvoiceRow.objects.get(subscription_id=begun.id, number=1).earns_at is None


def test_rows_say_what_they_are(viewer, plan) -> None:
    begin(viewer, plan)
    assert str(PlanRow.objects.get()) == "Tier 1"
    assert str(TermsRow.objects.first()) == "€10.00 a month"
    assert str(InvoiceRow.objects.get()).endswith(" 1")
    assert str(AttemptRow.objects.get()).startswith("invoice:")
    assert "active" in str(SubscriptionRow.objects.get())


def test_one_finds_the_subscription_one_has_of_a_channel(viewer, channel, plan) -> None:
    assert api.find_living(viewer.id, channel.id) is None
    begun = begin(viewer, plan)
    assert api.find_living(viewer.id, channel.id).id == begun.id
    assert api.find_paid_by(AttemptRow.objects.get().payment_id).id == begun.id
    assert api.find_paid_by(new_id()) is None
    assert [each.id for each in api.list_subscriptions(viewer.id)] == [begun.id]


def test_the_members_of_a_channel_are_those_who_began_the_newest_first(viewer, stranger, channel, plan) -> None:
    api.subscribe(subscriber_id=make_person().id, terms_id=plan.terms[0].id, idempotency_key="unpaid", at=now())
    first, second = begin(viewer, plan), begin(stranger, plan)
    assert [each.id for each in api.list_members(channel.id)] == [second.id, first.id]
    assert [each.id for each in api.list_members(channel.id, limit=1, offset=1)] == [first.id]
    api.end_now(subscription_id=second.id, by_id=channel.owner_id, at=now())
    assert [each.id for each in api.list_members(channel.id)] == [first.id]


def test_what_was_sent_is_not_sent_again(viewer, plan) -> None:
    begin(viewer, plan)
    assert send(AttemptRow.objects.get().pk, now()) is None


def test_a_charge_whose_sender_died_is_settled_even_if_the_card_is_another_now(viewer, plan) -> None:
    begun = begin(viewer, plan)
    advance_due(at=begun.period_end)
    attempt = AttemptRow.objects.get(by_page=False)
    AttemptRow.objects.filter(pk=attempt.pk).update(state="undecided", payment_id=None)
    assert send(attempt.pk, begun.period_end).id == attempt.payment_id


def test_a_card_forgotten_a_blink_ago_is_no_card(viewer, plan) -> None:
    begun = begin(viewer, plan)
    with mock.patch(
        "footlights.subscriptions.operations.billing.charge_saved_method", side_effect=MethodGoneError("gone")
    ):
        advance_due(at=begun.period_end)
    assert api.get_subscription(begun.id).state is State.PAST_DUE


def test_nobody_pauses_or_is_sent_away_or_changes_while_a_charge_is_on_its_way(viewer, creator, plan) -> None:
    begun = begin(viewer, plan)
    halfway(begun)
    for act in (
        lambda: api.pause(subscription_id=begun.id, subscriber_id=viewer.id, months=1, at=now()),
        lambda: api.end_now(subscription_id=begun.id, by_id=creator.id, at=now()),
        lambda: api.quote_change(
            subscription_id=begun.id, subscriber_id=viewer.id, terms_id=plan.terms[1].id, at=now()
        ),
    ):
        with pytest.raises(api.NotNowError):
            act()


def test_who_goes_on_while_the_pause_ends_by_itself_is_charged_once(viewer, plan) -> None:
    begun = begin(viewer, plan)
    paused = api.pause(subscription_id=begun.id, subscriber_id=viewer.id, months=1, at=now())
    halfway(begun, at=paused.pause_ends_at)
    resumed = api.resume(subscription_id=begun.id, subscriber_id=viewer.id, at=paused.pause_ends_at)
    assert (resumed.state, resumed.due_at) == (State.PAUSED, None)
    advance_due(at=paused.pause_ends_at + timedelta(minutes=2))
    assert list(InvoiceRow.objects.values_list("state", flat=True)) == ["paid", "paid"]


def test_of_two_clicks_in_the_same_blink_one_begins(viewer, plan) -> None:
    """The other saw nothing yet when it looked; the database did."""
    first = api.subscribe(subscriber_id=viewer.id, terms_id=plan.terms[0].id, idempotency_key="a", at=now())
    terms = TermsRow.objects.select_related("plan").get(pk=plan.terms[0].id)
    assert subscribing._begin(viewer.id, terms, "b", {}, None, now()).pk == first.id
    other = TermsRow.objects.select_related("plan").get(pk=plan.terms[1].id)
    with pytest.raises(IdempotencyConflictError):
        subscribing._begin(viewer.id, other, "c", {}, None, now())


def test_a_page_that_could_not_be_opened_is_opened_by_the_next_click(viewer, plan) -> None:
    with (
        mock.patch(
            "footlights.subscriptions.operations.billing.open_payment", side_effect=GatewayUnreachableError("no")
        ),
        pytest.raises(GatewayUnreachableError),
    ):
        api.subscribe(subscriber_id=viewer.id, terms_id=plan.terms[0].id, idempotency_key="a", at=now())
    api.note_return(subscription_id=SubscriptionRow.objects.get().pk, subscriber_id=viewer.id, at=now())
    other = api.subscribe(subscriber_id=viewer.id, terms_id=plan.terms[1].id, idempotency_key="b", at=now())
    assert other.hosted_url
    assert [row.state for row in SubscriptionRow.objects.order_by("created_at")] == ["ended", "pending"]


def test_the_same_choice_again_goes_on_with_a_page_that_could_not_be_opened(viewer, plan) -> None:
    with (
        mock.patch(
            "footlights.subscriptions.operations.billing.open_payment", side_effect=GatewayUnreachableError("no")
        ),
        pytest.raises(GatewayUnreachableError),
    ):
        api.subscribe(subscriber_id=viewer.id, terms_id=plan.terms[0].id, idempotency_key="a", at=now())
    again = api.subscribe(subscriber_id=viewer.id, terms_id=plan.terms[0].id, idempotency_key="b", at=now())
    assert again.hosted_url
    assert SubscriptionRow.objects.count() == 1


def test_a_trial_waits_while_the_gateway_is_silent_and_begins_once(viewer, channel) -> None:
    plan = make_plan(channel, trial_days=7)
    waiting = api.subscribe(subscriber_id=viewer.id, terms_id=plan.terms[0].id, idempotency_key="a", at=now())
    with mock.patch.object(trials, "settle_method_setup", side_effect=GatewayUnreachableError("no")):
        api.note_return(subscription_id=waiting.id, subscriber_id=viewer.id, at=now())
    assert api.get_subscription(waiting.id).state is State.PENDING
    kept = mock.Mock(state="saved")
    with (
        mock.patch.object(trials, "settle_method_setup", return_value=kept),
        mock.patch.object(trials, "SetupState") as states,
    ):
        states.SAVED = "saved"
        for _ in range(2):
            api.begin_trial(subscription_id=waiting.id, at=now())
    assert api.get_subscription(waiting.id).state is State.TRIALING
    assert not subscribing._lapse(SubscriptionRow.objects.get(), now())


def test_who_comes_back_from_a_payment_page_is_expected_by_payments(viewer, plan) -> None:
    begun = api.subscribe(subscriber_id=viewer.id, terms_id=plan.terms[0].id, idempotency_key="a", at=now())
    with mock.patch("footlights.payments.api.note_return") as expected:
        api.note_return(subscription_id=begun.id, subscriber_id=viewer.id, at=now())
    assert expected.call_args.kwargs["payment_id"] == AttemptRow.objects.get().payment_id
