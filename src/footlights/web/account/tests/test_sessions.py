"""A session lives ten hours from the person's last act; what their browser does alone keeps nothing alive."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import footlights.web
from footlights.accounts.jobs import forget_what_is_over
from footlights.accounts.sessions import ENDS_AFTER
from footlights.accounts.testing import PASSWORD, make_person
from footlights.kernel.clock import now
from footlights.web.rules import BACKGROUND, RULES

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "Sec-Fetch-Mode": "cors"}
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def viewer():
    return make_person("viewer@example.org")


def signed_in(person, **headers):
    client = Client(headers=headers or None)
    answer = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def be_away(client, away) -> None:
    Session.objects.filter(session_key=client.session.session_key).update(expire_date=now() - away + ENDS_AFTER)


def is_signed_in(client) -> bool:
    return client.get("/account/history").status_code == 200


def ends_in(client) -> timedelta:
    return Session.objects.get(session_key=client.session.session_key).expire_date - now()


def test_after_nine_hours_and_59_minutes_one_is_still_signed_in_and_after_ten_hours_not(viewer) -> None:
    client = signed_in(viewer)
    be_away(client, timedelta(hours=9, minutes=59))
    assert is_signed_in(client)
    be_away(client, timedelta(hours=9, minutes=59))  # that page was an act, so it begins anew
    assert is_signed_in(client)
    be_away(client, timedelta(hours=10, seconds=1))
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("get", "/account/history", HTMX),
        ("get", "/account/history", {"Sec-Fetch-Mode": "cors"}),
        ("get", "/account/history", {"Sec-Purpose": "prefetch;prerender"}),
        ("get", "/account/no-such-page", {}),
        ("post", "/playback/sessions", {}),
        ("post", "/uploads/", {"Tus-Resumable": "1.0.0"}),
    ],
)
def test_what_a_browser_does_alone_keeps_no_session_alive(viewer, method, path, headers) -> None:
    client = signed_in(viewer)
    be_away(client, timedelta(hours=9))
    getattr(client, method)(path, headers=headers)
    assert ends_in(client) < timedelta(hours=1, seconds=1)


def test_a_poll_that_saves_the_session_does_not_prolong_it(viewer) -> None:
    client = signed_in(viewer)
    be_away(client, timedelta(hours=9))
    session = client.session
    session["something"] = 1
    session.save()
    assert ends_in(client) < timedelta(hours=1, seconds=1)


@pytest.mark.parametrize(("method", "headers"), [("get", {}), ("post", {}), ("post", HTMX)])
def test_a_page_or_a_form_is_the_persons_act(viewer, method, headers) -> None:
    client = signed_in(viewer)
    be_away(client, timedelta(hours=9))
    getattr(client, method)("/account/history", headers=headers)
    assert ends_in(client) > timedelta(hours=9, minutes=59)


def test_acts_are_written_at_most_once_a_minute(viewer) -> None:
    client = signed_in(viewer)
    be_away(client, timedelta(minutes=2))
    for writes in (2, 0):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/account/history")
        assert sum(query["sql"].startswith("UPDATE") for query in queries) == writes


def test_every_background_address_exists_and_no_template_polls_with_a_form() -> None:
    assert RULES.keys() >= BACKGROUND
    polling = re.compile(r"<[^>]*hx-(?:post|put|patch|delete)=[^>]*hx-trigger=\"[^\"]*\bevery\b[^>]*>")
    templates = list(Path(footlights.web.__file__).parent.rglob("*.html"))
    assert templates
    assert [path.name for path in templates if polling.search(path.read_text())] == []


def test_a_sign_in_gives_the_session_a_new_key(viewer) -> None:
    client = Client()
    client.get("/account/login/")
    session = client.session
    session.save()
    client.cookies["session"] = before = session.session_key
    client.post("/account/login/", {"login": viewer.email, "password": PASSWORD})
    assert client.session.session_key not in {before, None}
    assert not Session.objects.filter(session_key=before).exists()


def test_the_account_lists_each_browser_and_signs_one_out(viewer) -> None:
    here, there = signed_in(viewer), signed_in(viewer, **FIREFOX)
    page = here.get(reverse("account:devices")).content.decode()
    assert "Firefox on Linux" in page
    assert "this machine" in page
    other = UserSession.objects.get(session_key=there.session.session_key)
    here.post(reverse("account:devices"), {"only": other.pk})
    assert not is_signed_in(there)
    assert is_signed_in(here)


def test_all_but_this_browser_are_signed_out_at_once(viewer) -> None:
    here, *others = (signed_in(viewer) for _ in range(3))
    here.post(reverse("account:devices"))
    assert is_signed_in(here)
    assert not any(is_signed_in(other) for other in others)


def test_nobody_signs_a_stranger_out(viewer) -> None:
    stranger, client = signed_in(make_person()), signed_in(viewer)
    theirs = UserSession.objects.get(session_key=client.session.session_key)
    stranger.post(reverse("account:devices"), {"only": theirs.pk})
    stranger.post(reverse("account:devices"))
    assert is_signed_in(client)


@pytest.mark.parametrize("only", ["x", "-1", "9" * 30, "0"])
def test_a_made_up_sign_in_ends_nothing_of_this_browser(viewer, only) -> None:
    client = signed_in(viewer)
    assert client.post(reverse("account:devices"), {"only": only}).status_code == 302
    assert is_signed_in(client)


def test_a_new_browser_is_told_by_mail_and_a_known_one_is_not(viewer) -> None:
    client = signed_in(viewer)
    assert mail.outbox == []  # the first of all
    client.post("/account/logout/")
    client.post("/account/login/", {"login": viewer.email, "password": PASSWORD})
    assert mail.outbox == []
    signed_in(viewer, **FIREFOX)
    assert "new browser" in mail.outbox[-1].subject
    assert "Firefox" in mail.outbox[-1].body
    assert len(mail.outbox) == 1


def test_a_new_password_ends_the_other_sign_ins_and_what_plays(viewer, monkeypatch) -> None:
    ended = []
    monkeypatch.setattr("footlights.web.account.devices.end_screens", lambda **told: ended.append(told["viewer_id"]))
    here, there = signed_in(viewer), signed_in(viewer)
    before = here.session.session_key
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "a fresh new sentence"})
    assert is_signed_in(here)
    assert here.session.session_key != before
    assert not is_signed_in(there)
    assert ended == [viewer.pk]
    assert UserSession.objects.get(user=viewer).session_key == here.session.session_key


def test_what_is_over_is_forgotten(viewer) -> None:
    over, alive = signed_in(viewer), signed_in(viewer)
    be_away(over, timedelta(hours=11))
    forget_what_is_over(timestamp=0)
    assert [row.session_key for row in UserSession.objects.all()] == [alive.session.session_key]
    assert Session.objects.count() == 1


def test_whose_a_session_is_comes_with_it_in_one_question(viewer) -> None:
    client = signed_in(viewer)
    with CaptureQueriesContext(connection) as captured:
        assert is_signed_in(client)
    assert len([query for query in captured if 'FROM "accounts_user"' in query["sql"]]) == 0


def change_password_without_telling(person) -> None:
    person.set_password("another horse")
    person.save()


def be_barred(person) -> None:
    person.is_active = False
    person.save()


@pytest.mark.parametrize("change", [change_password_without_telling, be_barred])
def test_a_session_opens_nothing_more_once_what_lets_its_person_in_has_changed(viewer, change) -> None:
    client = signed_in(viewer)
    assert is_signed_in(client)
    change(viewer)
    assert not is_signed_in(client)


def test_a_session_listed_for_somebody_else_stays_its_own_person_s(viewer) -> None:
    client = signed_in(viewer)
    UserSession.objects.update(user=make_person("somebody@example.org"))
    assert client.get("/account/history").context["user"] == viewer
