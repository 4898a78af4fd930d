"""Titles that belong together: in an order, under one name, for everybody only once they are put out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from footlights.accounts.api import Role
from footlights.catalog import api
from footlights.catalog.models import CollectionTitle
from footlights.catalog.testing import join_team, make_channel, make_collection, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError


def made(channel, creator, **words):
    asked = {"kind": "season", "name": "Season 1", "series": "The Lamp", "number": 1} | words
    return api.create_collection(channel_id=channel.id, editor_id=creator.id, at=now(), **asked)


def change(verb, collection, editor, **more):
    return verb(collection_id=collection.id, editor_id=editor.id, at=now(), **more)


def names_in(collection) -> list[str]:
    return [each.title.name for each in api.list_titles_in(collection.id)]


@pytest.fixture
def titles(channel):
    return [make_title(channel, name=name) for name in "abc"]


@pytest.fixture
def season(channel, creator, titles):
    season = made(channel, creator)
    change(api.add_to_collection, season, creator, title_ids=[title.id for title in titles])
    return season


def test_a_collection_begins_empty_and_unseen_and_two_of_a_name_have_two_addresses(channel, creator):
    first, second = made(channel, creator), made(channel, creator)
    assert (first.path, second.path) == ("/@lantern/collections/the-lamp-season-1", f"{first.path}-2")
    assert (first.state, first.series, first.number, first.poster) == ("draft", "The Lamp", 1, None)
    assert api.find_collection_by_path("LANTERN", first.slug) == first
    with pytest.raises(InvalidInputError, match="nothing to see"):
        change(api.publish_collection, first, creator)


def test_only_a_season_is_of_a_series(channel, creator):
    plain = made(channel, creator, kind="collection", name="Short ones")
    assert (plain.series, plain.number, plain.path) == ("", None, "/@lantern/collections/short-ones")
    for wrong in ({"number": -1}, {"name": " "}):
        with pytest.raises(InvalidInputError):
            made(channel, creator, **wrong)


def test_a_channel_has_a_bounded_number_of_collections_and_each_of_titles(creator, channel, season, monkeypatch):
    monkeypatch.setattr("footlights.catalog.policies.MAX_COLLECTIONS_PER_CHANNEL", 1)
    with pytest.raises(InvalidInputError, match="as many collections"):
        made(channel, creator)
    monkeypatch.setattr("footlights.catalog.policies.MAX_TITLES_IN_COLLECTION", 3)
    with pytest.raises(InvalidInputError, match="at most 3"):
        change(api.add_to_collection, season, creator, title_ids=[make_title(channel).id])


def test_titles_are_added_at_the_end_once_and_moved_and_taken_out(season, creator, titles):
    a, b, c = (title.id for title in titles)
    for way, title_id, order in [
        ("up", c, "acb"), ("up", a, "acb"), ("down", a, "cab"), ("down", b, "cab"), ("last", c, "abc"),
        ("first", b, "bac"),
    ]:  # fmt: skip
        change(api.move_in_collection, season, creator, title_id=title_id, way=way)
        assert "".join(names_in(season)) == order
    change(api.remove_from_collection, season, creator, title_id=a)
    change(api.remove_from_collection, season, creator, title_id=a)
    change(api.add_to_collection, season, creator, title_ids=[c, a, a])
    assert names_in(season) == ["b", "c", "a"]
    assert [row.place for row in CollectionTitle.objects.order_by("place")] == [1, 2, 3]
    with pytest.raises(NotFoundError):
        change(api.move_in_collection, season, creator, title_id=make_title(make_channel(creator)).id, way="up")


def test_two_titles_never_have_one_place_by_the_database_too(season):
    with pytest.raises(IntegrityError, match="place_once"), transaction.atomic():
        CollectionTitle.objects.update(place=1)
        connection.check_constraints()


def test_a_title_of_another_channel_never_comes_in(season, creator):
    with pytest.raises(NotFoundError):
        change(api.add_to_collection, season, creator, title_ids=[make_title(make_channel(creator)).id])


def test_what_is_put_out_shows_what_everybody_may_see_in_its_order(season, creator, channel, titles):
    change(api.publish_collection, season, creator)
    draft = make_title(channel, name="d", state="draft")
    soon = make_title(channel, name="e", state="scheduled", publish_at=now() + timedelta(days=1))
    change(api.add_to_collection, season, creator, title_ids=[draft.id, soon.id])
    change(api.move_in_collection, season, creator, title_id=draft.id, way="first")
    shown = [(each.place, each.title.name) for each in api.list_public_titles_in(season.id, now())]
    assert shown == [(2, "a"), (3, "b"), (4, "c")]
    later = now() + timedelta(days=2)
    assert api.list_public_ids_in(season.id, later) == [*(title.id for title in titles), soon.id]
    [place] = api.list_places_of(titles[0].id)
    assert (place.collection.name, place.place) == ("Season 1", 2)  # as its makers count
    assert api.count_titles_in([season.id]) == {season.id: 5}
    assert api.list_collections_with([titles[0].id]) == [season.id]
    assert api.search_collections("LAM") == [place.collection]
    assert api.search_collections("lamp boat") == api.search_collections("") == []
    assert [each.path for each in api.list_collection_addresses(at=now(), page=1)] == [season.path]
    assert api.count_collection_addresses(at=now()) == 1


def test_seasons_of_a_series_come_by_number(channel, titles):
    second = make_collection(channel, titles[0], series="The Lamp", number=2, name="Season 2")
    first = make_collection(channel, titles[1], series="The Lamp", number=1)
    make_collection(channel, titles[2], series="The Lamp", number=3, state="draft")
    other = make_collection(channel, titles[2], kind="collection")
    assert api.list_seasons(second) == [first, second]
    assert api.list_seasons(other) == []
    assert api.list_collections_of(channel.id, public=True) == [other, first, second]


def test_hiding_and_deleting_leaves_the_titles_and_the_name(season, creator, titles):
    change(api.publish_collection, season, creator)
    change(api.remove_from_collection, season, creator, title_id=titles[0].id)
    change(api.remove_from_collection, season, creator, title_id=titles[1].id)
    with pytest.raises(InvalidInputError, match="only title"):
        change(api.remove_from_collection, season, creator, title_id=titles[2].id)
    assert change(api.unpublish_collection, season, creator).state == "draft"
    assert not api.list_places_of(titles[2].id)
    change(api.delete_collection, season, creator)
    assert api.find_collection_by_path("lantern", season.slug) is None
    assert api.list_collections([season.id])[season.id].name == "Season 1"
    with pytest.raises(NotFoundError):
        change(api.publish_collection, season, creator)


def test_words_change_and_nothing_else(season, creator):
    changed = change(api.edit_collection, season, creator, description="Nights.\r\n", number=None, series=" ")
    assert (changed.name, changed.description, changed.series, changed.number) == ("Season 1", "Nights.", "", None)
    assert change(api.edit_collection, season, creator, name="Nights").path == season.path


def test_to_a_stranger_and_to_who_may_not_edit_there_is_no_such_collection(season, creator, stranger, titles, channel):
    join_team(channel, stranger, Role.ANALYST)
    somebody = make_channel(creator)
    for verb, more in [
        (api.edit_collection, {"name": "Mine"}), (api.publish_collection, {}), (api.unpublish_collection, {}),
        (api.delete_collection, {}), (api.add_to_collection, {"title_ids": []}),
        (api.move_in_collection, {"title_id": titles[0].id, "way": "up"}),
        (api.remove_from_collection, {"title_id": titles[0].id}),
    ]:  # fmt: skip
        with pytest.raises(NotFoundError):
            change(verb, season, stranger, **more)
    with pytest.raises(NotFoundError):
        made(channel, stranger)
    assert api.get_managed_collection(season.id, stranger.id)[1] is Role.ANALYST
    with pytest.raises(NotFoundError):
        api.get_managed_collection(season.id, somebody.id)
    with pytest.raises(NotFoundError):
        api.get_collection(somebody.id)
