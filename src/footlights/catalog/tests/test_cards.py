from datetime import timedelta

import pytest

from footlights.catalog import api
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now


def ids(cards):
    return [card.id for card in cards]


def test_the_newest_comes_first(channel):
    old = make_title(channel, publish_at=now() - timedelta(days=2))
    new = make_title(channel, publish_at=now() - timedelta(days=1))
    assert ids(api.list_cards(row="newest", at=now())) == [new.id, old.id]


def test_rows_hold_only_what_everybody_may_see(channel):
    seen = make_title(channel)
    due = make_title(channel, state="scheduled", publish_at=now() - timedelta(seconds=1))
    for state in ("draft", "unlisted", "deleted"):
        make_title(channel, state=state)
    make_title(channel, playable=False)
    make_title(channel, state="scheduled", publish_at=now() + timedelta(hours=1))
    everything = ids(api.list_cards(row="newest", at=now()))
    assert set(everything) == {seen.id, due.id}
    found = api.find_shown_channel(channel.handle.upper(), at=now(), limit=5)
    shown, cards, _pictures = found.show()
    assert (shown, found.count, ids(cards)) == (channel, 2, everything)


def test_a_scheduled_title_comes_out_at_its_moment_without_a_job(channel):
    moment = now() + timedelta(hours=1)
    title = make_title(channel, state="scheduled", publish_at=moment)
    assert ids(api.list_cards(at=moment - timedelta(seconds=1))) == []
    assert ids(api.list_cards(at=moment)) == [title.id]
    assert api.is_visible(title, None, moment)
    assert not api.is_visible(title, None, moment - timedelta(seconds=1))


@pytest.mark.parametrize("state", ["draft", "scheduled", "unlisted", "published", "deleted"])
@pytest.mark.parametrize("playable", [True, False])
@pytest.mark.parametrize("hours", [-1, 1])
def test_the_rows_and_the_policy_agree(channel, state, playable, hours):
    title = make_title(channel, state=state, playable=playable, publish_at=now() + timedelta(hours=hours))
    listed = bool(api.list_cards(at=now()))
    assert listed == (api.is_public(title, now()) and title.playable)
    assert listed == bool(api.find_shown_channel(channel.handle, at=now(), limit=1).count)


def test_rows_of_a_category_of_a_channel_and_of_given_ids(channel, stranger):
    film = make_title(channel, category="film")
    song = make_title(make_channel(stranger, handle="other"), category="music")
    assert ids(api.list_cards(row="category", category="film", at=now())) == [film.id]
    assert ids(api.list_cards(row="channel", channel_id=song.channel_id, at=now())) == [song.id]
    assert ids(api.list_cards(row="ids", ids=[song.id, film.id], at=now())) == [song.id, film.id]
    assert ids(api.list_cards(row="ids", ids=[film.id, song.id], at=now())) == [film.id, song.id]


@pytest.mark.parametrize("row", ["category", "channel", "ids"])
def test_a_row_of_nothing_in_particular_is_empty(channel, row):
    make_title(channel, category="film")
    assert api.list_cards(row=row, at=now()) == []


def test_rows_are_paged(channel):
    titles = [make_title(channel, publish_at=now() - timedelta(hours=n)).id for n in range(5)]
    assert ids(api.list_cards(at=now(), limit=2, offset=2)) == titles[2:4]


def test_only_categories_with_something_in_them_are_offered(channel):
    make_title(channel, category="music")
    make_title(channel, category="film", state="draft")
    assert [category.slug for category in api.list_used_categories(at=now())] == ["music"]
    assert len({category.slug for category in api.list_categories()}) >= 12


def test_a_row_costs_the_same_queries_with_5_and_with_100_titles(channel, django_assert_max_num_queries):
    for number in (5, 100):
        for _ in range(number):
            make_title(channel, category="film")
        with django_assert_max_num_queries(2):
            api.list_cards(at=now(), limit=100)
        rows = [api.Row(), api.Row(kind="category", category="film"), api.Row(kind="channel", channel_id=channel.id)]
        with django_assert_max_num_queries(2):
            api.list_rows(rows, at=now())


def test_many_rows_at_once_are_the_same_as_one_by_one(channel):
    titles = [
        make_title(channel, category=("film", "music")[n % 2], publish_at=now() - timedelta(hours=n)) for n in range(6)
    ]
    rows = [
        api.Row(limit=3),
        api.Row(kind="ids", ids=[titles[4].id, titles[1].id]),
        api.Row(kind="category", category=""),
        api.Row(kind="category", category="music", limit=2, offset=1),
    ]
    newest, chosen, nothing, music = api.list_rows(rows, at=now())
    assert ids(newest) == [title.id for title in titles[:3]]
    assert ids(chosen) == [titles[4].id, titles[1].id]
    assert nothing == []
    assert ids(music) == [titles[3].id, titles[5].id]
    assert api.list_rows([], at=now()) == []


def test_who_owns_a_title_still_finds_it_when_it_is_not_out_any_more(channel):
    gone, hidden = make_title(channel, state="deleted"), make_title(channel, state="draft")
    wanted = [gone.id, hidden.id]
    assert ids(api.list_cards(row="ids", ids=wanted, at=now())) == []
    assert ids(api.list_cards(row="ids", ids=wanted, at=now(), any_state=True)) == wanted


def test_languages_have_names():
    assert api.find_language_name("pt-BR") == "Portuguese (Brazil)"
    assert api.find_language_name("gsw") == "Swiss German"
    assert len(api.list_languages()) > 150
