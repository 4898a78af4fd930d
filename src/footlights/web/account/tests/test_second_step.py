"""Codes from an app, spare codes, codes by mail: what a sign-in takes, and what changing that asks and ends."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import PASSWORD, SECRET, code_now, make_person, use_app
from footlights.audit.api import take_tallies
from footlights.audit.testing import recorded
from footlights.catalog.testing import join_team, make_channel
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def viewer():
    return make_person("viewer@example.org")


def give_password(client, person):
    return client.post("/account/login/", {"login": person.email, "password": PASSWORD})


def is_signed_in(client) -> bool:
    return client.get("/account/history").status_code == 200


def set_up_app(client) -> str:
    """Set the app up as a person does, and give what it shares with us."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'<code class="code-secret">(\w+)</code>', page)[1]
    from allauth.mfa.totp.internal import auth

    code = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
    client.post(reverse("mfa_activate_totp"), {"code": code})
    return secret


def test_the_password_alone_does_not_sign_in_whoever_has_an_app(client, viewer) -> None:
    use_app(viewer)
    assert give_password(client, viewer).headers["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000" if code_now() != "000000" else "111111"})
    assert "did not fit" in wrong.content.decode()
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_with_a_picture_and_spare_codes_come_with_it(client, viewer) -> None:
    sign_in_proven(client, viewer)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert '<img class="code-picture" src="data:image/svg+xml;base64,' in page
    set_up_app(client)
    spare = re.findall(r"<code>(\d{8})</code>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    assert len(spare) == 10
    assert "asks for a code" in mail.outbox[-1].subject
    other = Client()
    for _time in range(2):  # the second time it is spent
        give_password(other, viewer)
        other.post(reverse("mfa_authenticate"), {"code": spare[0]})
        signed_in = is_signed_in(other)
        other.post("/account/logout/")
    assert not signed_in


def test_what_the_app_shares_with_us_is_sealed(client, viewer) -> None:
    sign_in_proven(client, viewer)
    secret = set_up_app(client)
    stored = str([each.data for each in Authenticator.objects.filter(user=viewer)])
    assert secret not in stored
    assert Authenticator.objects.filter(user=viewer, type="totp").exists()


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_ends_the_other_sign_ins_and_what_plays(client, viewer, monkeypatch) -> None:
    ended = []
    monkeypatch.setattr("footlights.web.account.devices.end_screens", lambda **told: ended.append(told["viewer_id"]))
    other = Client()
    give_password(other, viewer)
    sign_in_proven(client, viewer)
    client.get("/account/history")
    set_up_app(client)
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert viewer.pk in ended


def test_an_administrator_keeps_a_second_factor(client) -> None:
    staff = make_person(is_staff=True)
    sign_in_proven(client, staff)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert "Your role here needs a second step" in answer.content.decode()
    assert Authenticator.objects.filter(user=staff, type="totp").exists()


def test_who_minds_money_is_warned_before_their_only_second_step_goes(client) -> None:
    mate = make_person()
    join_team(make_channel(make_person(), name="Lantern"), mate, Role.FINANCE)
    use_app(mate)
    sign_in_proven(client, mate)
    page = reverse("mfa_deactivate_totp")
    assert "the money of Lantern are closed to you" in client.get(page).content.decode()
    passkey = Authenticator.objects.create(user=mate, type="webauthn", data={"name": "Laptop", "credential": {}})
    assert "closed to you" not in client.get(page).content.decode()
    client.post(page)
    page = reverse("mfa_remove_webauthn", args=[passkey.pk])
    assert "the money of Lantern are closed to you" in client.get(page).content.decode()
    client.post(page)
    assert client.get(reverse("studio:money")).headers["Location"].startswith(reverse("mfa_index"))


def test_nobody_else_is_warned(client, viewer) -> None:
    join_team(make_channel(make_person()), viewer, Role.EDITOR)
    use_app(viewer)
    sign_in_proven(client, viewer)
    assert "closed to you" not in client.get(reverse("mfa_deactivate_totp")).content.decode()


def test_where_the_operator_makes_it_optional_the_backoffice_opens_without(client, settings) -> None:
    staff = make_person(is_staff=True)
    Authenticator.objects.all().delete()
    client.force_login(staff)
    assert client.get("/backoffice/").status_code == 302
    settings.SECOND_FACTOR_REQUIRED = False
    assert client.get("/backoffice/").status_code == 200


def test_the_page_says_why_an_administrator_is_there(client) -> None:
    staff = make_person(is_staff=True)
    Authenticator.objects.all().delete()
    client.force_login(staff)
    assert "What you asked for opens once" in client.get("/backoffice/", follow=True).content.decode()


def test_codes_are_guessed_only_so_often_from_wherever(viewer) -> None:
    use_app(viewer)
    for number in range(6):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        give_password(client, viewer)
        client.post(reverse("mfa_authenticate"), {"code": f"{number:06}"})
    client = Client(REMOTE_ADDR="10.0.1.1")
    give_password(client, viewer)
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert not is_signed_in(client)


def test_a_wrong_code_is_in_the_trail_and_one_too_many_is_counted(client, viewer) -> None:
    use_app(viewer)
    give_password(client, viewer)
    for _ in range(6):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    told = recorded("factor.refused")
    assert {(each.object_id, each.actor_id, each.person_ids) for each in told} == {(str(viewer.pk), None, (viewer.pk,))}
    assert told[0].after == {"method": "totp", "again": False}
    assert "000000" not in str(told)
    assert {each.name for each in take_tallies()} == {"sign_in.limited"}
    assert len(told) < 6


def test_a_mailed_code_signs_in_where_it_was_asked_for_and_once(client, viewer) -> None:
    client.post(reverse("account_request_login_code"), {"email": viewer.email, "next": "/library"})
    code = re.search(r"^    (\S+)$", mail.outbox[0].body, re.MULTILINE)[1]
    elsewhere = Client()
    elsewhere.post(reverse("account_confirm_login_code"), {"code": code})
    assert not is_signed_in(elsewhere)
    assert client.get(f"{reverse('account_confirm_login_code')}?code={code}").status_code == 200
    assert "_auth_user_id" not in client.session  # a mail scanner's GET signs nobody in
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert is_signed_in(client)


def test_a_mailed_code_does_not_replace_the_second_step(client, viewer) -> None:
    use_app(viewer)
    client.post(reverse("account_request_login_code"), {"email": viewer.email})
    code = re.search(r"^    (\S+)$", mail.outbox[0].body, re.MULTILINE)[1]
    answer = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_asking_for_a_code_tells_nobody_who_has_an_account(viewer) -> None:
    pages = []
    for address in (viewer.email, "nobody@example.org"):
        answer = Client().post(reverse("account_request_login_code"), {"email": address}, follow=True)
        pages.append(
            re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.content.decode()).replace(address, "…")
        )
    assert pages[0] == pages[1]


def test_a_strangers_passkey_is_neither_renamed_nor_removed(client, viewer) -> None:
    key = Authenticator.objects.create(user=viewer, type="webauthn", data={"name": "Mine", "credential": {}})
    sign_in_proven(client, make_person())
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.post(reverse(name, args=[key.pk]), {"name": "Yours"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Mine"


def test_the_secret_of_the_tests_is_no_default(viewer) -> None:
    sign_in_proven(client := Client(), viewer)
    assert SECRET not in client.get(reverse("mfa_activate_totp")).content.decode()
