import pytest
from babel import localedata
from hypothesis import given
from hypothesis import strategies as st
from iso4217 import Currency

from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money, currencies_paid_with, exponent_of, parse_money

CURRENCIES = sorted(currency.code for currency in Currency if currency.exponent is not None)
LOCALES = ["en", "de", "fr", "fr-CH", "de-AT", "ar", "hi", "pt-br", "ja", "zh-hans", "tr", "fa", "he", "sv"]
currencies = st.sampled_from(CURRENCIES)
amounts = st.integers(-MAX_AMOUNT_MINOR, MAX_AMOUNT_MINOR)


def moneys(numbers=amounts):
    return st.builds(Money, numbers, currencies)


@pytest.mark.parametrize(
    ("currency", "exponent"),
    [
        ("EUR", 2),
        ("JPY", 0),
        ("KWD", 3),
        ("CLF", 4),
        ("ISK", 0),
        ("UGX", 0),
        ("IDR", 2),
        ("IQD", 3),
        ("MGA", 2),
        ("RSD", 2),
    ],
)
def test_exponents_are_those_of_iso_4217(currency: str, exponent: int) -> None:
    assert exponent_of(currency) == exponent


@pytest.mark.parametrize("code", ["XXX", "XAU", "XTS", "EURO", "eur", "", "E R", "ZZZ", "\0", "🤑"])
def test_what_one_cannot_pay_with_is_no_currency(code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Money(100, code)
    assert caught.value.field == "currency"


@pytest.mark.parametrize("amount", [1.5, True, "4", None])
def test_an_amount_is_a_whole_number(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("money", "locale", "text"),
    [
        (Money(1250, "EUR"), "en", "€12.50"),
        (Money(1250, "EUR"), "de", "12,50\xa0€"),
        (Money(1250, "JPY"), "en", "¥1,250"),
        (Money(1250, "KWD"), "en", "KWD\xa01.250"),
        (Money(12345, "CLF"), "en", "CLF\xa01.2345"),
        (Money(1250, "ISK"), "en", "ISK\xa01,250"),
        (Money(1250, "UGX"), "en", "UGX\xa01,250"),
        (Money(1_500_000, "IDR"), "en", "IDR\xa015,000.00"),
        (Money(100, "IQD"), "en", "IQD\xa00.100"),
        (Money(5, "RSD"), "en", "RSD\xa00.05"),
        (Money(-400, "EUR"), "en", "-€4.00"),
        (Money(400, "EUR"), "xx-nowhere", "€4.00"),
        (Money(400, "BRL"), "pt-br", "R$\xa04,00"),
    ],
)
def test_a_price_is_written_as_its_reader_writes_it(money: Money, locale: str, text: str) -> None:
    assert money.format(locale) == text


@given(moneys(st.integers(0, MAX_AMOUNT_MINOR)), st.sampled_from(LOCALES))
def test_what_is_written_reads_back_as_the_same_amount(money: Money, locale: str) -> None:
    assert parse_money(money.format(locale), money.currency, locale=locale) == money


@given(moneys())
def test_the_decimal_is_the_amount_exactly(money: Money) -> None:
    assert money.decimal * 10 ** exponent_of(money.currency) == money.amount_minor


@pytest.mark.parametrize(
    ("text", "currency", "locale", "amount_minor"),
    [
        ("4", "EUR", "en", 400),
        ("4.5", "EUR", "en", 450),
        (" 1,234.50 ", "EUR", "en", 123450),
        ("4,00", "EUR", "de", 400),
        ("1.234,5", "EUR", "de", 123450),
        ("1 234,50", "EUR", "fr", 123450),
        ("€4", "EUR", "en", 400),
        ("4 €", "EUR", "de", 400),
        ("4 EUR", "EUR", "en", 400),
        ("KWD 1.234", "KWD", "en", 1234),
        ("1250", "JPY", "en", 1250),
        ("0.0001", "CLF", "en", 1),
        ("0", "EUR", "en", 0),
    ],
)
def test_what_people_type_is_read(text: str, currency: str, locale: str, amount_minor: int) -> None:
    assert parse_money(text, currency, locale=locale) == Money(amount_minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "locale"),
    [
        ("-1", "EUR", "en"),
        ("four", "EUR", "en"),
        ("", "EUR", "en"),
        ("4,00", "EUR", "en"),  # a German comma on an English page: four, or four hundred?
        ("4.00", "EUR", "de"),
        ("1e3", "EUR", "en"),
        ("NaN", "EUR", "en"),
        ("Infinity", "EUR", "en"),
        ("-Infinity", "EUR", "en"),
        ("4.001", "EUR", "en"),
        ("4.5", "JPY", "en"),
        ("4.0000000000000000000000000000000001", "EUR", "en"),
        ("9" * 30, "EUR", "en"),
        ("9" * 10_000, "EUR", "en"),
        ("10000000000.01", "EUR", "en"),
        ("$4", "EUR", "en"),
        ("4 USD", "EUR", "en"),
        ("4 4", "EUR", "en"),
        ("4", "XXX", "en"),
        ("\0", "EUR", "en"),
    ],
)
def test_what_is_no_price_is_refused_with_a_sentence(text: str, currency: str, locale: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_money(text, currency, locale=locale)
    assert str(caught.value).endswith(".")


@given(st.text(max_size=60), currencies, st.sampled_from(LOCALES))
def test_no_typing_breaks_the_parser(text: str, currency: str, locale: str) -> None:
    try:
        money = parse_money(text, currency, locale=locale)
    except InvalidInputError:
        return
    assert 0 <= money.amount_minor <= MAX_AMOUNT_MINOR


@given(moneys(), st.integers(0, 10_000))
def test_a_share_and_the_rest_are_the_whole(money: Money, bps: int) -> None:
    share = money.share_bps(bps)
    rest = money - share
    assert share + rest == money
    assert abs(share.amount_minor) <= abs(money.amount_minor)
    assert abs(share.amount_minor * 10_000 - money.amount_minor * bps) * 2 <= 10_000  # off by half a unit at most


@pytest.mark.parametrize(
    ("amount", "share"), [(5, 0), (15, 2), (25, 2), (35, 4), (-5, 0), (-15, -2), (-25, -2), (4, 0), (6, 1)]
)
def test_ten_per_cent_is_rounded_half_to_even(amount: int, share: int) -> None:
    assert Money(amount, "EUR").share_bps(1_000) == Money(share, "EUR")


@given(moneys(), st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_the_parts_of_a_split_are_the_whole(money: Money, weights: list[int]) -> None:
    parts = money.split(weights)
    assert sum((part.amount_minor for part in parts), 0) == money.amount_minor
    assert all(part.currency == money.currency for part in parts)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.amount_minor * sum(weights) - money.amount_minor * weight) < sum(
            weights
        )  # off by less than a unit
        assert weight or not part


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1, 2], [3, -1]])
def test_impossible_shares_are_refused(weights: list[int]) -> None:
    with pytest.raises(InvalidInputError):
        Money(100, "EUR").split(weights)


@given(moneys(), amounts)
def test_sums_and_differences_undo_each_other(money: Money, amount: int) -> None:
    other = Money(amount, money.currency)
    assert money + other - other == money
    assert money + -money == Money(0, money.currency)
    assert (money < other) == (money.amount_minor < amount)
    assert bool(money) == (money.amount_minor != 0)


@pytest.mark.parametrize("mix", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b])
def test_currencies_never_mix(mix) -> None:
    with pytest.raises(ValueError, match="cannot mix"):
        mix(Money(1, "EUR"), Money(1, "USD"))


@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_currency_is_written_with_its_own_digits(currency: str) -> None:
    digits = exponent_of(currency)
    written = Money(1, currency).format("en")
    assert written.endswith(f"0.{'0' * (digits - 1)}1" if digits else "1")


def test_every_locale_can_write_a_price() -> None:
    for tag in localedata.locale_identifiers():
        assert Money(400, "EUR").format(tag)


def test_money_people_pay_with_is_offered_and_units_of_account_are_not() -> None:
    offered = set(currencies_paid_with())
    assert offered >= {"EUR", "USD", "JPY", "KWD", "ISK", "XOF", "XAF", "XPF", "XCD"}
    assert not offered & {
        "BOV",
        "CHE",
        "CHW",
        "CLF",
        "COU",
        "MXV",
        "USN",
        "UYI",
        "UYW",
        "XAD",
        "XAU",
        "XDR",
        "XTS",
        "XXX",
    }
    assert all(exponent_of(code) in {0, 2, 3} for code in offered)
