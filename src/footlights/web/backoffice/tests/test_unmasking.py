"""Names and addresses of others are masked wherever the house looks, until somebody proves who they are and says why."""

import json
from datetime import timedelta
from time import time

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.audit.api import Act, record
from footlights.audit.testing import recorded
from footlights.web.account.browser import COOKIE
from footlights.web.account.testing import sign_in_proven
from footlights.web.backoffice import unmasking

pytestmark = pytest.mark.django_db
NAME, MAIL = "Grace Hopper", "grace@example.org"
WHY = {"reason": "asked", "note": "Ticket 77"}


@pytest.fixture
def grace():
    return make_person(MAIL, display_name=NAME)


@pytest.fixture
def support(client):
    person = make_person("sam@example.org", display_name="Sam", roles=[Role.SUPPORT])
    sign_in_proven(client, person)
    return person


def page_of(client, person) -> str:
    return client.get(reverse("backoffice:person", args=[person.pk])).content.decode()


def unmask(client, person, **sent):
    return client.post(reverse("backoffice:person_unmasked", args=[person.pk]), sent or WHY)


def is_shown(html: str) -> bool:
    return NAME in html or MAIL in html


def test_a_persons_page_is_masked_until_somebody_says_why(client, support, grace):
    html = page_of(client, grace)
    assert "G••• H•••" in html
    assert "g•••@e•••.org" in html
    assert not is_shown(html)
    assert unmask(client, grace).status_code == 302
    html = page_of(client, grace)
    assert NAME in html
    assert MAIL in html
    assert "<title>G••• H•••</title>" in html  # tabs, windows and the browser's history keep the mask


@pytest.mark.parametrize("sent", [{"reason": ""}, {"note": "x"}, {"reason": "other"}, {"reason": "curious"}])
def test_without_a_reason_it_stays_masked_and_the_form_says_so(client, support, grace, sent):
    answer = unmask(client, grace, **{"reason": "", **sent})
    assert answer.status_code == 422
    assert not is_shown(answer.content.decode())
    assert not is_shown(page_of(client, grace))


def test_it_asks_for_a_proof_and_goes_on_to_just_that(grace):
    client = sign_in_proven(Client(), make_person(roles=[Role.SUPPORT]), proven_s_ago=601)
    answer = unmask(client, grace)
    assert "reauthenticate" in answer.headers["Location"]
    assert recorded("person.unmasked") == []
    script = client.post(
        reverse("backoffice:person_unmasked", args=[grace.pk]), WHY, headers={"Sec-Fetch-Mode": "cors"}
    )
    assert (script.status_code, script.json()["code"]) == (403, "proof_required")


def test_it_ends_after_ten_minutes_whatever_is_proven_anew(client, support, grace, monkeypatch):
    unmask(client, grace)
    for seconds, shown in ((590, True), (601, False)):
        monkeypatch.setattr(unmasking, "time", lambda seconds=seconds: time() + seconds)
        assert is_shown(page_of(client, grace)) is shown


def test_it_shows_that_person_alone_on_that_page_alone(client, support, grace):
    other = make_person("ada@example.org", display_name="Ada Lovelace")
    unmask(client, grace)
    assert "ada@example.org" not in page_of(client, other)
    for name in ("people", "search"):
        html = client.get(reverse(f"backoffice:{name}"), {"q": MAIL.upper()}).content.decode()
        assert "G••• H•••" in html
        assert not is_shown(html)


def test_a_copied_cookie_on_another_device_shows_nothing(client, support, grace):
    unmask(client, grace)
    client.cookies[COOKIE] = "another-browser"
    answer = client.get(reverse("backoffice:person", args=[grace.pk]))
    assert not is_shown(answer.content.decode())
    session = client.session
    session["proof"] = {**session["proof"], "device": unmasking.device_of(answer.wsgi_request)}  # they even prove it
    session.save()
    html = page_of(client, grace)
    assert "G••• H•••" in html
    assert not is_shown(html)


def test_who_was_looked_at_reads_by_whom_and_why(client, support, grace):
    unmask(client, grace)
    html = sign_in_proven(Client(), grace).get(reverse("account:activity")).content.decode()
    for words in ("Looked at your name and address", "Support", "They asked us for help", "Ticket 77"):
        assert words in html
    assert "Sam" not in html


def test_one_sees_oneself_without_a_reason(client, support):
    assert "sam@example.org" in page_of(client, support)


def test_a_page_with_somebodys_data_is_kept_nowhere(client, support, grace):
    unmask(client, grace)
    answer = client.get(reverse("backoffice:person", args=[grace.pk]))
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    left = int(answer.content.decode().partition('data-for-s="')[2].partition('"')[0])
    assert timedelta(0) < timedelta(seconds=left) <= timedelta(minutes=10)


def test_an_export_says_why_and_tells_whom_it_is_about_but_keeps_no_address(client, grace):
    staff = make_person(is_staff=True)
    sign_in_proven(client, staff)
    record(act=Act.TITLE_CREATED, actor_id=grace.pk)
    address = reverse("backoffice:trail_export")
    refused = client.post(address, {"q": MAIL, "format": "jsonl"})
    assert refused.status_code == 302
    assert recorded("trail.exported") == []
    taken = client.post(address, {"q": MAIL, "act": "title.created", "format": "jsonl", **WHY})
    [line] = [json.loads(line) for line in b"".join(taken.streaming_content).decode().splitlines()]
    assert line["actor_id"] == str(grace.pk)
    client.post(address, {"q": "nobody@example.org", **WHY})
    about, nobody = recorded("trail.exported")
    assert grace.pk in about.person_ids
    told = {"reason": "asked", "in_words": "Ticket 77"}
    assert (about.after, nobody.after) == ({**told, "act": "title.created"}, told)
