"""Who may come to a broadcast."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.monetization import policies, refunding
from footlights.monetization.attendance import Attendance, Door, Event, Ticket, decide
from footlights.monetization.records import (
    Breakdown,
    EarlyPrice,
    Entitlement,
    Membership,
    NewOffer,
    OfferKind,
    Purchase,
    PurchaseState,
    Reason,
    Tax,
)

AT = datetime(2030, 5, 1, 20, 0, tzinfo=UTC)
CHANNEL, BROADCAST = new_id(), new_id()
HOUR = timedelta(hours=1)


def member(tier: int = 2, channel_id: UUID | None = CHANNEL, **more) -> Membership:
    return Membership(channel_id, tier, AT - HOUR, AT + HOUR, None, **more)


def ticket(**more) -> Ticket:
    return Ticket(BROADCAST, AT - HOUR, **more)


def come(door: Door = Door.TICKETS, tier: int | None = None, **who):
    signed_in = {"signed_in": True} | who
    return decide(Event(BROADCAST, CHANNEL, door, tier), Attendance(**signed_in), AT)


@pytest.mark.parametrize(
    ("decision", "allowed", "reason"),
    [
        (lambda: come(Door.EVERYBODY, signed_in=False), True, Reason.FREE),
        (lambda: come(is_manager=True), True, Reason.OWNER),
        (lambda: come(Door.FOLLOWERS, is_follower=True), True, Reason.FOLLOWER),
        (lambda: come(Door.FOLLOWERS), False, Reason.MUST_FOLLOW),
        (lambda: come(signed_in=False), False, Reason.SIGN_IN),
        (come, False, Reason.MUST_BUY),
        (lambda: come(tickets=[ticket()]), True, Reason.TICKET),
        (lambda: come(tickets=[ticket(revoked_at=AT), ticket()]), True, Reason.TICKET),
        (lambda: come(tickets=[ticket(revoked_at=AT)]), False, Reason.REFUNDED),
        (lambda: come(tickets=[ticket(held_at=AT)]), False, Reason.HELD),
        (lambda: come(tier=2, tickets=[ticket(held_at=AT)], memberships=[member()]), True, Reason.MEMBER),
        (lambda: come(memberships=[member(9)]), False, Reason.MUST_BUY),  # a door of tickets alone
        (lambda: come(tier=2, memberships=[member(2)]), True, Reason.MEMBER),
        (lambda: come(tier=2, memberships=[member(1)]), False, Reason.MUST_BUY),
        (lambda: come(tier=2, memberships=[member(9, None)]), False, Reason.MUST_BUY),  # no seat is in the pass
        (lambda: come(Door.MEMBERS, 2, memberships=[member(9, None)]), True, Reason.PASS),
        (lambda: come(Door.MEMBERS, 2, memberships=[member(2)]), True, Reason.MEMBER),
        (lambda: come(Door.MEMBERS, 2, memberships=[member(2, new_id())]), False, Reason.MUST_JOIN),
        (lambda: come(Door.MEMBERS, 2, memberships=[member(held_at=AT)]), False, Reason.HELD),
        (lambda: come(Door.MEMBERS, 2, tickets=[ticket()]), True, Reason.TICKET),  # it was sold before the door changed
    ],
)
def test_who_may_come(decision, allowed, reason) -> None:
    decided = decision()
    assert (decided.allowed, decided.reason) == (allowed, reason)
    assert decided.explanation.endswith(".")


def test_a_recording_is_open_as_long_as_the_ticket_says() -> None:
    def holds(*entitlements: Entitlement, at=AT):
        standing = policies.Standing(
            signed_in=True,
            exists=True,
            visible=False,
            is_manager=False,
            offer_kinds=frozenset(),
            entitlements=entitlements,
        )
        return policies.decide(standing, at)

    week = Entitlement(new_id(), OfferKind.TICKET, AT, None, None, AT + timedelta(days=7), None)
    ever = Entitlement(new_id(), OfferKind.TICKET, AT, None, None, None, None)
    assert (holds(week).reason, holds(week).ends_at) == (Reason.TICKET, week.ends_at)
    assert not holds(week, at=AT + timedelta(days=7)).allowed
    assert holds(week, ever).ends_at is None
    assert holds(ever, at=AT + timedelta(days=9_999)).allowed


EUR = Money(800, "EUR")


@pytest.mark.parametrize(
    "offer",
    [
        NewOffer(OfferKind.TICKET, EUR, replay_days=policies.REPLAY_DAYS_MAX + 1),
        NewOffer(OfferKind.TICKET, EUR, replay_days=-1),
        NewOffer(OfferKind.TICKET, Money(0, "EUR")),
        NewOffer(OfferKind.TICKET, EUR, early=EarlyPrice(EUR, None, AT)),
        NewOffer(OfferKind.BUY, EUR),
    ],
)
def test_a_ticket_that_cannot_be_is_refused(offer) -> None:
    with pytest.raises(InvalidInputError):
        policies.check_ticket(offer)


def test_a_title_is_not_sold_by_tickets_nor_with_a_replay() -> None:
    for offer in (NewOffer(OfferKind.TICKET, EUR), NewOffer(OfferKind.BUY, EUR, replay_days=7)):
        with pytest.raises(InvalidInputError):
            policies.check_offers([offer])


@pytest.mark.parametrize(
    ("event", "at", "words"),
    [
        (refunding.Event(began=False, moved_at=None), AT, ""),
        (refunding.Event(began=False, moved_at=None), AT + timedelta(days=14), "That was possible"),
        (refunding.Event(began=False, moved_at=AT + timedelta(days=13)), AT + timedelta(days=99), ""),
        (refunding.Event(began=False, moved_at=AT - timedelta(days=1)), AT + timedelta(days=14), "That was possible"),
        (refunding.Event(began=True, moved_at=AT + timedelta(days=13)), AT, "has begun"),
        (refunding.Event(began=True, moved_at=None), AT, "has begun"),
    ],
)
def test_a_ticket_goes_back_until_it_begins_and_always_when_it_was_moved(event, at, words, paid_purchase) -> None:
    terms = refunding.RefundTerms(within_days=14, watched_percent=10)
    why = refunding.why_not_returned(
        paid_purchase, terms=terms, watched_percent=0, returned_before=False, at=at, event=event
    )
    assert words in why
    assert bool(why) == bool(words)


@pytest.fixture
def paid_purchase():
    nothing = Money(0, "EUR")
    return Purchase(
        id=new_id(), viewer_id=new_id(), title_id=None, channel_id=CHANNEL, offer_id=new_id(), kind=OfferKind.TICKET,
        price=EUR, breakdown=Breakdown(EUR, None, nothing, nothing, Tax(nothing), EUR), state=PurchaseState.PAID,
        reason="", hosted_url="", payment_id=new_id(), created_at=AT, paid_at=AT, refunded=nothing,
        broadcast_id=BROADCAST,
    )  # fmt: skip
