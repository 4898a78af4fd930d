"""What one may give and say, and where it goes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footlights.giving import policies
from footlights.giving.records import State
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.terms.api import PriceLimits, RefundTerms

CHANNEL = UUID(int=1)
AT = datetime(2028, 2, 29, tzinfo=UTC)
FREE = PriceLimits(None, None)


def eur(minor):
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("currency", "least", "most", "first"),
    [("EUR", 100, 50_000, 200), ("JPY", 100, 50_000, 200), ("KWD", 1_000, 500_000, 2_000)],
)
def test_without_terms_a_tip_is_from_about_a_euro_to_five_hundred(currency, least, most, first):
    limits = policies.tip_limits(FREE, currency)
    assert (limits.least.amount_minor, limits.most.amount_minor) == (least, most)
    assert limits.suggested[0].amount_minor == first


def test_what_is_suggested_keeps_to_the_terms():
    limits = policies.tip_limits(PriceLimits(eur(300), eur(1_500)), "EUR")
    assert limits.suggested == (eur(500), eur(1_000))
    narrow = policies.tip_limits(PriceLimits(eur(70_000), None), "EUR")
    assert (narrow.most, narrow.suggested) == (eur(70_000), (eur(70_000),))


@pytest.mark.parametrize("amount", [eur(299), eur(1_501), Money(500, "USD")], ids=str)
def test_a_tip_outside_the_limits_is_refused(amount):
    with pytest.raises(InvalidInputError) as refused:
        policies.check_tip(amount, policies.tip_limits(PriceLimits(eur(300), eur(1_500)), "EUR"))
    assert refused.value.field == "amount"


def test_both_limits_are_in():
    limits = policies.tip_limits(PriceLimits(eur(300), eur(1_500)), "EUR")
    policies.check_tip(eur(300), limits)
    policies.check_tip(eur(1_500), limits)


def test_a_message_loses_what_cannot_be_seen_and_nothing_else():
    typed = "  Bravo \u202eevil\u200b\x07!\r\n\n\n  Ça va \n"
    assert policies.plain_words(typed, most=200) == "Bravo evil!\nÇa va"


def test_a_message_that_is_too_long_is_refused():
    assert policies.plain_words("é" * 200, most=200) == "é" * 200
    with pytest.raises(InvalidInputError):
        policies.plain_words("é" * 201, most=200)


@settings(max_examples=60)
@given(
    net=st.integers(1, 10**9),
    fee_bps=st.integers(0, 10_000),
    parties=st.lists(st.integers(1, 3_000), max_size=3),
)
def test_what_is_earned_sums_to_what_was_given(net, fee_bps, parties):
    shares = (("creator:c", 10_000 - sum(parties)), *((f"person:{n}", bps) for n, bps in enumerate(parties)))
    fee = eur(net).share_bps(fee_bps)
    parts = policies.parts_of(eur(net), fee=fee, channel_id=CHANNEL, shares=shares if parties else ())
    postings = policies.earned_postings(source="gateway:sandbox", net=eur(net), fee=fee, parts=parts)
    assert sum(each.amount.amount_minor for each in postings) == 0
    assert all(each.amount for each in postings)


def test_the_channels_own_part_is_not_shared():
    parts = [(policies.creator_account(CHANNEL), eur(5)), ("person:a", eur(3)), ("creator:other", eur(2))]
    assert policies.shared_of(parts, CHANNEL) == 5


@pytest.mark.parametrize(
    ("state", "days", "passed", "is_returned"),
    [
        (State.PAID, 7, timedelta(days=7) - timedelta(seconds=1), True),
        (State.PAID, 7, timedelta(days=7), False),
        (State.PAID, 0, timedelta(0), False),
        (State.PENDING, 7, timedelta(0), False),
        (State.REFUNDED, 7, timedelta(0), False),
    ],
)
def test_a_giver_takes_a_tip_back_within_the_terms_only(state, days, passed, is_returned):
    why_not = policies.why_tip_not_returned(state=state, paid_at=AT, terms=RefundTerms(days, 10), at=AT + passed)
    assert (why_not == "") is is_returned
