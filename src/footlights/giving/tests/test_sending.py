"""A gift goes to whom it is for: at its moment, once, and again when its giver asks."""

from datetime import timedelta
from unittest import mock

import pytest

from footlights.accounts.testing import make_person
from footlights.giving import api, handlers, jobs, policies
from footlights.giving.events import GiftSent
from footlights.giving.operations.send_gift import send_due
from footlights.giving.records import NewGift
from footlights.giving.testing import make_gift
from footlights.kernel import events
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of
from footlights.monetization.api import (
    Choice,
)
from footlights.monetization.testing import make_offer
from footlights.payments.testing import pay_with, taken_by_gateway

pytestmark = pytest.mark.django_db

FOUR = Money(400, "EUR")


@pytest.fixture
def offer(title):
    return make_offer(title)


@pytest.fixture
def friend(db):
    return make_person()


def begin(offer, viewer, key="k", choice=None, shown=None, **new):
    return api.buy_gift(
        giver_id=viewer.id,
        new=NewGift(offer_id=offer.id, **new),
        idempotency_key=key,
        at=now(),
        choice=choice or Choice(),
        shown=shown,
    )


def redeem(gift, person, at=None):
    return api.redeem_gift(code=gift.code, viewer_id=person.id, at=at or now())


def books(gift):
    accounts = (f"gift:{gift.id}", "platform:fees", f"creator:{gift.channel_id}")
    return [taken_by_gateway("EUR").amount_minor, *(balance_of(each, "EUR").amount_minor for each in accounts)]


def sent_by(act):
    with mock.patch.object(events, "publish") as publish:
        act()
    return [each.args[0] for each in publish.call_args_list if isinstance(each.args[0], GiftSent)]


def capture(gift):
    """The news of its money, without the jobs that follow it."""
    pay_with("paid", gift.hosted_url)
    handlers.take_what_was_paid(mock.Mock(reference=f"gift:{gift.id}", payment_id=gift.payment_id, at=now()))


def test_a_gift_for_an_address_is_sent_once_it_is_paid(offer, viewer):
    gift = begin(offer, viewer, recipient="friend@example.org", sender=" Vera \n Lamp ", message="For\n\nyou")
    [sent] = sent_by(lambda: capture(gift))
    assert sent.gift_id == gift.id
    gift = api.get_gift(gift.id, viewer.id)
    assert (gift.sent_at, gift.sent_times, gift.send_at) == (sent.at, 1, None)
    assert (gift.sender, gift.message) == ("Vera Lamp", "For\nyou")
    assert sent_by(lambda: send_due(at=now())) == []


def test_a_gift_without_an_address_is_handed_over_by_its_giver(offer, viewer):
    gift = begin(offer, viewer)
    assert sent_by(lambda: capture(gift)) == []


def test_a_gift_is_sent_at_its_moment_and_once(offer, viewer):
    moment = now() + timedelta(days=30)
    gift = begin(offer, viewer, recipient="friend@example.org", send_at=moment)
    assert sent_by(lambda: capture(gift)) == []
    assert sent_by(lambda: send_due(at=moment - timedelta(seconds=1))) == []
    assert [each.gift_id for each in sent_by(lambda: send_due(at=moment))] == [gift.id]
    assert sent_by(lambda: send_due(at=moment)) == []


def test_a_gift_that_was_opened_or_taken_back_is_not_sent_any_more(offer, viewer, friend):
    moment = now() + timedelta(days=3)
    early = make_gift(offer, viewer, recipient="friend@example.org", send_at=moment)
    redeem(early, friend)
    back = make_gift(offer, viewer, recipient="friend@example.org", send_at=moment)
    api.return_gift(gift_id=back.id, giver_id=viewer.id, at=now())
    assert sent_by(lambda: send_due(at=moment)) == []
    for gift in (early, back):
        with pytest.raises((api.GiftOpenedError, NotFoundError)):
            api.send_gift(gift_id=gift.id, giver_id=viewer.id, recipient="other@example.org", at=moment)


def test_a_giver_sends_it_again_but_not_for_ever(offer, viewer, stranger):
    gift = make_gift(offer, viewer, recipient="frend@example.org")

    def again():
        return api.send_gift(gift_id=gift.id, giver_id=viewer.id, recipient="friend@example.org", at=now())

    assert len(sent_by(again)) == 1
    for _ in range(policies.SENT_TIMES_MAX - 2):
        assert again().recipient == "friend@example.org"
    with pytest.raises(api.SentOftenError):
        again()
    with pytest.raises(NotFoundError):
        api.send_gift(gift_id=gift.id, giver_id=stranger.id, recipient="s@example.org", at=now())


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ({"send_at": timedelta(days=1)}, "recipient"),
        ({"recipient": "f@example.org", "send_at": timedelta(days=-1)}, "send_at"),
        ({"recipient": "f@example.org", "send_at": timedelta(days=400)}, "send_at"),
        ({"message": "x" * 501}, "message"),
    ],
    ids=["nobody", "past", "far", "long"],
)
def test_what_cannot_be_sent_is_refused(offer, viewer, new, field):
    if "send_at" in new:
        new = new | {"send_at": now() + new["send_at"]}
    with pytest.raises(InvalidInputError) as refused:
        begin(offer, viewer, **new)
    assert refused.value.field == field


def test_the_clock_sends_what_is_due(offer, viewer):
    moment = now() + timedelta(days=1)
    make_gift(offer, viewer, recipient="friend@example.org", send_at=moment)
    assert sent_by(lambda: jobs.send_gifts.func(timestamp=0)) == []
    with mock.patch.object(jobs, "now", return_value=moment):
        assert len(sent_by(lambda: jobs.send_gifts.func(timestamp=0))) == 1
