from datetime import timedelta
from uuid import uuid4

import pytest

from footlights.accounts.api import Role
from footlights.catalog import api, models
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError


def edit(title, editor, **changes):
    return api.edit_title(title_id=title.id, editor_id=editor.id, at=now(), **changes)


@pytest.fixture
def draft(creator, channel):
    return api.create_title(channel_id=channel.id, editor_id=creator.id, name="A quiet evening", at=now())


def test_a_new_title_is_a_draft_with_an_address(draft):
    assert (draft.state, draft.path, draft.playable) == ("draft", "/@lantern/a-quiet-evening", False)
    assert api.get_title(draft.id) == draft


def test_two_titles_of_one_name_get_two_addresses(creator, channel, draft):
    second = api.create_title(channel_id=channel.id, editor_id=creator.id, name=draft.name, at=now())
    third = api.create_title(channel_id=channel.id, editor_id=creator.id, name=draft.name, at=now())
    assert [second.slug, third.slug] == ["a-quiet-evening-2", "a-quiet-evening-3"]


def test_a_stranger_makes_no_title_in_anothers_channel(stranger, channel):
    with pytest.raises(NotFoundError):
        api.create_title(channel_id=channel.id, editor_id=stranger.id, name="Mine now", at=now())


def test_every_word_of_a_title_can_change(creator, draft):
    changes = {
        "name": "A loud morning",
        "description": "Birds.\n\nMany.",
        "language": "pt-BR",
        "category": "nature",
        "tags": ["birds"],
        "maturity": "teen",
        "credit": "© Ana",
    }
    changed = edit(draft, creator, **changes)
    assert {field: getattr(changed, field) for field in changes} == changes
    assert changed.updated_at > draft.updated_at


def test_what_is_left_out_stays(creator, draft):
    edit(draft, creator, description="Kept", tags=["kept"])
    changed = edit(draft, creator, category="film")
    assert (changed.description, changed.tags) == ("Kept", ["kept"])


def test_a_stranger_edits_nothing(stranger, draft):
    with pytest.raises(NotFoundError):
        edit(draft, stranger, name="Mine")
    assert api.get_title(draft.id).name == draft.name


def test_anothers_poster_is_refused(creator, draft):
    with pytest.raises(InvalidInputError) as caught:
        edit(draft, creator, poster_id=uuid4())
    assert caught.value.field == "poster"


def test_a_drafts_address_follows_its_name(creator, draft):
    changed = edit(draft, creator, name="Dusk")
    assert changed.slug == "dusk"
    assert api.find_title_by_path("lantern", "a-quiet-evening") is None


def test_an_address_that_has_been_out_stays_when_the_name_changes(creator, channel):
    title = make_title(channel, slug="evening")
    assert edit(title, creator, name="Dusk").slug == "evening"
    api.unpublish_title(title_id=title.id, editor_id=creator.id, at=now())
    assert edit(title, creator, name="Night").slug == "evening"


def test_an_old_address_leads_to_the_new_one_and_is_kept_for_it(creator, channel):
    title = make_title(channel, slug="evening")
    moved = edit(title, creator, slug="dusk")
    assert api.find_title_by_path("lantern", "evening") == moved
    assert api.create_title(channel_id=channel.id, editor_id=creator.id, name="Evening", at=now()).slug == "evening-2"
    back = edit(title, creator, slug="evening")
    assert back.slug == "evening"
    assert api.find_title_by_path("lantern", "dusk") == back


def test_an_address_of_another_title_is_refused(creator, channel):
    make_title(channel, slug="taken")
    with pytest.raises(InvalidInputError) as caught:
        edit(make_title(channel), creator, slug="taken")
    assert caught.value.field == "slug"


def test_chapters_are_kept_in_their_order_and_a_stranger_sets_none(creator, stranger, draft):
    chapters = [api.Chapter(60_000, " The  storm "), api.Chapter(0, "Beginning"), api.Chapter(60_000, "Storm")]
    with pytest.raises(NotFoundError):
        api.set_chapters(title_id=draft.id, editor_id=stranger.id, chapters=chapters, at=now())
    with pytest.raises(InvalidInputError):
        api.set_chapters(title_id=draft.id, editor_id=creator.id, chapters=[api.Chapter(0, "x" * 101)], at=now())
    for _twice in range(2):
        api.set_chapters(title_id=draft.id, editor_id=creator.id, chapters=chapters, at=now())
    assert api.list_chapters(draft.id) == [api.Chapter(0, "Beginning"), api.Chapter(60_000, "Storm")]


def test_other_channels_do_not_take_addresses(creator, stranger, channel):
    make_title(channel, slug="dusk")
    other = make_channel(stranger, handle="other")
    assert api.create_title(channel_id=other.id, editor_id=stranger.id, name="Dusk", at=now()).slug == "dusk"


def test_a_deleted_title_cannot_be_edited(creator, channel):
    with pytest.raises(api.WrongStateError):
        edit(make_title(channel, state="deleted"), creator, name="Still here")


def test_many_titles_change_at_once(creator, channel):
    titles = [make_title(channel) for _ in range(3)]
    ids = [title.id for title in titles]
    changed = api.edit_titles(
        title_ids=ids, editor_id=creator.id, category="music", maturity="teen", add_tags=["live"], at=now()
    )
    assert changed == 3
    assert {(t.category, t.maturity, *t.tags) for t in api.list_titles(ids).values()} == {("music", "teen", "live")}


def test_one_title_of_another_spoils_the_whole_bulk(creator, stranger, channel):
    mine, theirs = make_title(channel), make_title(make_channel(stranger, handle="other"))
    for bulk in (
        lambda: api.edit_titles(title_ids=[mine.id, theirs.id], editor_id=creator.id, category="music", at=now()),
        lambda: api.move_titles(title_ids=[mine.id, theirs.id], editor_id=creator.id, move="unlist", at=now()),
        lambda: api.delete_titles(title_ids=[mine.id, theirs.id], editor_id=creator.id, at=now()),
        lambda: api.restore_titles(title_ids=[theirs.id], editor_id=creator.id, at=now()),
        lambda: api.edit_titles(title_ids=[], editor_id=creator.id, category="music", at=now()),
    ):
        with pytest.raises(NotFoundError):
            bulk()
    assert (api.get_title(mine.id).category, api.get_title(mine.id).state) == ("", "published")


def test_a_bulk_is_bounded(creator):
    ids = [uuid4() for _ in range(201)]
    for bulk in (
        lambda: api.edit_titles(title_ids=ids, editor_id=creator.id, category="music", at=now()),
        lambda: api.move_titles(title_ids=ids, editor_id=creator.id, move="unlist", at=now()),
        lambda: api.delete_titles(title_ids=ids, editor_id=creator.id, at=now()),
    ):
        with pytest.raises(InvalidInputError, match="at most 200"):
            bulk()


def test_bulk_costs_the_same_number_of_queries_for_any_number_of_titles(creator, channel, django_assert_num_queries):
    api.create_title(channel_id=channel.id, editor_id=creator.id, name="The trail is there", at=now())
    for number in (2, 20):
        ids = [make_title(channel).id for _ in range(number)]
        with django_assert_num_queries(5):  # savepoint, lock, one update, one insert into the trail, savepoint
            api.edit_titles(title_ids=ids, editor_id=creator.id, category="music", at=now())


def test_deleting_is_undone_to_what_it_was(creator, channel):
    for state in ("draft", "unlisted", "published", "scheduled"):
        title = make_title(channel, state=state, publish_at=now() + timedelta(days=1))
        api.delete_title(title_id=title.id, editor_id=creator.id, at=now())
        assert api.get_title(title.id).state == "deleted"
        assert api.find_title_by_path("lantern", title.slug) is None
        api.delete_title(title_id=title.id, editor_id=creator.id, at=now())
        restored = api.restore_title(title_id=title.id, editor_id=creator.id, at=now())
        assert (restored.state, restored.path) == (state, title.path)
        assert api.restore_title(title_id=title.id, editor_id=creator.id, at=now()).state == state


def test_after_thirty_days_a_title_stays_deleted(creator, channel):
    title = make_title(channel)
    api.delete_title(title_id=title.id, editor_id=creator.id, at=now())
    with pytest.raises(api.WrongStateError, match="too long ago"):
        api.restore_title(title_id=title.id, editor_id=creator.id, at=now() + timedelta(days=31))


def test_a_stranger_neither_deletes_nor_restores(stranger, channel):
    title, gone = make_title(channel), make_title(channel, state="deleted")
    with pytest.raises(NotFoundError):
        api.delete_title(title_id=title.id, editor_id=stranger.id, at=now())
    with pytest.raises(NotFoundError):
        api.restore_title(title_id=gone.id, editor_id=stranger.id, at=now())


def test_a_deleted_title_keeps_its_address_until_it_is_purged(creator, channel):
    title = make_title(channel, slug="dusk")
    api.delete_title(title_id=title.id, editor_id=creator.id, at=now())
    assert api.create_title(channel_id=channel.id, editor_id=creator.id, name="Dusk", at=now()).slug == "dusk-2"


def test_the_studio_lists_all_but_deleted_ones(channel):
    titles = {make_title(channel, state=state).id for state in ("draft", "scheduled", "unlisted", "published")}
    gone = make_title(channel, state="deleted")
    assert {title.id for title in api.list_titles_of(channel.id)} == titles
    assert api.count_titles_of(channel.id) == 4
    assert [title.id for title in api.list_titles_of(channel.id, states=["deleted"])] == [gone.id]


def test_the_studio_filters_by_words_category_and_state(channel):
    film = make_title(channel, name="Night ferry", category="film", state="draft")
    make_title(channel, name="Day ferry", category="music")
    assert [t.id for t in api.list_titles_of(channel.id, text="ferr nig")] == [film.id]
    assert [t.id for t in api.list_titles_of(channel.id, category="film")] == [film.id]
    assert [t.id for t in api.list_titles_of(channel.id, states=["draft"], text="ferry")] == [film.id]


def test_one_query_tells_who_may_see_a_title(creator, stranger, channel, django_assert_num_queries):
    title = make_title(channel)
    with django_assert_num_queries(1):
        access = api.title_access(title.id, stranger.id)
    assert access is not None
    assert (access.channel_id, access.state, access.playable, access.is_manager) == (
        channel.id,
        "published",
        True,
        False,
    )
    assert api.is_visible(access, stranger.id, now()) == api.is_visible(title, stranger.id, now()) is True
    assert api.title_access(title.id, creator.id).is_manager
    assert not api.title_access(title.id, None).is_manager
    assert api.title_access(uuid4(), creator.id) is None


def test_a_managed_title_is_not_found_by_strangers(creator, stranger, channel):
    title = make_title(channel)
    assert api.get_managed_title(title.id, creator.id) == (title, Role.CREATOR)
    with pytest.raises(NotFoundError):
        api.get_managed_title(title.id, stranger.id)


def test_a_title_of_an_asset_is_found(channel):
    title = make_title(channel)
    assert api.find_title_by_asset(title.asset_id) == title
    assert api.find_title_by_asset(uuid4()) is None


def test_the_database_itself_refuses_a_schedule_without_a_moment(channel):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        models.Title.objects.create(channel_id=channel.id, slug="x", name="x", state="scheduled")
