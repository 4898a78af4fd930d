"""The list of titles: found, filtered, and changed many at once."""

import pytest

from footlights.catalog import api as catalog
from footlights.catalog.testing import make_title, make_titles
from footlights.monetization.testing import make_offer

TITLES = "/studio/titles"


def listed(client, **query):
    return client.get(TITLES, query).content.decode()


def test_the_list_is_filtered_by_state_words_and_category(as_creator, channel):
    make_title(channel, name="Night ferry", category="film", state="draft")
    make_title(channel, name="Day train", category="music", state="published")
    make_title(channel, name="Gone bus", state="deleted")
    assert "Night ferry" in listed(as_creator)
    assert "Gone bus" not in listed(as_creator)
    assert "Gone bus" in listed(as_creator, state="deleted")
    assert "Day train" not in listed(as_creator, state="draft")
    assert "Day train" not in listed(as_creator, q="ferry")
    assert "Day train" not in listed(as_creator, category="film")
    assert "Nothing fits" in listed(as_creator, q="zeppelin")


@pytest.mark.parametrize(
    "query", [{"page": "0"}, {"page": "-1"}, {"page": "9" * 30}, {"page": "x"}, {"state": "'"}, {"q": "\x00"}]
)
def test_a_mangled_address_still_shows_the_list(as_creator, title, query):
    assert as_creator.get(TITLES, query).status_code == 200


def test_the_list_is_paged(as_creator, channel):
    make_titles(channel, 51)
    first = listed(as_creator)
    assert first.count('name="ids"') == 50
    assert 'rel="next"' in first
    assert listed(as_creator, page="2").count('name="ids"') == 1


def bulk(client, titles, act, **more):
    sent = {"ids": [str(title.id) for title in titles], "act": act} | more
    return client.post("/studio/titles/bulk", sent, follow=True)


def states(titles):
    return {catalog.get_title(title.id).state for title in titles}


def test_many_are_published_hidden_and_sorted_at_once(as_creator, channel):
    titles = [make_title(channel, state="draft") for _ in range(3)]
    for title in titles:
        make_offer(title, "free")
    assert "3 titles changed" in bulk(as_creator, titles, "publish").content.decode()
    assert states(titles) == {"published"}
    bulk(as_creator, titles, "unlist")
    assert states(titles) == {"unlisted"}
    bulk(as_creator, titles, "unpublish")
    assert states(titles) == {"draft"}
    bulk(as_creator, titles, "category", category="music")
    bulk(as_creator, titles, "maturity", maturity="teen")
    assert {(catalog.get_title(t.id).category, catalog.get_title(t.id).maturity) for t in titles} == {("music", "teen")}


def test_many_are_deleted_and_brought_back_at_once(as_creator, channel):
    titles = [make_title(channel) for _ in range(3)]
    body = bulk(as_creator, titles, "delete").content.decode()
    assert "3 titles deleted" in body
    assert "Undo" in body
    assert states(titles) == {"deleted"}
    as_creator.post("/studio/titles/restored", {"ids": [str(title.id) for title in titles]})
    assert states(titles) == {"published"}


def test_publishing_many_tells_which_have_no_price_and_changes_none(as_creator, channel):
    priced, bare = make_title(channel, state="draft"), make_title(channel, state="draft")
    make_offer(priced, "free")
    assert "no price yet" in bulk(as_creator, [priced, bare], "publish").content.decode()
    assert states([priced, bare]) == {"draft"}


@pytest.mark.parametrize("act", ["", "burn"])
def test_a_bulk_of_nothing_changes_nothing(as_creator, title, act):
    assert "Choose some titles first" in bulk(as_creator, [title], act).content.decode()
    assert "Choose some titles first" in bulk(as_creator, [], "delete").content.decode()
    assert states([title]) == {"draft"}


def test_ids_that_are_none_are_not_found(as_creator, channel):
    assert as_creator.post("/studio/titles/bulk", {"ids": ["../1"], "act": "delete"}).status_code == 404


@pytest.mark.parametrize(
    "here", ["https://evil.example/", "//evil.example/studio/", "/studio//evil", "javascript:alert(1)", "/studio/\nx"]
)
def test_the_way_back_never_leads_to_another_site(as_creator, title, here):
    answer = as_creator.post("/studio/titles/bulk", {"ids": [str(title.id)], "act": "delete", "here": here})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/studio/")
