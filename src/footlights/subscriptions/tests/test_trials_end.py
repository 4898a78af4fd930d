"""Who is in a trial is written to before it ends, once."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail

from footlights.kernel.testing import run_jobs
from footlights.subscriptions import api, jobs
from footlights.subscriptions.operations import tell_of_trials
from footlights.subscriptions.operations.tell_of_trials import list_ending, tell_of_trial
from footlights.subscriptions.testing import begin, make_plan

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def letters():
    run_jobs()
    return [letter for letter in mail.outbox if "free days" in letter.subject]


def sweep(at):
    with mock.patch.object(jobs, "now", return_value=at):
        jobs.tell.func(timestamp=0)
        return run_jobs(only="subscriptions.tell_one")


def test_three_days_before_a_trial_ends_its_member_is_told_once(viewer, channel) -> None:
    trial = begin(viewer, make_plan(channel, trial_days=7))
    assert sweep(trial.period_end - 3 * DAY - timedelta(minutes=1)) == 0
    assert sweep(trial.period_end - 3 * DAY) == 1
    assert sweep(trial.period_end - DAY) == 0
    [letter] = letters()
    assert letter.to == [viewer.email]
    assert "€10.00" in letter.body
    assert "Leave with one click" in letter.body


def test_who_has_left_and_who_has_three_days_in_all_hear_nothing(viewer, stranger, channel) -> None:
    leaves = begin(viewer, make_plan(channel, trial_days=7))
    begin(stranger, make_plan(channel, tier=2, trial_days=3))
    told = sweep(leaves.period_end - 2 * DAY)
    api.cancel(subscription_id=leaves.id, subscriber_id=viewer.id, at=leaves.period_end - 2 * DAY)
    assert told == 1, "they left between the news and the letter"
    assert letters() == []
    assert list_ending(at=leaves.period_end) == []


def test_however_many_end_at_once_all_are_told(viewer, stranger, channel) -> None:
    plan = make_plan(channel, trial_days=7)
    at = begin(viewer, plan).period_end - DAY
    begin(stranger, plan)
    with mock.patch.object(tell_of_trials, "FOUND_MAX", 1):
        assert [sweep(at), sweep(at), sweep(at)] == [1, 1, 0]
    assert sorted(letter.to[0] for letter in letters()) == sorted([viewer.email, stranger.email])


def test_a_job_that_comes_twice_or_too_late_tells_nothing(viewer, stranger, channel) -> None:
    plan = make_plan(channel, trial_days=7)
    told, late = begin(viewer, plan), begin(stranger, plan)
    at = told.period_end - DAY
    assert [tell_of_trial(subscription_id=told.id, at=at) for _ in range(2)] == [True, False]
    assert not tell_of_trial(subscription_id=late.id, at=late.period_end)
