import json

import pytest
from django.test import Client
from django.urls import reverse

from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.ids import new_id
from footlights.media.api import content_keys
from footlights.media.testing import make_asset
from footlights.playback.api import progress_for
from footlights.playback.models import Screen
from footlights.playback.tests.conftest import as_kid

pytestmark = pytest.mark.media


def post(client, name, body, **headers):
    return client.post(
        reverse(f"watch:{name}"),
        body if isinstance(body, bytes) else json.dumps(body),
        content_type="application/json",
        headers=headers,
    )


def client_of(person=None):
    client = Client(enforce_csrf_checks=True)
    if person:
        client.force_login(person)
    return client


def start(client, title):
    return post(client, "sessions", {"title_id": str(title.id)})


def ask_for_key(client, token, title):
    kids = [as_kid(key_id) for key_id in content_keys(title.asset_id)]
    return post(client, "licence", {"kids": kids, "type": "temporary"}, Authorization=f"Bearer {token}")


def beat(token, sequence=1, **changes):
    return {"token": token, "sequence": sequence, "position_ms": 3_000, "watched_ms": 3_000, **changes}


def error_of(response):
    return response.json()["error"]["code"]


def test_the_viewer_starts_gets_the_key_and_tells_where_they_are(house):
    client = client_of(house.viewer)
    session = start(client, house.sold)
    assert session.status_code == 201
    token = session.json()["token"]
    licence = ask_for_key(client, token, house.sold)
    assert licence.status_code == 200
    assert len(licence.json()["keys"]) == len(content_keys(house.sold.asset_id))
    assert "no-store" in licence.headers["Cache-Control"]
    assert post(client, "beats", beat(token)).json() == {}
    assert progress_for(house.viewer.id, [house.sold.id])[house.sold.id].position_ms == 3_000
    assert post(client, "stop", beat(token, 2)).json() == {}
    assert Screen.objects.get().ended_at is not None
    assert error_of(ask_for_key(client, token, house.sold)) == "screen_over"


@pytest.mark.parametrize("who", ["stranger", "staff", None])
def test_nobody_else_starts_and_learns_no_address(house, who):
    refused = start(client_of(who and getattr(house, who)), house.sold)
    assert refused.status_code == 403
    assert error_of(refused) == "no_ticket"
    assert b"/media/" not in refused.content


def test_a_strangers_browser_gets_nothing_for_a_copied_token(house):
    token = start(client_of(house.viewer), house.sold).json()["token"]
    for thief in (client_of(house.stranger), client_of()):
        refused = ask_for_key(thief, token, house.sold)
        assert (refused.status_code, error_of(refused)) == (403, "token")
        assert post(thief, "beats", beat(token)).status_code == 403
        assert post(thief, "stop", beat(token)).status_code == 403


def test_signing_out_ends_the_tokens_worth(house):
    client = client_of(house.viewer)
    token = start(client, house.sold).json()["token"]
    client.logout()
    assert ask_for_key(client, token, house.sold).status_code == 403


def test_an_anonymous_browser_watches_what_is_free_and_is_known_by_a_cookie_of_its_own(house):
    client = client_of()
    session = start(client, house.free)
    cookie = session.cookies["screen"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert ask_for_key(client, session.json()["token"], house.free).status_code == 200
    assert error_of(ask_for_key(client_of(), session.json()["token"], house.free)) == "token"
    assert "screen" not in start(client, house.free).cookies


def test_an_own_token_does_not_open_another_film(house):
    client = client_of(house.viewer)
    token = start(client, house.free).json()["token"]
    refused = ask_for_key(client, token, house.sold)
    assert (refused.status_code, error_of(refused)) == (403, "key_ids")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_another_website_cannot_start_a_screen_in_a_viewers_name(house, headers):
    assert post(client_of(house.viewer), "sessions", {"title_id": str(house.sold.id)}, **headers).status_code == 403
    assert not Screen.objects.exists()


def test_a_form_on_another_website_cannot_either(house):
    client = client_of(house.viewer)
    assert client.post(reverse("watch:sessions"), {"title_id": house.sold.id}).status_code == 400
    assert not Screen.objects.exists()


@pytest.mark.parametrize("name", ["sessions", "licence", "beats", "stop"])
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 5_000, b'{"kids": [1]}', b'{"kids": "AAAA"}', b"x" * 9_000]
)
def test_what_makes_no_sense_is_a_clear_error(house, name, body):
    refused = post(client_of(house.viewer), name, body)
    assert refused.status_code in {400, 403}
    assert refused.json()["error"]["message"]


@pytest.mark.parametrize(
    "changes",
    [{"sequence": "1"}, {"sequence": True}, {"position_ms": 1.5}, {"watched_ms": None}, {"token": 5}, {"sequence": -1}],
)
def test_a_beat_of_the_wrong_form_changes_nothing(house, changes):
    client = client_of(house.viewer)
    token = start(client, house.sold).json()["token"]
    assert post(client, "beats", {**beat(token), **changes}).status_code == 400
    assert progress_for(house.viewer.id, [house.sold.id]) == {}


def test_a_title_that_never_was_is_not_found(house):
    client = client_of(house.viewer)
    assert post(client, "sessions", {"title_id": str(new_id())}).status_code == 404
    assert post(client, "sessions", {"title_id": "../etc"}).status_code == 400


def test_a_film_in_preparation_says_how_far_it_is(house):
    title = make_title(make_channel(house.creator), asset_id=make_asset(house.creator.id).id)
    told = start(client_of(house.creator), title)
    assert told.status_code == 409
    assert told.json()["error"].items() >= {"code": "not_ready", "failed": False}.items()
    assert 0 <= told.json()["error"]["percent"] <= 100


@pytest.mark.parametrize("name", ["sessions", "licence", "beats", "stop"])
def test_reading_an_endpoint_does_nothing(client, house, name):
    assert client.get(reverse(f"watch:{name}")).status_code == 405
