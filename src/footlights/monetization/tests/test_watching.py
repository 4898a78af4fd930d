import uuid
from datetime import timedelta

import pytest

from footlights.audit.testing import recorded
from footlights.catalog.api import is_visible
from footlights.catalog.testing import make_title
from footlights.kernel.clock import now
from footlights.monetization.api import (
    Reason,
    list_library,
    list_offers,
    may_anybody_watch,
    may_watch,
    start_rental,
)
from footlights.monetization.testing import grant, make_offer

pytestmark = pytest.mark.django_db


def start(viewer, title, at) -> None:
    start_rental(viewer_id=viewer.id, title_id=title.id, at=at)


def test_the_decision_takes_two_queries_at_most(viewer, creator, title, django_assert_max_num_queries) -> None:
    make_offer(title)
    grant(viewer, title, "rent")
    for person_id, reason in ((viewer.id, Reason.RENTED), (None, Reason.SIGN_IN), (creator.id, Reason.OWNER)):
        with django_assert_max_num_queries(2):
            assert may_watch(person_id, title.id, now()).reason is reason


@pytest.mark.parametrize("state", ["draft", "unlisted", "published"])
@pytest.mark.parametrize("kinds", [(), ("free",), ("buy", "rent")])
def test_what_anybody_is_told_from_the_offers_is_the_one_decision(
    channel, kinds, state, django_assert_num_queries
) -> None:
    title, at = make_title(channel, state=state), now()
    for kind in kinds:
        make_offer(title, kind)
    offers = list_offers(title.id)
    with django_assert_num_queries(0):
        told = may_anybody_watch(offers, is_visible=is_visible(title, None, at), at=at)
    assert told == may_watch(None, title.id, at)


def test_a_title_without_offers_is_for_its_managers_only(viewer, creator, title) -> None:
    assert may_watch(viewer.id, title.id, now()).reason is Reason.NOT_FOR_SALE
    assert may_watch(creator.id, title.id, now()).reason is Reason.OWNER


@pytest.mark.parametrize("state", ["draft", "deleted"])
def test_what_is_not_published_is_not_watched(viewer, channel, state: str) -> None:
    title = make_title(channel, state=state)
    make_offer(title, "free")
    assert may_watch(viewer.id, title.id, now()).reason is Reason.NOT_PUBLISHED


def test_what_does_not_exist_is_not_watched(viewer) -> None:
    assert may_watch(viewer.id, uuid.uuid4(), now()).reason is Reason.NOT_PUBLISHED


def test_anothers_entitlement_opens_nothing(viewer, stranger, title) -> None:
    make_offer(title)
    grant(viewer, title)
    assert may_watch(stranger.id, title.id, now()).reason is Reason.MUST_BUY
    assert may_watch(None, title.id, now()).reason is Reason.SIGN_IN


def test_the_first_play_starts_the_hours_once(viewer, title) -> None:
    at = now()
    grant(viewer, title, "rent", at)
    for hours in (1, 2, 3):
        start(viewer, title, at + timedelta(hours=hours))
    assert may_watch(viewer.id, title.id, at).ends_at == at + timedelta(hours=49)
    assert may_watch(viewer.id, title.id, at + timedelta(hours=49)).reason is Reason.RENTAL_OVER


def test_a_rental_never_started_in_time_is_over_and_does_not_start(viewer, title) -> None:
    at = now()
    grant(viewer, title, "rent", at)
    start(viewer, title, at + timedelta(days=30))
    assert may_watch(viewer.id, title.id, at + timedelta(days=30)).reason is Reason.RENTAL_OVER
    assert list_library(viewer.id)[0].started_at is None


def test_who_owns_it_starts_no_rental(viewer, title) -> None:
    grant(viewer, title, "rent")
    grant(viewer, title, "buy")
    start(viewer, title, now())
    assert not any(entitlement.started_at for entitlement in list_library(viewer.id))


def test_a_stranger_starts_nothing(viewer, stranger, title) -> None:
    grant(viewer, title, "rent")
    start(stranger, title, now())
    assert list_library(viewer.id)[0].started_at is None


def test_the_first_play_of_a_rental_is_in_the_trail_once(viewer, title) -> None:
    make_offer(title)
    grant(viewer, title, "rent")
    at = now()
    start(viewer, title, at)
    start(viewer, title, at)
    [told] = recorded("rental.started")
    assert (told.actor_id, told.object_kind, told.object_id) == (viewer.id, "title", str(title.id))
