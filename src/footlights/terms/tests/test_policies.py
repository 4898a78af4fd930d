import uuid

import pytest

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.terms.policies import check_limits, check_price, check_term
from footlights.terms.records import NewTerm, PriceLimits, SaleKind, Term


def euros(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


@pytest.mark.parametrize(
    ("term", "highest", "scope"),
    [
        (Term.FEE_BPS, 10_000, {"kind": SaleKind.TIP, "channel_id": uuid.uuid4()}),
        (Term.PAYOUT_HOLD_DAYS, 180, {}),
        (Term.REFUND_WATCHED_PERCENT, 100, {}),
        (Term.PRICE_FLOOR_MINOR, 10**12, {"kind": SaleKind.BUY, "currency": "KWD"}),
    ],
)
def test_a_term_has_a_range(term: Term, highest: int, scope) -> None:
    for value in (0, highest, None):
        check_term(NewTerm(term=term, value=value, **scope))
    for value in (-1, highest + 1):
        with pytest.raises(InvalidInputError, match="from 0 to"):
            check_term(NewTerm(term=term, value=value, **scope))


@pytest.mark.parametrize(
    "wrong",
    [
        NewTerm(term=Term.FEE_BPS, value=1),
        NewTerm(term=Term.PAYOUT_HOLD_DAYS, value=1, kind=SaleKind.BUY),
        NewTerm(term=Term.PAYOUT_MINIMUM_MINOR, value=1),
        NewTerm(term=Term.PAYOUT_HOLD_DAYS, value=1, channel_id=uuid.uuid4()),
        NewTerm(term=Term.PAYOUT_SCHEDULE, value=3),
    ],
)
def test_what_no_form_sends_is_a_mistake_of_ours(wrong: NewTerm) -> None:
    with pytest.raises(ValueError, match=r"scope|every channel|PayoutSchedule"):
        check_term(wrong)


def test_a_currency_is_one_of_the_standard() -> None:
    with pytest.raises(InvalidInputError, match="not a currency"):
        check_term(NewTerm(term=Term.PAYOUT_MINIMUM_MINOR, value=1, currency="EUX"))


@pytest.mark.parametrize(("floor", "ceiling"), [(None, None), (100, None), (None, 100), (100, 100), (100, 101)])
def test_limits_leave_a_price_to_choose(floor: int | None, ceiling: int | None) -> None:
    check_limits(PriceLimits(euros(floor) if floor else None, euros(ceiling) if ceiling else None))


def test_both_ends_of_the_limits_are_prices() -> None:
    limits = PriceLimits(euros(100), euros(200))
    for price in (euros(100), euros(200)):
        check_price(price, limits)
    with pytest.raises(InvalidInputError, match=r"highest price here is €2\.00"):
        check_price(euros(201), limits)
    check_price(euros(1), PriceLimits(None, None))
