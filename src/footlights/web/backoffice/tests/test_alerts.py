"""The pages of alerts: what is shown, and what follows from a click."""

import re

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.alerts.api import Kind, list_destinations, list_silences
from footlights.alerts.models import AlertRow, WatchRow
from footlights.alerts.operations.watch import Watch
from footlights.alerts.testing import make_alert, make_destination, make_silence
from footlights.audit.testing import recorded
from footlights.kernel.clock import now
from footlights.kernel.testing import run_jobs
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff(client):
    person = make_person("staff@example.org", is_staff=True, display_name="Ada")
    sign_in_proven(client, person)
    Watch().look(at=now())
    return person


def page(client, name, *args, **query) -> str:
    answer = client.get(reverse(f"backoffice:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, route, *args, **sent) -> str:
    return client.post(reverse(f"backoffice:{route}", args=args), sent, follow=True).content.decode()


def test_a_quiet_house_says_so(client):
    assert "Nothing unusual" in page(client, "alerts")
    assert "banner-wrong" not in page(client, "alerts_banner")


def test_an_alert_shows_its_evidence_what_to_do_and_who_was_told(client):
    viewer = make_person(display_name="Grace")
    alert = make_alert(Kind.ACCOUNT_TRIED, str(viewer.pk), facts={"account": str(viewer.pk), "from": "203.0.113.0/24"})
    run_jobs()
    html = page(client, "alert", alert.id)
    assert all(words in html for words in ("G•••", "203.0.113.0/24", "Offer a passkey", "Arrived", "19 at most"))
    assert alert.words in page(client, "alerts")
    assert reverse("backoffice:alerts_runbook") + "#sign-in-account" in html
    assert 'id="sign-in-account"' in page(client, "alerts_runbook")


def test_the_banner_says_what_is_new_and_nothing_twice(client):
    alert = make_alert()
    html = page(client, "alerts_banner")
    assert alert.words in html
    shown = re.search(r"shown=(\w+)", html)[1]
    assert client.get(reverse("backoffice:alerts_banner"), {"shown": shown}).status_code == 204
    make_alert(Kind.REFUNDS, "everywhere")
    assert page(client, "alerts_banner", shown=shown).count("banner-actions") == 2


def test_what_somebody_looks_after_leaves_the_banner_and_is_in_the_trail(client, staff):
    alert = make_alert()
    assert "Ada looks after it" in post(client, "alert_acknowledge", alert.id)
    assert alert.words not in page(client, "alerts_banner")
    assert alert.words in page(client, "alerts", state="acknowledged")
    assert alert.words not in page(client, "alerts", state="open")
    [told] = recorded("alert.acknowledged")
    assert told.actor_id == staff.pk


def test_a_silence_is_for_this_subject_or_for_the_kind_and_can_be_ended(client):
    alert = make_alert()
    post(client, "alert_silence", alert.id, subject="this", hours="8", reason="a drill")
    post(client, "alert_silence", alert.id, subject="", hours="1")
    assert {(each.subject, each.reason) for each in list_silences(at=now())} == {(alert.subject, "a drill"), ("", "")}
    assert "a drill" in page(client, "alerts")
    for each in list_silences(at=now()):
        assert "told again" in post(client, "alert_silence_end", each.id)
    assert list_silences(at=now()) == []
    assert "Say for how long" in post(client, "alert_silence", alert.id, hours="9999")


def test_what_was_silenced_is_listed_but_in_no_banner(client):
    make_silence()
    alert = make_alert()
    assert "Silenced" in page(client, "alerts")
    assert "Nobody: it was silenced." in page(client, "alert", alert.id)
    assert alert.words not in page(client, "alerts_banner")


def test_when_nobody_looks_every_page_says_so(client):
    WatchRow.objects.all().delete()
    assert "Nobody looks" in page(client, "alerts_banner")
    assert "Nobody looks" in page(client, "alerts")


def test_a_webhooks_key_is_shown_once_and_its_address_never(client):
    html = post(client, "alert_destinations", kind="webhook", name="Pager", url="https://hooks.example/canary")
    assert "whsec_" in html
    html = page(client, "alert_destinations")
    assert "Pager" in html
    assert "hooks.example" in html
    assert "whsec_" not in html
    assert "canary" not in html


def test_a_chat_is_added_without_a_key_and_a_wrong_address_is_not(client):
    assert "whsec_" not in post(client, "alert_destinations", kind="slack", name="Room", url="https://chat.example/x")
    answer = client.post(
        reverse("backoffice:alert_destinations"), {"kind": "slack", "name": "Room", "url": "http://10.0.0.1/"}
    )
    assert answer.status_code == 422
    assert "https://" in answer.content.decode()
    assert [each.name for each in list_destinations()] == ["Room"]


def test_a_test_that_does_not_arrive_says_why_and_a_destination_can_go(client):
    made = make_destination()
    assert "private network" in post(client, "alert_destination_try", made.id)
    assert "Removed" in post(client, "alert_destination_remove", made.id)
    assert list_destinations() == []


def test_what_did_not_arrive_is_seen(client):
    make_destination()
    make_alert()
    run_jobs()
    html = page(client, "alerts")
    assert "Did not arrive" in html
    assert "Night shift" in html
    assert "given up" in html
    assert "Given up" in page(client, "alert", AlertRow.objects.get().id)
