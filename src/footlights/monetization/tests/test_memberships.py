import uuid
from datetime import UTC, datetime, time, timedelta

import pytest

from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.monetization.api import (
    Reason,
    buy_title,
    end_membership,
    find_in_pass,
    grant_membership,
    leave_pass,
    list_in_pass,
    list_memberships,
    list_offers,
    may_watch,
    month_after,
    take_part,
)
from footlights.monetization.models import MembershipRow, PassChannelRow
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


def test_the_pass_opens_what_is_offered_by_who_takes_part_as_long_as_they_do(
    viewer, stranger, creator, channel, title
) -> None:
    asked = {"channel_id": channel.id, "editor_id": creator.id}
    sold, unoffered, elsewhere = make_title(channel), make_title(channel), make_title(make_channel(creator))
    make_offer(sold)
    make_offer(elsewhere)
    join(viewer, None)
    assert reason_of(viewer, title) is Reason.MUST_JOIN
    for _each in range(2):
        assert take_part(**asked, at=AT).until_day is None
    assert {reason_of(viewer, title), reason_of(viewer, sold)} == {Reason.PASS}
    assert "By the pass" in may_watch(viewer.id, sold.id, AT).explanation
    assert reason_of(viewer, unoffered) is Reason.NOT_FOR_SALE
    assert {reason_of(viewer, elsewhere), reason_of(stranger, sold)} == {Reason.MUST_BUY}
    assert buy_title(viewer_id=viewer.id, offer_id=list_offers(sold.id)[0].id, idempotency_key="k", at=AT).hosted_url, (
        "who has the pass may buy it to keep"
    )
    for _each in range(2):
        until = leave_pass(**asked, at=AT).until_day
    over = datetime.combine(until, time.min, UTC)
    join(viewer, None, until=over + MONTH)
    assert (until, until.day) == (month_after(AT.date()), 1)
    assert reason_of(viewer, sold, over - timedelta(seconds=1)) is Reason.PASS
    assert reason_of(viewer, sold, over) is Reason.MUST_BUY
    assert [each.channel_id for each in list_in_pass(AT.date(), until, [channel.id])] == [channel.id]
    assert list_in_pass(until, month_after(until)) == []
    assert find_in_pass(channel.id, AT).until_day == until
    assert take_part(**asked, at=AT).until_day is None, "they stay after all"
    assert find_in_pass(elsewhere.channel_id, AT) is None
    assert leave_pass(channel_id=elsewhere.channel_id, editor_id=creator.id, at=AT) is None
    assert str(channel.id) in str(PassChannelRow.objects.get())
    for act in (take_part, leave_pass):
        with pytest.raises(NotFoundError):
            act(channel_id=channel.id, editor_id=stranger.id, at=AT)


def test_a_membership_says_more_than_the_pass(viewer, creator, channel, title) -> None:
    take_part(channel_id=channel.id, editor_id=creator.id, at=AT)
    join(viewer, None, cause="subscription:pass")
    join(viewer, channel, tier=2)
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
