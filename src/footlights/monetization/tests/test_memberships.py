import uuid
from datetime import timedelta

import pytest

from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.monetization.api import (
    Reason,
    buy_title,
    end_membership,
    grant_membership,
    list_memberships,
    may_watch,
)
from footlights.monetization.models import MembershipRow
from footlights.monetization.testing import make_offer

pytestmark = pytest.mark.django_db

AT = now()
MONTH = timedelta(days=31)


def join(viewer, channel, *, tier: int = 1, until=AT + MONTH, at=AT, cause: str = "subscription:1") -> None:
    channel_id = channel.id if channel else None
    grant_membership(viewer_id=viewer.id, channel_id=channel_id, tier=tier, until=until, cause=cause, at=at)


def reason_of(viewer, title, at=AT) -> Reason:
    return may_watch(viewer.id if viewer else None, title.id, at).reason


@pytest.fixture
def title(title):
    make_offer(title, "members", tier=2)
    return title


def test_a_member_watches_what_members_may_until_the_end(viewer, stranger, channel, title) -> None:
    assert reason_of(viewer, title) is Reason.MUST_JOIN
    join(viewer, channel, tier=2)
    assert reason_of(viewer, title) is Reason.MEMBER
    assert reason_of(viewer, title, AT + MONTH) is Reason.MUST_JOIN
    assert (reason_of(stranger, title), reason_of(None, title)) == (Reason.MUST_JOIN, Reason.SIGN_IN)


def test_members_of_one_channel_are_not_of_another(viewer, creator, channel, title) -> None:
    join(viewer, make_channel(creator), tier=9)
    assert reason_of(viewer, title) is Reason.MUST_JOIN


def test_the_services_own_members_are_members_everywhere(viewer, title) -> None:
    join(viewer, None, tier=2)
    assert reason_of(viewer, title) is Reason.MEMBER


def test_renewed_raised_ended_and_back_whatever_order_the_words_come_in(viewer, channel, title) -> None:
    join(viewer, channel)
    assert reason_of(viewer, title) is Reason.MUST_JOIN  # a tier too low
    join(viewer, channel, tier=2, until=AT + 2 * MONTH, at=AT + timedelta(days=1))
    join(viewer, channel)  # told again, late
    assert reason_of(viewer, title, AT + MONTH) is Reason.MEMBER
    end_membership(cause="subscription:1", at=AT + timedelta(days=2))
    end_membership(cause="subscription:1", at=AT + timedelta(days=9))
    join(viewer, channel, tier=2, until=AT + 2 * MONTH, at=AT + timedelta(days=1))  # again late
    assert reason_of(viewer, title, AT + timedelta(days=2)) is Reason.MUST_JOIN
    assert list_memberships(viewer.id, AT + timedelta(days=3)) == []
    join(viewer, channel, tier=2, until=AT + 3 * MONTH, at=AT + timedelta(days=3))
    assert [each.tier for each in list_memberships(viewer.id, AT + timedelta(days=3))] == [2]
    end_membership(cause="subscription:none", at=AT)
    assert str(MembershipRow.objects.get()) == "subscription:1"


def test_a_cause_is_one_persons(viewer, stranger, channel) -> None:
    join(viewer, channel)
    with pytest.raises(IdempotencyConflictError):
        join(stranger, channel)
    with pytest.raises(IdempotencyConflictError):
        join(viewer, None)


def test_a_member_may_keep_it_and_members_offers_are_not_bought(viewer, channel, title) -> None:
    own, members = make_offer(title), uuid.UUID(str(make_offer(make_title(channel), "members").id))
    join(viewer, channel, tier=2)
    assert buy_title(viewer_id=viewer.id, offer_id=own.id, idempotency_key="k", at=AT).hosted_url
    with pytest.raises(NotFoundError):
        buy_title(viewer_id=viewer.id, offer_id=members, idempotency_key="m", at=AT)
