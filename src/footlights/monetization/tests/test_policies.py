import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iso4217 import Currency

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.monetization import policies
from footlights.monetization.records import (
    Breakdown,
    EarlyPrice,
    Entitlement,
    Membership,
    NewOffer,
    OfferKind,
    Reason,
    Tax,
)

BUY, RENT, FREE = OfferKind.BUY, OfferKind.RENT, OfferKind.FREE
AT = datetime(2026, 3, 1, 20, 14, tzinfo=UTC)
CURRENCIES = sorted(currency.code for currency in Currency if currency.exponent is not None)


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


def held(kind=BUY, **changes) -> Entitlement:
    fields = {"granted_at": AT, "start_by": None, "started_at": None, "ends_at": None, "revoked_at": None}
    if kind is RENT:
        fields["start_by"] = AT + timedelta(days=30)
    return Entitlement(title_id=uuid.UUID(int=1), kind=kind, **(fields | changes))


def started(at=AT) -> Entitlement:
    return held(RENT, started_at=at, ends_at=at + timedelta(hours=48))


def decide(*entitlements, at=AT, kinds=(BUY,), **changes):
    facts = {"signed_in": True, "exists": True, "visible": True, "is_manager": False} | changes
    return policies.decide(policies.Standing(offer_kinds=frozenset(kinds), entitlements=entitlements, **facts), at)


@pytest.mark.parametrize(
    ("decision", "allowed", "reason"),
    [
        (lambda: decide(is_manager=True, visible=False, kinds=()), True, Reason.OWNER),
        (lambda: decide(exists=False, is_manager=True), False, Reason.NOT_PUBLISHED),
        (lambda: decide(held(), exists=False), False, Reason.NOT_PUBLISHED),
        (lambda: decide(visible=False), False, Reason.NOT_PUBLISHED),
        (lambda: decide(visible=False, kinds=(FREE,)), False, Reason.NOT_PUBLISHED),
        (lambda: decide(kinds=(FREE,)), True, Reason.FREE),
        (lambda: decide(kinds=(FREE,), signed_in=False), True, Reason.FREE),
        (lambda: decide(kinds=()), False, Reason.NOT_FOR_SALE),
        (lambda: decide(kinds=(), signed_in=False), False, Reason.NOT_FOR_SALE),
        (lambda: decide(signed_in=False), False, Reason.SIGN_IN),
        (decide, False, Reason.MUST_BUY),
        (lambda: decide(held()), True, Reason.BOUGHT),
        (lambda: decide(held(), visible=False, kinds=()), True, Reason.BOUGHT),
        (lambda: decide(held(FREE), kinds=()), True, Reason.FREE),
        (lambda: decide(held(RENT)), True, Reason.RENTED),
        (lambda: decide(started()), True, Reason.RENTED),
        (lambda: decide(started(), at=AT + timedelta(hours=48)), False, Reason.RENTAL_OVER),
        (lambda: decide(held(RENT), at=AT + timedelta(days=30)), False, Reason.RENTAL_OVER),
        (lambda: decide(held(revoked_at=AT)), False, Reason.REFUNDED),
        (lambda: decide(held(revoked_at=AT), visible=False), False, Reason.NOT_PUBLISHED),
        (lambda: decide(held(revoked_at=AT), kinds=(FREE,)), True, Reason.FREE),
        (lambda: decide(held(revoked_at=AT), held(RENT)), True, Reason.RENTED),
        (lambda: decide(held(RENT), held()), True, Reason.BOUGHT),
        (lambda: decide(held(revoked_at=AT), started(AT - timedelta(days=9))), False, Reason.RENTAL_OVER),
    ],
)  # fmt: skip
def test_who_may_watch(decision, allowed, reason) -> None:
    decided = decision()
    assert (decided.allowed, decided.reason) == (allowed, reason)
    assert decided.explanation.endswith(".")


def test_a_rental_ends_at_its_last_instant_and_says_when() -> None:
    end = AT + timedelta(hours=48)
    assert decide(started(), at=end - timedelta(microseconds=1)).ends_at == end
    assert decide(started(), at=end).ends_at == end
    assert decide(held(RENT)).ends_at is None  # not started: the hours do not run yet


@pytest.mark.parametrize(
    ("entitlement", "at", "sentence"),
    [
        (held(RENT), AT, "Rented 20:14, to be started by 31 March 20:14."),
        (
            held(RENT, started_at=AT + timedelta(minutes=48), ends_at=AT + timedelta(days=1, minutes=48)),
            AT + timedelta(hours=1),
            "Rented 20:14, started 21:02, ends tomorrow 21:02.",
        ),
        (started(), AT + timedelta(days=5), "Rented 1 March 20:14, started 1 March 20:14, ended 3 March 20:14."),
        (held(RENT), AT + timedelta(days=40), "Rented 1 March 20:14, not started by 31 March 20:14."),
        (held(), AT + timedelta(days=1), "Bought yesterday 20:14."),
        (held(), AT + timedelta(days=400), "Bought 1 March 2026 20:14."),
        (held(revoked_at=AT + timedelta(hours=1)), AT + timedelta(hours=2), "Bought 20:14, refunded 21:14."),
        (held(FREE), AT, "Taken for free 20:14."),
    ],
)
def test_support_can_read_out_what_is_held(entitlement, at, sentence: str) -> None:
    assert decide(entitlement, at=at).explanation == sentence


def test_times_are_the_readers(settings) -> None:
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert decide(held()).explanation == "Bought 05:14."


def early(price, **changes) -> EarlyPrice:
    return EarlyPrice(price, **({"from_at": None, "until": AT + timedelta(days=7)} | changes))


def member(tier=1, **changes) -> Membership:
    fields = {"granted_at": AT, "until": AT + timedelta(days=31), "ended_at": None} | changes
    return Membership(channel_id=uuid.UUID(int=2), tier=tier, **fields)


@pytest.mark.parametrize(
    ("held_tiers", "tier", "at", "reason"),
    [
        ([member()], 1, AT, Reason.MEMBER),
        ([member(3)], 2, AT, Reason.MEMBER),  # a higher tier holds the lower ones
        ([member()], 2, AT, Reason.MUST_JOIN),
        ([member()], 1, AT + timedelta(days=31), Reason.MUST_JOIN),
        ([member(ended_at=AT)], 1, AT, Reason.MUST_JOIN),
        ([member(ended_at=AT + timedelta(days=1))], 1, AT, Reason.MEMBER),
        ([], 1, AT, Reason.MUST_JOIN),
    ],
)
def test_members_watch_what_their_tier_is_offered(held_tiers, tier, at, reason) -> None:
    decided = decide(at=at, kinds=(OfferKind.MEMBERS,), tier=tier, memberships=held_tiers)
    assert (decided.reason, decided.allowed) == (reason, reason is Reason.MEMBER)
    assert decided.ends_at == (AT + timedelta(days=31) if decided.allowed else None)


def test_a_membership_opens_only_what_is_offered_to_members_and_what_is_out() -> None:
    assert decide(memberships=[member()]).reason is Reason.MUST_BUY
    shut = decide(memberships=[member()], kinds=(OfferKind.MEMBERS,), tier=1, visible=False)
    assert shut.reason is Reason.NOT_PUBLISHED
    assert decide(kinds=(OfferKind.MEMBERS, BUY), tier=1).reason is Reason.MUST_BUY


def test_a_member_hears_until_when_and_the_longest_counts() -> None:
    longer = member(until=AT + timedelta(days=365))
    decided = decide(memberships=[member(), longer], kinds=(OfferKind.MEMBERS,), tier=1)
    assert decided.explanation == "Member since 20:14, until 1 March 2027 20:14."


@pytest.mark.parametrize(
    ("offers", "words"),
    [
        ([NewOffer(BUY, eur(-1))], "negative"),
        ([NewOffer(BUY, eur(0))], "above zero"),
        ([NewOffer(RENT, eur(0))], "above zero"),
        ([NewOffer(BUY, eur(10**9 + 1))], "highest price"),
        ([NewOffer(FREE, eur(1))], "has no price"),
        ([NewOffer(BUY, eur(1)), NewOffer(BUY, eur(2))], "once"),
        ([NewOffer(FREE, eur(0)), NewOffer(BUY, eur(2))], "Choose one"),
        ([NewOffer(OfferKind.MEMBERS, eur(0))], "which tier"),
        ([NewOffer(FREE, eur(0), floor=eur(0))], "has no price"),
        ([NewOffer(BUY, eur(2), floor=eur(3))], "above what you suggest"),
        ([NewOffer(BUY, eur(2), floor=eur(-1))], "above what you suggest"),
        ([NewOffer(BUY, eur(2), floor=Money(1, "USD"))], "one currency"),
        ([NewOffer(BUY, eur(2), early=early(eur(2)))], "below the later"),
        ([NewOffer(BUY, eur(2), early=early(eur(0)))], "above zero"),
        ([NewOffer(BUY, eur(2), early=early(eur(1), from_at=AT + timedelta(days=7)))], "end after it begins"),
        ([NewOffer(BUY, eur(2), floor=eur(1), early=early(eur(1)))], "Choose one"),
        ([NewOffer(OfferKind.MEMBERS, eur(0), 0)], "which tier"),
        ([NewOffer(BUY, eur(2), 1)], "which tier"),
        ([NewOffer(BUY, eur(1)), NewOffer(RENT, Money(1, "USD"))], "one currency"),
    ],
)
def test_impossible_prices_are_refused_with_a_sentence(offers, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as caught:
        policies.check_offers(offers)
    assert caught.value.field


@pytest.mark.parametrize(
    "offers",
    [
        [],
        [NewOffer(FREE, eur(0))],
        [NewOffer(BUY, eur(1)), NewOffer(RENT, eur(10**9))],
        [NewOffer(BUY, Money(1, "JPY"))],
        [NewOffer(BUY, eur(1)), NewOffer(OfferKind.MEMBERS, eur(0), 2)],
        [NewOffer(BUY, eur(2), floor=eur(0)), NewOffer(RENT, eur(2), early=early(eur(1), from_at=AT))],
    ],
)
def test_possible_prices_are_taken(offers) -> None:
    policies.check_offers(offers)


@given(st.integers(1, 10**9), st.sampled_from(CURRENCIES), st.integers(0, 10_000))
def test_tax_fee_and_share_are_the_total_in_every_currency(amount: int, currency: str, fee_bps: int) -> None:
    price, channel = Money(amount, currency), uuid.UUID(int=7)
    tax = Tax(price.share_bps(1_900), place="DE")
    breakdown = Breakdown(price, None, Money(0, currency), Money(0, currency), tax, price)
    fee = policies.fee_of(breakdown.net, fee_bps=fee_bps)
    shares = (("person:1", 3_333), (f"creator:{channel}", 6_667)) if fee_bps % 2 else ()
    parts = policies.shares_of(breakdown, fee=fee, channel_id=channel, shares=shares)
    postings = policies.sale_postings(breakdown=breakdown, fee=fee, gateway="g", parts=parts)
    by_account = {posting.account: posting.amount.amount_minor for posting in postings}
    assert sum(by_account.values()) == 0
    assert by_account["gateway:g"] == amount
    assert -by_account.get("platform:fees", 0) == fee.amount_minor
    assert -by_account.get("tax:de", 0) == tax.amount.amount_minor
    assert all(by_account.values())
    assert by_account.get(f"creator:{channel}", 0) <= 0


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_rental_is_live_for_its_hours_and_not_an_instant_longer(at: datetime) -> None:
    ends = policies.rental_ends_at(started_at=at, watch_hours=48)
    rental = held(
        RENT, start_by=policies.rental_start_by(granted_at=at, start_within_days=30), started_at=at, ends_at=ends
    )
    assert not policies.is_over(rental, at)
    assert not policies.is_over(rental, ends - timedelta(microseconds=1))
    assert policies.is_over(rental, ends)
    assert not policies.is_over(held(), at)
