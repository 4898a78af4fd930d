"""A proof gives the session a new key; a film that plays meanwhile goes on, and takes no second place."""

import pytest

from footlights.accounts.testing import PASSWORD
from footlights.playback.models import Screen
from footlights.web.watch.tests.test_endpoints import ask_for_key, beat, client_of, post, start

pytestmark = pytest.mark.media


def test_a_film_goes_on_after_its_person_proved_in_another_tab(house) -> None:
    client = client_of()
    client.handler.enforce_csrf_checks = False
    client.post("/account/login/", {"login": house.viewer.email, "password": PASSWORD})
    old = start(client, house.sold).json()["token"]
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert post(client, "beats", beat(old)).status_code == 403  # which the player answers by beginning anew
    new = post(client, "sessions", {"title_id": str(house.sold.id), "replaces": old}).json()["token"]
    assert ask_for_key(client, new, house.sold).status_code == 200
    assert Screen.objects.filter(ended_at=None).count() == 1


def test_a_new_password_ends_what_plays_elsewhere(house) -> None:
    here, there = client_of(), client_of()
    for client in (here, there):
        client.handler.enforce_csrf_checks = False
        client.post("/account/login/", {"login": house.viewer.email, "password": PASSWORD})
    stolen = start(there, house.sold).json()["token"]
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "a fresh new sentence"})
    assert ask_for_key(there, stolen, house.sold).status_code == 403
    assert post(there, "beats", beat(stolen)).json()["stop"] == "signed_out"


def test_signing_out_ends_what_plays_there(house) -> None:
    client = client_of()
    client.handler.enforce_csrf_checks = False
    client.post("/account/login/", {"login": house.viewer.email, "password": PASSWORD})
    token = start(client, house.sold).json()["token"]
    client.post("/account/logout/")
    assert Screen.objects.filter(ended_at=None).count() == 0
    assert ask_for_key(client, token, house.sold).status_code == 403
