"""Signing in with another service's account, against a real OpenID provider: it opens what it is linked to, no more."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client

from footlights.accounts.models import User
from footlights.accounts.testing import PASSWORD, make_person, use_app
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db
LOGIN, LINKS, PROVE = "/account/services/oidc/school/", "/account/services/", "/account/prove-by-mail"


@pytest.fixture(autouse=True)
def _school(settings, openid_provider: str) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    school: dict[str, Any] = {"provider_id": "school", "name": "The School", "client_id": "films", "secret": "s"}
    school["settings"] = {"server_url": openid_provider}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [school], "OAUTH_PKCE_ENABLED": True}}


@pytest.fixture
def maya() -> User:
    return make_person("maya@example.org")


@pytest.fixture
def nobody(db: None) -> Client:
    make_person()  # an empty service would lead everybody to its first run
    return Client()


def come_back(client: Client, sub: str, **sent: str) -> str:
    """Leave for the service by its button, agree there as `sub`; the address on which the browser comes back."""
    leaving = client.post(LOGIN, {"process": "login", **sent}).content.decode()
    address = unescape(re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', leaving)[0])
    agreed = urlsplit(httpx.post(address, data={"sub": sub}).headers["Location"])
    return f"{agreed.path}?{agreed.query}"


def sign_in(client: Client, sub: str = "maya", **sent: str) -> Any:
    return client.get(come_back(client, sub, **sent))


def mailed_code() -> str:
    [code] = re.findall(r"[A-Z]{4}-[A-Z]{4}", mail.outbox[-1].body)
    return str(code)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link(user: User, sub: str = "maya") -> None:
    SocialAccount.objects.create(user=user, provider="school", uid=sub, extra_data={})


def test_only_services_that_are_configured_are_offered(nobody, settings) -> None:
    assert "Go on with The School" in nobody.get("/account/login/").content.decode()
    assert nobody.get("/account/services/google/").status_code == 404
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "Go on with" not in nobody.get("/account/login/").content.decode()
    assert nobody.post(LOGIN).status_code == 404


def test_a_first_sign_in_opens_an_account_of_which_nothing_but_name_and_address_is_kept(nobody) -> None:
    answer = sign_in(nobody, next="/library")
    assert answer.headers["Location"] == "/library"
    user = User.objects.get(email="maya@example.org")
    assert (user.display_name, user.has_usable_password()) == ("Maya Lind", False)
    assert EmailAddress.objects.get(user=user).verified
    assert SocialAccount.objects.get(user=user).extra_data == {"shown": "m…@example.org"}
    assert "token" not in str([row.get_decoded() for row in Session.objects.all()])


def test_a_second_sign_in_finds_the_same_account_and_a_new_session(nobody) -> None:
    sign_in(nobody)
    again = Client()
    again.post("/account/login/", {"login": "nobody@example.org", "password": "x"})  # a session before
    back = come_back(again, "maya")
    before = again.session.session_key
    again.get(back)
    assert is_signed_in(again)
    assert again.session.session_key != before
    assert User.objects.filter(email__iexact="maya@example.org").count() == 1


@pytest.mark.parametrize("sub", ["mallory", "unsure", "maya"])
def test_a_matching_address_opens_nobodys_account_and_makes_no_second_one(nobody, maya, sub) -> None:
    answer = nobody.post("/account/services/new", {"email": "maya@EXAMPLE.org"}) if sign_in(nobody, sub) else None
    assert not is_signed_in(nobody)
    assert "There is an account with this address already" in answer.content.decode()
    assert not SocialAccount.objects.filter(user=maya).exists()
    assert User.objects.filter(email__iexact="maya@example.org").count() == 1


def test_with_a_mail_server_nobody_learns_that_an_address_is_taken(nobody, maya, settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    answer = sign_in(nobody, "mallory")
    assert answer.headers["Location"] == "/account/confirm-email/"
    assert not is_signed_in(nobody)
    assert mail.outbox[-1].to == ["maya@example.org"]


def test_an_unconfirmed_address_is_confirmed_before_its_account_opens(nobody, settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sign_in(nobody, "unsure")
    assert not is_signed_in(nobody)


def test_whom_the_service_gives_no_address_is_asked_for_one(nobody) -> None:
    answer = nobody.get(sign_in(nobody, "nameless").headers["Location"])
    assert "Which address should we write to?" in answer.content.decode()
    nobody.post("/account/services/new", {"email": "new@example.org"})
    assert is_signed_in(nobody)


def test_the_second_step_is_still_asked(nobody, maya) -> None:
    link(maya)
    use_app(maya)
    assert sign_in(nobody).headers["Location"].startswith("/account/second-step/")
    assert not is_signed_in(nobody)


def test_what_came_back_counts_once_and_only_in_the_browser_that_left(nobody) -> None:
    back = come_back(nobody, "maya")
    stranger = Client()
    assert stranger.get(back).status_code == 400
    assert not is_signed_in(stranger)
    nobody.get(back)
    nobody.post("/account/logout/")
    assert nobody.get(back).status_code == 400
    assert not is_signed_in(nobody)


def test_who_turns_back_there_is_told_so(nobody) -> None:
    back = urlsplit(come_back(nobody, "maya"))
    state = re.findall(r"state=([^&]+)", back.query)[0]
    answer = nobody.get(f"{back.path}?state={state}&error=access_denied", follow=True)
    assert "You turned back" in answer.content.decode()


def test_a_service_that_is_away_is_told_in_plain_words(nobody, settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://localhost:1"
    answer = nobody.post(LOGIN)
    assert "did not tell us who you are" in answer.content.decode()


def test_a_sign_in_by_a_service_is_no_proof_but_a_mailed_code_is(nobody) -> None:
    sign_in(nobody)
    asked = nobody.get("/account/password/set/").headers["Location"]
    assert asked.startswith(PROVE)
    nobody.post(PROVE, {"send": "", "next": "/account/password/set/"})
    code = mailed_code()
    assert code not in str(nobody.session.items())
    wrong = nobody.post(PROVE, {"code": "BBBB-BBBB"})
    assert "not the code" in wrong.content.decode()
    before = nobody.session.session_key
    proven = nobody.post(PROVE, {"code": code, "next": "/account/password/set/"})
    assert proven.headers["Location"] == "/account/password/set/"
    assert nobody.session.session_key != before
    assert nobody.get("/account/password/set/").status_code == 200
    assert nobody.post(PROVE, {"code": code}).status_code == 200  # spent


def test_a_mailed_code_takes_three_tries_and_ten_minutes(nobody, monkeypatch) -> None:
    sign_in(nobody)
    nobody.post(PROVE, {"send": ""})
    for guess in ["BBBB-BBBB"] * 3 + [mailed_code()]:
        assert "not the code" in nobody.post(PROVE, {"code": guess}).content.decode()
    nobody.post(PROVE, {"send": ""})
    too_late = nobody.session["mailed_proof"]["at"] + 601
    monkeypatch.setattr("footlights.web.account.mailed_proof.time", lambda: too_late)
    assert "not the code" in nobody.post(PROVE, {"code": mailed_code()}).content.decode()


def test_who_has_a_password_cannot_prove_by_mail(maya) -> None:
    client = sign_in_proven(Client(), maya, proven_s_ago=700)
    assert client.get(PROVE).headers["Location"].startswith("/account/reauthenticate/")
    assert client.post(PROVE, {"send": ""}).headers["Location"].startswith("/account/reauthenticate/")
    assert mail.outbox == []


def test_a_service_is_linked_and_unlinked_after_a_proof_and_told_by_mail(maya) -> None:
    client, elsewhere = sign_in_proven(Client(), maya), Client()
    elsewhere.post("/account/login/", {"login": maya.email, "password": PASSWORD})
    answer = sign_in(client, process="connect")
    assert answer.headers["Location"] == LINKS
    account = SocialAccount.objects.get(user=maya)
    assert "The School was linked" in mail.outbox[-1].subject
    assert elsewhere.get("/account/").status_code == 302  # the other browser is signed out
    assert "m…@example.org" in client.get(LINKS).content.decode()
    client.post(LINKS, {"account": account.pk})
    assert not SocialAccount.objects.exists()
    assert "unlinked" in mail.outbox[-1].subject
    sign_in(fresh := Client())
    assert not is_signed_in(fresh)


def test_no_service_is_linked_once_the_proof_is_old(maya) -> None:
    client = sign_in_proven(Client(), maya, proven_s_ago=601)
    assert "reauthenticate" in client.get(LINKS).headers["Location"]
    assert sign_in(client, process="connect").headers["Location"] == LINKS
    assert not SocialAccount.objects.exists()


def test_nobody_links_what_somebody_else_linked_or_unlinks_it(maya) -> None:
    other = make_person()
    link(other)
    client = sign_in_proven(Client(), maya)
    sign_in(client, process="connect")
    client.post(LINKS, {"account": SocialAccount.objects.get().pk})
    assert SocialAccount.objects.get().user == other


def test_the_only_way_in_is_not_unlinked(nobody) -> None:
    sign_in(nobody)
    client = sign_in_proven(nobody, User.objects.get(email="maya@example.org"))
    answer = client.post(LINKS, {"account": SocialAccount.objects.get().pk})
    assert "Set a password first" in answer.content.decode()
    assert SocialAccount.objects.exists()


def test_a_link_to_a_service_that_is_offered_no_more_can_still_be_removed(maya, settings) -> None:
    link(maya)
    settings.SOCIALACCOUNT_PROVIDERS = {}
    client = sign_in_proven(Client(), maya)
    assert "School" in client.get(LINKS).content.decode()
    client.post(LINKS, {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_nobody_is_sent_to_another_site_by_coming_back(nobody, elsewhere) -> None:
    assert sign_in(nobody, next=elsewhere).headers["Location"] == "/"
