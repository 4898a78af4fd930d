"""Who is in a trial is written to before it ends, once."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail

from footlights.kernel.testing import run_jobs
from footlights.subscriptions import api, jobs
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.operations.tell_of_trials import tell_of_trials
from footlights.subscriptions.testing import begin, make_plan

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def letters():
    run_jobs()
    return [letter for letter in mail.outbox if "free days" in letter.subject]


def test_three_days_before_a_trial_ends_its_member_is_told_once(viewer, channel) -> None:
    trial = begin(viewer, make_plan(channel, trial_days=7))
    assert tell_of_trials(at=trial.period_end - 3 * DAY - timedelta(minutes=1)) == 0
    assert tell_of_trials(at=trial.period_end - 3 * DAY) == 1
    assert tell_of_trials(at=trial.period_end - DAY) == 0
    with mock.patch.object(jobs, "now", return_value=trial.period_end - DAY):
        jobs.tell.func(timestamp=0)
    [letter] = letters()
    assert letter.to == [viewer.email]
    assert "€10.00" in letter.body
    assert "Leave with one click" in letter.body


def test_who_has_left_and_who_has_three_days_in_all_hear_nothing(viewer, stranger, channel) -> None:
    leaves = begin(viewer, make_plan(channel, trial_days=7))
    begin(stranger, make_plan(channel, tier=2, trial_days=3))
    told = tell_of_trials(at=leaves.period_end - 2 * DAY)
    api.cancel(subscription_id=leaves.id, subscriber_id=viewer.id, at=leaves.period_end - 2 * DAY)
    assert told == 1, "they left between the news and the letter"
    assert letters() == []
    assert tell_of_trials(at=leaves.period_end) == 0


def test_two_runs_at_once_tell_a_member_once(viewer, stranger, channel) -> None:
    plan = make_plan(channel, trial_days=7)
    at = begin(viewer, plan).period_end - DAY
    begin(stranger, plan)
    with mock.patch(
        "footlights.subscriptions.operations.tell_of_trials.events.publish", side_effect=_as_the_other
    ) as told:
        assert tell_of_trials(at=at) == 1
    assert told.call_count == 1


def _as_the_other(event) -> None:
    """Another run was there first with all the rest."""
    SubscriptionRow.objects.filter(trial_end_told_at=None).update(trial_end_told_at=event.at)
