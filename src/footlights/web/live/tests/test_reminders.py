"""Not missing a broadcast: a reminder by mail, and an entry in one's calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.kernel.testing import run_jobs
from footlights.live import api as live
from footlights.live.jobs import tidy
from footlights.live.models import BroadcastRow
from footlights.live.testing import again, make_broadcast, make_ticket, send
from footlights.web.account.testing import sign_in_proven

SOON, TOMORROW = timedelta(minutes=20), timedelta(days=1)


@pytest.fixture(autouse=True)
def mails_arrive(settings):
    settings.MAILS_ARRIVE = True


@pytest.fixture
def channel(db):
    return make_channel(make_person())


@pytest.fixture
def show(channel):
    return make_broadcast(channel, starts_at=now() + TOMORROW)


def signed_in(person) -> Client:
    client = Client()
    sign_in_proven(client, person)
    return client


def ask(broadcast, person):
    return signed_in(person).post(f"/live/{broadcast.token}/reminder")


def move(broadcast, channel, starts_at) -> None:
    new = live.NewBroadcast(name=broadcast.name, starts_at=starts_at)
    live.change_broadcast(broadcast_id=broadcast.id, editor_id=channel.owner_id, new=new, at=now())


def minutes_pass() -> list[mail.EmailMessage]:
    """The sweep of the minute, twice, and what it defers; the mails that came of it."""
    mail.outbox.clear()
    for _twice in range(2):
        tidy(int(now().timestamp()))
        run_jobs(but="media.")
    return [each for each in mail.outbox if "soon" in each.subject or "On air now" in each.subject]


def event_of(broadcast):
    answer = Client().get(f"/live/{broadcast.token}/calendar.ics")
    assert answer.status_code == 200
    [event] = Calendar.from_ical(answer.content).events
    return event


def test_who_asked_gets_one_mail_shortly_before_it_begins(channel, show):
    viewer = make_person()
    page = signed_in(viewer).get(f"/live/{show.token}").content.decode()
    assert "Remind me by mail" in page
    for _twice in range(2):
        assert ask(show, viewer)["Location"] == f"/live/{show.token}"
    assert "You will be reminded" in signed_in(viewer).get(f"/live/{show.token}").content.decode()
    assert not minutes_pass()
    BroadcastRow.objects.filter(pk=show.id).update(starts_at=now() + SOON)
    [told] = minutes_pass()
    assert told.to == [viewer.email]
    assert f"/live/{show.token}" in told.body
    assert not minutes_pass()


def test_it_moves_with_the_start_and_is_sent_again_only_when_that_moves_far(channel, show):
    ask(show, make_person())
    first = now() + SOON
    move(show, channel, first)
    assert len(minutes_pass()) == 1
    move(show, channel, first + timedelta(minutes=5))
    assert not minutes_pass()
    move(show, channel, now() + TOMORROW)
    assert not minutes_pass()
    move(show, channel, now() + SOON + timedelta(minutes=9))
    assert not minutes_pass()
    move(show, channel, first + timedelta(minutes=-16))
    assert len(minutes_pass()) == 1


def test_nobody_is_reminded_of_what_was_cancelled(channel, show):
    ask(show, make_person())
    BroadcastRow.objects.filter(pk=show.id).update(starts_at=now() + SOON)
    live.end_broadcast(broadcast_id=show.id, editor_id=channel.owner_id, at=now())
    assert not minutes_pass()


def test_whoever_waited_for_one_that_goes_on_air_early_is_told_at_once(channel):
    show = make_broadcast(channel, starts_at=now() + timedelta(hours=2), starts_by_itself=True)
    ask(show, make_person())
    send(channel)
    [told] = minutes_pass()
    assert "On air now" in told.subject
    assert not minutes_pass()


def test_one_click_in_the_mail_ends_it_and_nobody_elses(channel, show):
    viewer, other = make_person(), make_person()
    for each in (viewer, other):
        ask(show, each)
    BroadcastRow.objects.filter(pk=show.id).update(starts_at=now() + SOON)
    [told] = [each for each in minutes_pass() if each.to == [viewer.email]]
    link = told.extra_headers["List-Unsubscribe"].strip("<>")
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in told.body
    path = "/" + link.split("/", 3)[3]
    assert "No more mails about it?" in Client().get(path).content.decode()
    assert live.is_reminded(show.id, viewer.pk)  # looking at it, as scanners of mail do, ends nothing
    client = Client(enforce_csrf_checks=True)
    for _twice in range(2):
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not live.is_reminded(show.id, viewer.pk)
    assert live.is_reminded(show.id, other.pk)
    assert Client().post(path[:-2]).status_code == 404
    assert Client().post("/live/no-reminder/made-up").status_code == 404


def test_a_reminder_is_taken_back_on_the_page(channel, show):
    viewer = make_person()
    ask(show, viewer)
    signed_in(viewer).post(f"/live/{show.token}/reminder", {"drop": "1"})
    assert not live.is_reminded(show.id, viewer.pk)


def test_too_late_it_is_said_and_where_no_mail_arrives_none_is_offered(channel, show, settings):
    viewer = make_person()
    soon = make_broadcast(channel, starts_at=now() + SOON)
    assert "Remind me" not in signed_in(viewer).get(f"/live/{soon.token}").content.decode()
    ask(soon, viewer)
    assert not live.is_reminded(soon.id, viewer.pk)
    settings.MAILS_ARRIVE = False
    assert "Remind me" not in signed_in(viewer).get(f"/live/{show.token}").content.decode()


def test_strangers_ask_for_nothing(channel, show):
    assert "/account/login" in Client().post(f"/live/{show.token}/reminder")["Location"]
    assert ask(make_broadcast_gone(channel), make_person()).status_code == 404
    assert Client().get("/live/nowhere/calendar.ics").status_code == 404
    assert signed_in(make_person()).post("/live/nowhere/reminder").status_code == 404


def make_broadcast_gone(channel):
    gone = make_broadcast(channel, starts_at=now() + TOMORROW)
    live.end_broadcast(broadcast_id=gone.id, editor_id=channel.owner_id, at=now())
    return gone


def test_a_calendar_is_told_when_it_is_where_and_by_whom(channel):
    starts = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # while clocks in Europe change
    show = make_broadcast(
        channel, starts_at=starts, at=starts - TOMORROW, words="Häppy; fun, all\nnight", name="Ünd; so"
    )
    answer = Client().get(f"/live/{show.token}/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="und-so.ics"'
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    event = event_of(show)
    assert event.decoded("dtstart") == starts
    assert event["summary"] == f"Ünd; so · {channel.name}"
    assert event["description"].startswith("Häppy; fun, all\nnight")
    assert event["url"].endswith(f"/live/{show.token}")
    assert f"/live/{show.token}/calendar.ics" in Client().get(f"/live/{show.token}").content.decode()


def test_a_calendar_learns_that_it_moved_and_that_it_is_cancelled(channel, show):
    first = event_of(show)
    assert (first["sequence"], first["status"]) == (0, "CONFIRMED")
    new = live.NewBroadcast(name="Another name", starts_at=show.starts_at)
    live.change_broadcast(broadcast_id=show.id, editor_id=channel.owner_id, new=new, at=now())
    assert event_of(show)["sequence"] == 0
    move(show, channel, show.starts_at + TOMORROW)
    moved = event_of(show)
    assert (moved["sequence"], moved["uid"]) == (1, first["uid"])
    live.end_broadcast(broadcast_id=show.id, editor_id=channel.owner_id, at=now())
    gone = event_of(show)
    assert (gone["sequence"], gone["status"], gone["uid"]) == (2, "CANCELLED", first["uid"])
    assert Client().get(f"/live/{show.token}").status_code == 404


def test_whoever_has_no_ticket_yet_can_note_it_too(channel):
    show = make_broadcast(channel, starts_at=now() + TOMORROW, ticket=make_ticket())
    viewer = make_person()
    page = signed_in(viewer).get(f"/live/{show.token}")
    assert page.status_code == 200
    assert "Remind me by mail" in page.content.decode()
    ask(show, viewer)
    assert live.is_reminded(again(show).id, viewer.pk)
