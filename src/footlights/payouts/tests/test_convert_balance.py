"""What was earned in one currency becomes another, once, at the rate that was shown, and the books balance in both."""

from datetime import timedelta
from decimal import Decimal

import pytest

from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of, list_journal, list_postings, trial_balance
from footlights.payouts import api, causes
from footlights.payouts.testing import earn, make_destination
from footlights.payouts.tests.conftest import AT
from footlights.prices.testing import know_rates

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(channel):
    """¥16,000 earned a month ago, ¥900 yesterday."""
    know_rates(AT.date())
    earn(channel.id, Money(16_000, "JPY"), at=AT - timedelta(days=30))
    earn(channel.id, Money(900, "JPY"), at=AT - timedelta(days=1))
    account = api.creator_account(channel.id)
    make_destination(account, set_at=AT - timedelta(days=10))
    return account


def quote(account, by, source="JPY", target="EUR", at=AT):
    return api.quote_conversion(account=account, source=source, target=target, by_id=by.pk, at=at)


def convert(account, by, shown=10_000, key="k", target="EUR"):
    shown = Money(shown, target)
    api.convert_balance(
        account=account, source="JPY", target=target, shown=shown, idempotency_key=key, by_id=by.pk, at=AT
    )


def test_what_is_available_is_quoted_at_the_dated_rate(account, creator):
    found = quote(account, creator)
    assert (found.gives, found.gets) == (Money(16_000, "JPY"), Money(10_000, "EUR"))
    assert (found.rate, found.on) == (Decimal(1) / 160, AT.date())
    assert quote(account, creator, target="USD").gets == Money(11_000, "USD")


def test_a_conversion_moves_both_currencies_and_is_available_at_once(account, creator):
    convert(account, creator)
    assert (balance_of(account, "JPY"), balance_of(account, "EUR")) == (Money(-900, "JPY"), Money(-10_000, "EUR"))
    assert (balance_of("conversion:jpy", "JPY"), balance_of("conversion:eur", "EUR")) == (
        Money(-16_000, "JPY"),
        Money(10_000, "EUR"),
    )
    for lines in trial_balance().values():
        assert sum(line.debit.amount_minor for line in lines) == sum(line.credit.amount_minor for line in lines)
    assert api.standing_of(account, "EUR", AT).available == Money(10_000, "EUR")
    assert api.standing_of(account, "JPY", AT).available == Money(0, "JPY")
    assert api.request_payout(account=account, currency="EUR", asked_by=creator.pk, at=AT).amount == Money(
        10_000, "EUR"
    )


def test_a_second_click_converts_nothing(account, creator):
    convert(account, creator)
    convert(account, creator)
    assert len(list_journal(causes.converted_cause(account, "k"))) == 4
    assert len(list_postings("conversion:jpy")) == 1
    with pytest.raises(api.NothingToPayOutError):
        convert(account, creator, key="another")


def test_another_amount_than_was_shown_is_not_converted(account, creator):
    know_rates(AT.date(), JPY="150")
    with pytest.raises(api.ConversionChangedError, match=r"€106\.67"):
        convert(account, creator)
    assert balance_of(account, "EUR") == Money(0, "EUR")


def test_an_old_rate_or_none_converts_nothing(account, creator):
    with pytest.raises(api.RateUnknownError):
        quote(account, creator, at=AT + timedelta(days=8))
    with pytest.raises(api.RateUnknownError):
        quote(account, creator, target="KWD")


def test_there_must_be_something_to_convert(account, channel, creator):
    with pytest.raises(NotFoundError):
        quote(account, creator, target="JPY")
    with pytest.raises(api.NothingToPayOutError):
        quote(account, creator, source="EUR", target="JPY")
    earn(channel.id, Money(1, "GBP"), at=AT - timedelta(days=30))
    know_rates(AT.date(), GBP="1000")
    with pytest.raises(api.NothingToPayOutError, match="least"):
        quote(account, creator, source="GBP")


def test_nobody_converts_anothers_money(account, stranger):
    with pytest.raises(NotFoundError):
        quote(account, stranger)
    with pytest.raises(NotFoundError):
        convert(account, stranger)
