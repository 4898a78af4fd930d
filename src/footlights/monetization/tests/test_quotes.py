"""What something costs somebody at a moment: worked out in one place, and never charged otherwise than shown."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of
from footlights.monetization import api, pricing
from footlights.monetization.api import Choice, EarlyPrice, Offer, OfferKind, PurchaseState, QuoteChangedError, Tax
from footlights.monetization.models import OfferRow, PurchaseRow
from footlights.monetization.testing import make_offer
from footlights.payments.api import list_payments
from footlights.payments.testing import pay
from footlights.taxes.api import Evidence, find_evidence
from footlights.taxes.testing import make_registration

AT = now()
DAY = timedelta(days=1)


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


def offer(**changes) -> Offer:
    return Offer(new_id(), new_id(), OfferKind.BUY, eur(1000), **changes)


EARLY = offer(early=EarlyPrice(eur(700), AT, AT + DAY))


@pytest.mark.parametrize(
    ("asked", "at", "price"),
    [
        (offer(), AT, 1000),
        (EARLY, AT - timedelta(microseconds=1), 1000),
        (EARLY, AT, 700),
        (EARLY, AT + DAY - timedelta(microseconds=1), 700),
        (EARLY, AT + DAY, 1000),
        (offer(early=EarlyPrice(eur(700), None, AT + DAY)), AT - 999 * DAY, 700),
    ],
)
def test_the_early_price_holds_in_its_window(asked, at, price: int) -> None:
    assert asked.price_at(at) == eur(price)
    assert pricing.asked_of(asked, eur(5), at) == (eur(price), None)  # a fixed price is not the buyer's to say


def test_who_says_their_price_pays_the_floor_or_more() -> None:
    open_price = offer(floor=eur(200))
    assert pricing.asked_of(open_price, None, AT) == (eur(1000), eur(1000))
    assert pricing.asked_of(open_price, eur(200), AT) == (eur(1000), eur(200))
    assert pricing.asked_of(open_price, eur(9999), AT) == (eur(1000), eur(9999))
    for wrong in (eur(199), Money(500, "USD")):
        with pytest.raises(InvalidInputError):
            pricing.asked_of(open_price, wrong, AT)


AMOUNTS = st.integers(0, 10**9)


@given(AMOUNTS, st.none() | AMOUNTS, AMOUNTS, AMOUNTS, st.integers(0, 3000), st.booleans())
def test_a_total_is_the_sum_of_its_lines_and_never_below_nothing(listed, chosen, discount, credit, bps, inclusive):
    def tax_of(price: Money) -> Tax:
        return Tax(price.share_bps(bps), bps, "XX", "VAT", inclusive)

    told = pricing.work_out(
        list_price=eur(listed),
        chosen=None if chosen is None else eur(chosen),
        discount=eur(discount),
        credit=eur(credit),
        tax_of=tax_of,
    )
    base = told.list_price if told.chosen is None else told.chosen
    on_top = eur(0) if told.tax.inclusive else told.tax.amount
    assert told.total == base - told.discount - told.credit + on_top
    assert 0 <= told.net.amount_minor <= told.total.amount_minor
    assert told.discount.amount_minor <= discount
    assert told.credit.amount_minor <= credit


@pytest.fixture
def open_price(title) -> Offer:
    make_offer(title, "buy", eur(1000))
    OfferRow.objects.update(floor_minor=0)
    return api.get_offer(OfferRow.objects.get().pk)


def buy(viewer, offer, **more):
    asked = {"viewer_id": viewer.id, "offer_id": offer.id, "idempotency_key": "k", "at": now()}
    return api.buy_title(**(asked | more))


@pytest.mark.django_db
def test_what_was_chosen_is_charged_kept_and_shared(viewer, channel, open_price) -> None:
    purchase = buy(viewer, open_price, choice=Choice(amount=eur(600)), shown=eur(600))
    assert purchase.breakdown == api.get_purchase(purchase.id, viewer.id).breakdown
    pay("paid", purchase.hosted_url)
    earned = api.earnings(channel.id, "EUR")
    assert (earned.gross, earned.fees, earned.net) == (eur(600), eur(60), eur(540))
    sale = api.list_sales(channel.id)[0]
    assert (sale.price, sale.tax, sale.net) == (eur(600), eur(0), eur(540))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("area", "country", "total", "tax", "place"), [("EU", "DE", 1000, 160, "tax:de"), ("CA", "CA", 1050, 50, "tax:ca")]
)
def test_tax_is_in_the_quote_the_charge_and_the_books(viewer, channel, title, area, country, total, tax, place) -> None:
    make_registration(area)
    asked, choice = make_offer(title, "buy", eur(1000)), Choice(evidence=Evidence(address=country))
    quote = api.quote_offer(viewer_id=viewer.id, offer_id=asked.id, at=now(), choice=choice)
    assert (quote.total, quote.breakdown.tax.amount) == (eur(total), eur(tax))
    purchase = buy(viewer, asked, choice=choice, shown=quote.total)
    pay("paid", purchase.hosted_url)
    net = total - tax
    fee = round(net / 10)
    assert balance_of(place, "EUR") == eur(-tax)
    assert find_evidence(f"purchase:{purchase.id}").country == country
    assert balance_of("platform:fees", "EUR") == eur(-fee)
    earned = api.earnings(channel.id, "EUR")
    assert (earned.gross, earned.tax, earned.net, earned.available) == tuple(
        map(eur, (total, tax, net - fee, net - fee))
    )


@pytest.mark.django_db
def test_collaborators_have_their_part_and_the_channel_sees_its_own(viewer, stranger, channel, title, monkeypatch):
    shares = ((f"creator:{channel.id}", 7_500), (f"person:{stranger.id}", 2_500))
    monkeypatch.setattr("footlights.monetization.operations.fulfil_purchase.shares_of", lambda *_: shares)
    pay("paid", buy(viewer, make_offer(title, "buy", eur(1000))).hosted_url)
    assert balance_of(f"person:{stranger.id}", "EUR") == eur(-225)
    earned = api.earnings(channel.id, "EUR")
    assert (earned.shared, earned.net, earned.available) == (eur(225), eur(675), eur(675))
    assert api.list_sales(channel.id)[0].net == api.earnings_by_title(channel.id, "EUR")[0].net == eur(675)


@pytest.mark.django_db
def test_who_chooses_nothing_has_it_at_once_without_a_gateway(viewer, open_price) -> None:
    bought = buy(viewer, open_price, choice=Choice(amount=eur(0)), shown=eur(0))
    assert bought.state is PurchaseState.PAID
    assert list_payments() == []
    assert [each.kind for each in api.list_library(viewer.id)] == ["buy"]


@pytest.mark.django_db
def test_another_total_than_was_shown_is_told_and_never_charged(viewer, title) -> None:
    asked = make_offer(title, "buy", eur(1000))
    OfferRow.objects.update(early_minor=700, early_until=AT + DAY)
    with pytest.raises(QuoteChangedError) as caught:  # the early price ended while the page was open
        buy(viewer, asked, shown=eur(700), at=AT + DAY)
    assert (caught.value.was, caught.value.quote.total) == (eur(700), eur(1000))
    assert not PurchaseRow.objects.exists()
    assert buy(viewer, asked, shown=eur(1000), at=AT + DAY).price == eur(1000)


@pytest.mark.django_db
def test_a_key_belongs_to_one_total_and_another_total_closes_the_first_page(viewer, open_price) -> None:
    first = buy(viewer, open_price, choice=Choice(amount=eur(300)), shown=eur(300))
    with pytest.raises(IdempotencyConflictError):
        buy(viewer, open_price, choice=Choice(amount=eur(500)), shown=eur(500))
    second = buy(viewer, open_price, choice=Choice(amount=eur(500)), shown=eur(500), idempotency_key="other")
    pay("paid", first.hosted_url)  # too late: closed
    pay("paid", second.hosted_url)
    states = [api.get_purchase(each.id, viewer.id).state for each in (first, second)]
    assert states == [PurchaseState.DECLINED, PurchaseState.PAID]
