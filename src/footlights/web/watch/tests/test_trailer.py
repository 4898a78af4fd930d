"""Anybody gets the trailer of what is out, and never anything of the film with it."""

import json

import pytest
from django.urls import reverse

from footlights.catalog.api import delete_title
from footlights.catalog.models import Title as TitleRow
from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.media.api import content_keys
from footlights.media.testing import make_ready_asset
from footlights.playback.models import Screen, WatchProgress
from footlights.playback.tests.conftest import as_kid
from footlights.web.watch.tests.test_endpoints import client_of, error_of

pytestmark = pytest.mark.media


@pytest.fixture
def trailer_id(house):
    asset = make_ready_asset(house.creator.id)
    TitleRow.objects.filter(id=house.sold.id).update(trailer_asset_id=asset.id)
    return asset.id


def find(client, title):
    return client.get(reverse("watch:trailer", args=[title.id]))


def ask(client, title, *asset_ids):
    kids = [as_kid(key_id) for asset_id in asset_ids for key_id in content_keys(asset_id)]
    address = reverse("watch:trailer_licence", args=[title.id])
    return client.post(address, json.dumps({"kids": kids, "type": "temporary"}), content_type="application/json")


@pytest.mark.parametrize("who", ["nobody", "stranger", "viewer", "creator"])
def test_everybody_gets_the_trailer_of_what_is_out(house, trailer_id, who):
    client = client_of(getattr(house, who, None))
    found = find(client, house.sold).json()
    assert found["dash_url"].endswith(".mpd")
    assert found["licence_url"] == reverse("watch:trailer_licence", args=[house.sold.id])
    licence = ask(client, house.sold, trailer_id)
    assert licence.status_code == 200
    assert {key["kid"] for key in licence.json()["keys"]} == {as_kid(key_id) for key_id in content_keys(trailer_id)}
    assert "no-store" in licence.headers["Cache-Control"]


def test_watching_it_takes_no_screen_and_is_not_remembered(house, trailer_id):
    client = client_of(house.viewer)
    find(client, house.sold)
    assert ask(client, house.sold, trailer_id).status_code == 200
    assert not Screen.objects.exists()
    assert not WatchProgress.objects.exists()


def test_a_key_of_the_film_among_the_trailers_gets_nothing(house, trailer_id):
    client = client_of(house.stranger)
    for mixed in ([house.sold.asset_id], [trailer_id, house.sold.asset_id], [trailer_id, house.free.asset_id]):
        refused = ask(client, house.sold, *mixed)
        assert refused.status_code == 403
        assert error_of(refused) == "key_ids"
        assert "keys" not in refused.json()


def test_a_trailer_that_is_the_film_itself_opens_nothing(house):
    """No page lets anybody set it so; were it ever so, the film would still not be free."""
    TitleRow.objects.filter(id=house.sold.id).update(trailer_asset_id=house.sold.asset_id)
    client = client_of(house.stranger)
    assert find(client, house.sold).status_code == 404
    assert ask(client, house.sold, house.sold.asset_id).status_code == 404


def test_a_title_without_a_trailer_opens_nothing(house):
    client = client_of(house.stranger)
    assert find(client, house.sold).status_code == 404
    assert ask(client, house.sold, house.sold.asset_id).status_code == 404


def test_a_drafts_trailer_is_its_makers_alone(house):
    asset = make_ready_asset(house.creator.id)
    draft = make_title(house.channel, state="draft", trailer_asset_id=asset.id)
    for person in (None, house.stranger, house.viewer):
        client = client_of(person)
        assert find(client, draft).status_code == 404
        assert ask(client, draft, asset.id).status_code == 404
    assert ask(client_of(house.creator), draft, asset.id).status_code == 200


def test_a_deleted_titles_trailer_is_nobodys(house, trailer_id):
    delete_title(title_id=house.sold.id, editor_id=house.creator.id, at=now())
    for person in (None, house.stranger, house.viewer):
        assert find(client_of(person), house.sold).status_code == 404
        assert ask(client_of(person), house.sold, trailer_id).status_code == 404


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"kids": "x"}', '{"kids": []}', '{"kids": ["AA"]}', '{"kids": [1]}'])
def test_nonsense_is_refused(house, trailer_id, body):
    address = reverse("watch:trailer_licence", args=[house.sold.id])
    assert client_of().post(address, body, content_type="application/json").status_code == 400
