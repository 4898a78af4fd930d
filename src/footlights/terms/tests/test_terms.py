import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from footlights.audit.testing import recorded
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.terms.api import (
    NewTerm,
    PayoutSchedule,
    PayoutTerms,
    PriceLimits,
    RefundTerms,
    SaleKind,
    Term,
    check_price,
    fee_bps,
    list_ahead,
    list_decisions,
    list_in_force,
    payout_terms,
    price_limits,
    refund_proof_above,
    refund_terms,
    set_terms,
    withdraw_term,
)
from footlights.terms.models import TermRow

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, tzinfo=UTC)
LATER = AT + timedelta(days=30)
ADMINISTRATOR, CHANNEL = uuid.uuid4(), uuid.uuid4()


def decide(term: Term, value: int | None, *, from_at: datetime | None = None, at: datetime = AT, **scope):
    change = NewTerm(term=term, value=value, **scope)
    return set_terms(changes=[change], by_id=ADMINISTRATOR, at=at, from_at=from_at)


def decide_fee(value: int | None, *, kind: SaleKind = SaleKind.BUY, **more):
    return decide(Term.FEE_BPS, value, kind=kind, **more)


def decide_limit(term: Term, value: int | None, **more):
    return decide(term, value, kind=SaleKind.BUY, currency="EUR", **more)


def test_until_somebody_decides_every_sale_has_the_fee_of_the_settings(settings) -> None:
    settings.PLATFORM_FEE_BPS = 1_250
    assert {fee_bps(kind, CHANNEL, AT) for kind in SaleKind} == {1_250}


def test_a_fee_is_of_one_kind_of_sale_and_a_channels_own_goes_first() -> None:
    decide_fee(800)
    decide_fee(300, channel_id=CHANNEL)
    assert fee_bps(SaleKind.BUY, CHANNEL, AT) == 300
    assert fee_bps(SaleKind.BUY, uuid.uuid4(), AT) == fee_bps(SaleKind.BUY, None, AT) == 800
    assert fee_bps(SaleKind.RENT, CHANNEL, AT) == 1_000


def test_a_channels_own_fee_may_be_nothing_and_may_be_taken_back() -> None:
    decide_fee(0, channel_id=CHANNEL)
    assert fee_bps(SaleKind.BUY, CHANNEL, AT) == 0
    decide_fee(None, channel_id=CHANNEL, at=LATER)
    assert fee_bps(SaleKind.BUY, CHANNEL, LATER) == 1_000
    assert fee_bps(SaleKind.BUY, CHANNEL, AT) == 0, "what was sold then was sold under what held then"


def test_a_change_ahead_holds_from_its_moment_on_and_not_before() -> None:
    decide_fee(800)
    decide_fee(900, from_at=LATER)
    assert fee_bps(SaleKind.BUY, None, LATER - timedelta(microseconds=1)) == 800
    assert fee_bps(SaleKind.BUY, None, LATER) == 900


def test_of_two_decisions_about_one_moment_the_newer_holds() -> None:
    decide_fee(900, from_at=LATER)
    decide_fee(700, from_at=LATER)
    assert fee_bps(SaleKind.BUY, None, LATER) == 700
    assert [each.value for each in list_ahead(AT)] == [700]


def test_a_change_ahead_can_be_withdrawn_until_it_holds() -> None:
    decide_fee(800)
    [ahead] = decide_fee(900, from_at=LATER)
    withdraw_term(term_id=ahead.id, by_id=ADMINISTRATOR, at=AT + timedelta(days=1))
    assert fee_bps(SaleKind.BUY, None, LATER) == 800
    assert list_ahead(AT) == []
    with pytest.raises(NotFoundError):
        withdraw_term(term_id=ahead.id, by_id=ADMINISTRATOR, at=LATER)


def test_what_holds_already_is_not_decided_twice() -> None:
    assert len(decide_fee(800)) == 1
    assert decide_fee(800) == decide_fee(800, from_at=LATER) == []
    assert len(list_decisions()) == len(recorded("terms.changed")) == 1


def test_the_trail_says_what_was_and_what_is() -> None:
    decide_fee(800)
    decide_fee(700, channel_id=CHANNEL, from_at=LATER)
    first, second = recorded("terms.changed")
    assert (first.before, first.after) == ({"fee_bps buy": None}, {"fee_bps buy": 800, "from": AT.isoformat()})
    assert (second.channel_id, second.actor_id) == (CHANNEL, ADMINISTRATOR)


def test_the_past_stays_as_it_was() -> None:
    with pytest.raises(InvalidInputError, match="never in the past"):
        decide_fee(800, from_at=AT - timedelta(seconds=1))
    with pytest.raises(IntegrityError, match="not_in_the_past"), transaction.atomic():
        TermRow.objects.create(term=Term.PAYOUT_HOLD_DAYS, value=1, from_at=AT, set_at=LATER, set_by=ADMINISTRATOR)


@pytest.mark.parametrize(
    "statement", ["update terms_term set value = 1", "delete from terms_term", "truncate terms_term"]
)
def test_nothing_decided_is_altered(statement: str) -> None:
    decide_fee(800)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert fee_bps(SaleKind.BUY, None, AT) == 800


@pytest.mark.parametrize(
    ("scope", "rule"),
    [
        ({"term": Term.FEE_BPS}, "terms_term_kind"),
        ({"term": Term.PAYOUT_HOLD_DAYS, "kind": SaleKind.BUY}, "terms_term_kind"),
        ({"term": Term.PAYOUT_MINIMUM_MINOR}, "terms_term_currency"),
        ({"term": Term.PAYOUT_HOLD_DAYS, "currency": "EUR"}, "terms_term_currency"),
        ({"term": Term.PAYOUT_HOLD_DAYS, "channel_id": CHANNEL}, "terms_term_channel"),
    ],
)
def test_a_term_of_another_scope_is_refused_by_the_database_too(scope, rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        TermRow.objects.create(**scope, value=1, from_at=AT, set_at=AT, set_by=ADMINISTRATOR)


def test_prices_have_a_floor_and_a_ceiling_per_kind_and_currency() -> None:
    decide_limit(Term.PRICE_FLOOR_MINOR, 100)
    decide_limit(Term.PRICE_CEILING_MINOR, 5_000)
    assert price_limits(SaleKind.BUY, "EUR", AT) == PriceLimits(Money(100, "EUR"), Money(5_000, "EUR"))
    assert price_limits(SaleKind.BUY, "JPY", AT) == price_limits(SaleKind.RENT, "EUR", AT) == PriceLimits(None, None)
    check_price(SaleKind.BUY, Money(100, "EUR"), AT)
    with pytest.raises(InvalidInputError, match=r"lowest price here is €1\.00"):
        check_price(SaleKind.BUY, Money(99, "EUR"), AT)


def test_a_ceiling_below_the_floor_is_refused_also_where_it_would_come_later() -> None:
    decide_limit(Term.PRICE_FLOOR_MINOR, 1_000, from_at=LATER)
    with pytest.raises(InvalidInputError, match="below the lowest"):
        decide_limit(Term.PRICE_CEILING_MINOR, 500)
    assert price_limits(SaleKind.BUY, "EUR", AT).ceiling is None, "nothing of what was refused is kept"


def test_payouts_have_terms_of_their_own_in_each_currency() -> None:
    assert payout_terms("EUR", AT) == PayoutTerms(PayoutSchedule.MONTHLY, 7, Money(0, "EUR"), None)
    decide(Term.PAYOUT_SCHEDULE, PayoutSchedule.WEEKLY)
    decide(Term.PAYOUT_HOLD_DAYS, 14)
    decide(Term.PAYOUT_MINIMUM_MINOR, 2_500, currency="EUR")
    decide(Term.PAYOUT_APPROVAL_MINOR, 1_000_000, currency="EUR")
    assert payout_terms("EUR", AT) == PayoutTerms(
        PayoutSchedule.WEEKLY, 14, Money(2_500, "EUR"), Money(1_000_000, "EUR")
    )
    assert payout_terms("JPY", AT).minimum == Money(0, "JPY")


def test_buyers_refund_by_themselves_only_where_that_was_decided() -> None:
    assert refund_terms(AT) == RefundTerms(within_days=0, watched_percent=10)
    decide(Term.REFUND_WITHIN_DAYS, 14)
    decide(Term.REFUND_WATCHED_PERCENT, 25)
    assert refund_terms(AT) == RefundTerms(within_days=14, watched_percent=25)


def test_what_was_taken_back_is_no_longer_in_force() -> None:
    decide(Term.PAYOUT_HOLD_DAYS, 14)
    assert [each.value for each in list_in_force(AT)] == [14]
    decide(Term.PAYOUT_HOLD_DAYS, None, at=LATER)
    assert list_in_force(LATER) == []
    assert len(list_in_force(AT)) == 1


def test_decisions_come_in_pages_the_newest_first() -> None:
    for days in range(52):
        decide(Term.PAYOUT_HOLD_DAYS, days)
    first, second = list_decisions(), list_decisions(2)
    assert ([each.value for each in first][:2], len(first)) == ([51, 50], 51)
    assert [each.value for each in second] == [1, 0]
    assert str(TermRow.objects.first()).startswith("payout_hold_days")


def test_every_refund_asks_for_a_proof_until_an_amount_is_decided() -> None:
    assert refund_proof_above("EUR", AT) == Money(0, "EUR")
    decide(Term.REFUND_PROOF_MINOR, 2_000, currency="EUR")
    assert refund_proof_above("EUR", AT) == Money(2_000, "EUR")
    assert refund_proof_above("JPY", AT) == Money(0, "JPY")


def test_a_reserve_is_everybodys_or_one_channels() -> None:
    channel_id = uuid.UUID(int=7)
    decide(Term.RESERVE_BPS, 1_000)
    decide(Term.RESERVE_DAYS, 90)
    decide(Term.RESERVE_BPS, 0, channel_id=channel_id)
    everybody, own = payout_terms("EUR", AT), payout_terms("EUR", AT, channel_id=channel_id)
    assert (everybody.reserve_bps, everybody.reserve_days) == (1_000, 90)
    assert (own.reserve_bps, own.reserve_days) == (0, 90)
