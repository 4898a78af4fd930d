"""What somebody goes on with: what they began, and the episode after one they finished."""

from datetime import timedelta

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.playback.api import list_continue_watching
from footlights.playback.models import WatchProgress

pytestmark = pytest.mark.django_db
AT = now()


@pytest.fixture
def season():
    """Three episodes that are out, with one between the first two that is not yet."""
    channel = make_channel(make_person())
    first, draft, second, third = (
        make_title(channel, state=state) for state in ("published", "draft", "published", "published")
    )
    make_collection(channel, first, draft, second, third)
    make_collection(channel, third, first, kind="collection")
    return first, second, third


@pytest.fixture
def watch():
    viewer = new_id()

    def watched(title, position_ms=600_000, *, finished=False, ago_h=0):
        WatchProgress.objects.update_or_create(
            viewer_id=viewer,
            title_id=title.id,
            defaults={
                "position_ms": position_ms,
                "duration_ms": 700_000,
                "finished": finished,
                "at": AT - timedelta(hours=ago_h),
            },
        )
        return [(each.title_id, each.is_at_start) for each in list_continue_watching(viewer, AT)]

    return watched


def test_the_next_episode_that_is_out_follows_one_that_was_finished(season, watch) -> None:
    first, second, third = season
    assert watch(first, ago_h=3) == [(first.id, False)]
    assert watch(first, finished=True, ago_h=3) == [(second.id, True)]
    assert watch(second, 0, ago_h=2) == [(second.id, True)]  # opened, and not begun
    assert watch(second, ago_h=2) == [(second.id, False)]
    assert watch(second, finished=True, ago_h=2) == [(third.id, True)]
    assert watch(third, finished=True, ago_h=1) == []


def test_each_stands_where_it_was_last_watched_and_once(season, watch) -> None:
    first, second, third = season
    watch(third, ago_h=2)
    watch(second, finished=True, ago_h=1)
    assert watch(first, finished=True) == [(third.id, False)]
    other = make_title(make_channel(make_person()))
    assert watch(other, ago_h=5) == [(third.id, False), (other.id, False)]


def test_it_takes_one_question_unless_something_was_finished(season, watch, django_assert_num_queries) -> None:
    watch(season[0])
    viewer = WatchProgress.objects.get().viewer_id
    with django_assert_num_queries(1):
        list_continue_watching(viewer, AT)
    watch(season[0], finished=True)
    with django_assert_num_queries(3):
        list_continue_watching(viewer, AT)
