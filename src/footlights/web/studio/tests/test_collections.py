"""A creator makes a season, puts titles in and in order by buttons, and puts it out; nobody else does."""

import pytest
from django.urls import reverse

from footlights.catalog import api as catalog
from footlights.catalog.testing import make_collection, make_title
from footlights.kernel.money import Money
from footlights.monetization import api as monetization
from footlights.monetization.testing import make_offer
from footlights.web.account.testing import sign_in_proven


def address(name: str, *args) -> str:
    return reverse(f"studio:{name}", args=args)


def order(collection) -> str:
    return "".join(each.title.name for each in catalog.list_titles_in(collection.id))


@pytest.fixture
def titles(channel):
    return [make_title(channel, name=name) for name in "abc"]


@pytest.fixture
def season(channel, titles):
    return make_collection(channel, *titles, state="draft")


def test_a_season_is_made_filled_and_put_out(as_creator, channel, titles):
    assert "Nothing belongs together yet" in as_creator.get(address("collections")).content.decode()
    sent = {"kind": "season", "name": "Season 1", "series": "The Lamp", "number": "1", "description": "Nights."}
    page = as_creator.post(address("collection_new"), sent, follow=True)
    [season] = catalog.list_collections_of(channel.id)
    assert "Nothing is in it yet" in page.content.decode()
    refused = as_creator.post(address("collection_visibility", season.id), {"state": "published"})
    assert (refused.status_code, "nothing to see yet" in refused.content.decode()) == (422, True)
    as_creator.post(address("collection_titles", season.id), {"ids": [title.id for title in titles]})
    as_creator.post(address("collection_visibility", season.id), {"state": "published"})
    assert "Public" in as_creator.get(address("collections")).content.decode()
    shown = as_creator.get(season.path).content.decode()
    assert '"seasonNumber": 1' in shown
    assert "3 episodes" in shown
    as_creator.post(address("collection_visibility", season.id), {"state": "draft"})
    assert catalog.get_collection(season.id).state == "draft"


def test_buttons_move_and_take_out_with_and_without_script(as_creator, season, titles):
    move = address("collection_title_moved", season.id, titles[2].id)
    part = as_creator.post(move, {"way": "up"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    assert 'aria-label="Move c down"' in part
    assert order(season) == "acb"
    assert as_creator.post(move, {"way": "sideways"}).status_code == 404
    assert as_creator.post(address("collection_title_removed", season.id, titles[0].id)).status_code == 302
    assert order(season) == "cb"


def test_its_words_change_and_what_is_wrong_is_said(as_creator, season):
    page = address("collection", season.id)
    assert as_creator.post(page, {"name": "Nights", "number": "2"}).status_code == 302
    assert catalog.get_collection(season.id).name == "Nights"
    for wrong in ({"name": ""}, {"name": "x", "number": "-1"}, {"name": "\u2028"}):
        assert as_creator.post(page, wrong).status_code == 422
    assert as_creator.post(address("collection_new"), {"kind": "season", "name": "\u2028"}).status_code == 422


def test_it_is_deleted_and_its_titles_stay(as_creator, season, titles):
    page = as_creator.post(address("collection_delete", season.id), follow=True)
    assert "Its titles are where they were" in page.content.decode()
    assert catalog.get_title(titles[0].id).state == "published"
    assert as_creator.get(address("collection", season.id)).status_code == 404


@pytest.mark.parametrize("name", ["collection", "collection_titles", "collection_visibility", "collection_delete"])
def test_a_stranger_sees_and_changes_nothing_of_it(as_stranger, season, name):
    before = catalog.get_collection(season.id)
    sent = {"name": "Mine", "state": "published"}
    assert as_stranger.post(address(name, season.id), sent).status_code == 404
    assert as_stranger.get(address("collection", season.id)).status_code == 404
    assert catalog.get_collection(season.id) == before


@pytest.mark.parametrize("name", ["collection_title_moved", "collection_title_removed"])
def test_a_stranger_moves_and_removes_no_title(as_stranger, season, titles, name):
    assert as_stranger.post(address(name, season.id, titles[0].id), {"way": "down"}).status_code == 404
    assert order(season) == "abc"


def test_all_of_it_is_priced_and_the_creator_sees_what_stays(as_creator, channel, season, titles):
    for title in titles:
        make_offer(title, price=Money(400, "EUR"))
    page = as_creator.get(address("collection", season.id)).content.decode()
    assert "those that come later too" in page
    preview = as_creator.get(address("collection_price_preview", season.id), {"price": "9", "currency": "EUR"})
    assert "You get <strong>€8.10</strong>" in preview.content.decode()
    assert "net" not in as_creator.get(address("collection_price_preview", season.id)).content.decode()
    wrong = {"price": "nine", "currency": "EUR"}
    assert "loss" in as_creator.get(address("collection_price_preview", season.id), wrong).content.decode()
    for refused in (wrong, {"price": "0", "currency": "EUR"}):
        assert as_creator.post(address("collection_price", season.id), refused).status_code == 422
    shown = as_creator.post(address("collection_price", season.id), {"price": "9", "currency": "EUR"}, follow=True)
    assert "one by one, its titles cost €12.00" in shown.content.decode()
    assert "All 3 titles, yours to keep" in shown.content.decode()
    assert monetization.find_collection_offer(season.id).price == Money(900, "EUR")
    as_creator.post(address("collection_price", season.id), {"price": "", "currency": "EUR"})
    assert monetization.find_collection_offer(season.id) is None


def test_the_price_of_what_is_out_needs_a_proof(client, creator, channel, titles):
    season = make_collection(channel, *titles)
    sign_in_proven(client, creator, proven_s_ago=3_600)
    sent = {"price": "9", "currency": "EUR"}
    assert "reauthenticate" in client.post(address("collection_price", season.id), sent).headers["Location"]
    assert monetization.find_collection_offer(season.id) is None


def test_a_stranger_prices_nothing(as_stranger, season):
    sent = {"price": "9", "currency": "EUR"}
    assert as_stranger.post(address("collection_price", season.id), sent).status_code == 404
    assert as_stranger.get(address("collection_price_preview", season.id), sent).status_code == 404
    assert monetization.find_collection_offer(season.id) is None
