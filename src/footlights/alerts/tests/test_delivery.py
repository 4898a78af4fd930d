"""Alerts reach people in the form each receiver takes, again until it does; what fails is seen."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import Webhook, WebhookVerificationError

from footlights.accounts.testing import make_person
from footlights.alerts import jobs
from footlights.alerts.api import (
    Kind,
    NotDeliveredError,
    acknowledge_alert,
    add_destination,
    end_silence,
    get_alert,
    list_deliveries,
    list_failed_deliveries,
    list_silences,
    remove_destination,
    silence_alerts,
    try_destination,
)
from footlights.alerts.models import DeliveryRow, DestinationRow
from footlights.alerts.operations import deliver
from footlights.alerts.testing import make_alert, make_silence
from footlights.audit.testing import recorded
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.outgoing import Answer, OutgoingError
from footlights.kernel.testing import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """What receivers were sent; `sent.status` is what they answer."""

    class Sent(list):
        status = 200

    sent = Sent()

    def fetch(method, url, *, headers, body, **_):
        sent.append((url, headers, body))
        if sent.status == 0:
            raise OutgoingError("nobody is there")
        return Answer(sent.status, {}, b"", url)

    monkeypatch.setattr(deliver, "fetch", fetch)
    return sent


def destination(kind="webhook", url="https://hooks.example/x"):
    return add_destination(kind=kind, name="Night shift", url=url, by_id=new_id(), at=now())


def test_administrators_get_a_mail_each_and_nobody_else_does():
    make_person("viewer@example.org")
    for name in ("one", "two"):
        make_person(f"{name}@example.org", is_staff=True)
    alert = make_alert(words="20 different accounts failed.")
    run_jobs()
    assert sorted(message.to[0] for message in mail.outbox) == ["one@example.org", "two@example.org"]
    assert "20 different accounts failed." in mail.outbox[0].body
    assert f"/backoffice/alerts/{alert.id}" in mail.outbox[0].body


def test_a_webhook_is_signed_as_the_standard_says_and_a_forged_one_is_not(sent):
    _, key = destination()
    alert = make_alert()
    run_jobs()
    [(url, headers, body)] = sent
    assert url == "https://hooks.example/x"
    told = Webhook(key).verify(body, headers)
    assert (told["type"], told["data"]["id"], told["data"]["count"]) == ("alert.opened", str(alert.id), 20)
    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(body.replace(b"20", b"21"), headers)


def test_chats_get_words_and_nobody_is_called_by_them(sent):
    destination("slack", "https://hooks.slack.example/services/x")
    destination("discord", "https://discord.example/api/webhooks/x")
    make_alert(words="<!channel> & @everyone")
    run_jobs()
    slack, discord = (json.loads(body) for _, _, body in sent)
    assert "&lt;!channel&gt; &amp; @everyone" in slack["text"]
    assert discord["allowed_mentions"] == {"parse": []}
    assert "@everyone" in discord["content"]


@pytest.mark.parametrize("status", [0, 302, 404, 503])
def test_what_is_not_taken_is_tried_again_with_the_same_id_until_it_is(sent, status):
    destination()
    alert = make_alert()
    row = DeliveryRow.objects.get(is_mail=False)
    sent.status = status
    for _ in range(2):
        with pytest.raises(NotDeliveredError):
            jobs.deliver.func(delivery_id=str(row.id))
    [failed] = list_failed_deliveries(since=now() - timedelta(hours=1))
    assert (failed.state, failed.tries, failed.to, bool(failed.problem)) == ("waiting", 2, "Night shift", True)
    sent.status = 204
    jobs.deliver.func(delivery_id=str(row.id))
    jobs.deliver.func(delivery_id=str(row.id))  # the job ran to its end, but nobody heard of it
    assert [headers["webhook-id"] for _, headers, _ in sent] == [f"alert_{row.id}"] * 3
    assert {each.state for each in list_deliveries(alert.id) if each.to} == {"delivered"}
    assert list_failed_deliveries(since=now() - timedelta(hours=1)) == []


def test_after_the_last_try_it_is_given_up_and_seen(sent):
    destination()
    make_alert()
    row = DeliveryRow.objects.get(is_mail=False)
    sent.status = 500
    for _ in range(deliver.TRIES):
        with pytest.raises(NotDeliveredError):
            jobs.deliver.func(delivery_id=str(row.id))
    [failed] = list_failed_deliveries(since=now() - timedelta(hours=1))
    assert (failed.state, failed.problem) == ("failed", "The receiver answered with status 500.")
    assert jobs.deliver.retry_strategy.max_attempts == deliver.TRIES


def test_addresses_and_keys_are_sealed_and_not_in_the_trail(sent):
    made, key = destination(url="https://hooks.example/canary-path")
    row = DestinationRow.objects.get()
    assert b"canary" not in bytes(row.sealed_url)
    assert key.encode() not in bytes(row.sealed_key)
    assert "canary" not in str(recorded())
    remove_destination(destination_id=made.id, by_id=new_id())
    assert [each.act for each in recorded()] == ["alert.destination_added", "alert.destination_removed"]
    with pytest.raises(NotFoundError):
        remove_destination(destination_id=made.id, by_id=new_id())


@pytest.mark.parametrize("url", ["http://hooks.example/", "ftp://x", "https://a:b@hooks.example/", "hello"])
def test_an_address_we_would_never_call_is_not_taken(url):
    with pytest.raises(InvalidInputError):
        destination(url=url)


def test_one_that_leads_inside_is_given_up_at_once():
    destination(url="https://169.254.169.254/latest")
    make_alert()
    run_jobs()  # no error: trying again does not help
    assert DeliveryRow.objects.get(is_mail=False).state == "failed"


def test_a_test_says_what_is_wrong(sent):
    made, _ = destination()
    assert try_destination(destination_id=made.id, at=now()) == ""
    sent.status = 403
    assert "403" in try_destination(destination_id=made.id, at=now())


def test_nobody_is_told_of_what_is_silenced_until_it_is_heard_again():
    silence = silence_alerts(
        kind=Kind.STUFFING, subject="", lasts=timedelta(hours=1), reason="a test", by_id=new_id(), at=now()
    )
    alert = make_alert(Kind.STUFFING)
    assert alert.is_silenced
    assert ProcrastinateJob.objects.count() == 0
    assert not make_alert(Kind.REFUNDS).is_silenced
    end_silence(silence_id=silence.id, by_id=new_id(), at=now())
    assert list_silences(at=now()) == []
    assert not make_alert(Kind.STUFFING).is_silenced  # it goes on
    assert ProcrastinateJob.objects.count() == 2


def test_a_silence_is_for_one_subject_when_it_names_one():
    silence_alerts(kind=Kind.STUFFING, subject="a", lasts=timedelta(hours=1), reason="", by_id=new_id(), at=now())
    assert make_alert(Kind.STUFFING, "a").is_silenced
    assert not make_alert(Kind.STUFFING, "b").is_silenced
    with pytest.raises(InvalidInputError):
        silence_alerts(kind="x", subject="", lasts=timedelta(hours=1), reason="", by_id=new_id(), at=now())
    with pytest.raises(InvalidInputError):
        silence_alerts(kind=Kind.STUFFING, subject="", lasts=timedelta(days=99), reason="", by_id=new_id(), at=now())


def test_what_grows_tenfold_after_somebody_took_it_on_is_told_once_more():
    make_person("one@example.org", is_staff=True)
    found = make_alert(count=20)
    run_jobs()
    mail.outbox.clear()
    make_alert(count=2_000)  # nobody looks after it yet: it is told already
    acknowledge_alert(alert_id=found.id, by_id=new_id(), at=now())
    for count, told in ((2_100, 0), (19_999, 0), (20_000, 1), (900_000, 1)):
        make_alert(count=count)
        run_jobs()
        assert len(mail.outbox) == told, count
    assert get_alert(found.id).told_again_at
    assert get_alert(found.id).state == "acknowledged"


def test_what_is_silenced_is_not_told_however_it_grows():
    make_person("one@example.org", is_staff=True)
    make_silence()
    acknowledge_alert(alert_id=make_alert(count=20).id, by_id=new_id(), at=now())
    make_alert(count=5_000)
    run_jobs()
    assert mail.outbox == []
