import uuid

import pytest
from django.db import IntegrityError, transaction

from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.monetization.api import (
    EarlyPrice,
    NewOffer,
    OfferKind,
    change_price,
    get_offer,
    list_offers,
    offers_for_titles,
    set_offers,
    share_of,
)
from footlights.monetization.models import OfferRow
from footlights.monetization.testing import make_offer
from footlights.terms.api import NewTerm, SaleKind, Term, set_terms

pytestmark = pytest.mark.django_db

AT = now()


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


def price(title, creator, *offers: tuple[str, int]):
    new = [NewOffer(OfferKind(kind), eur(amount)) for kind, amount in offers]
    return set_offers(title_id=title.id, editor_id=creator.id, offers=new, at=now())


def test_offers_are_listed_cheapest_first(creator, title) -> None:
    price(title, creator, ("buy", 1200), ("rent", 400))
    assert [(offer.kind, offer.price) for offer in list_offers(title.id)] == [("rent", eur(400)), ("buy", eur(1200))]


def test_an_offer_that_stays_keeps_its_id_and_another_price_is_another_offer(creator, title) -> None:
    buy, rent = price(title, creator, ("buy", 1200), ("rent", 400))
    again_buy, again_rent = price(title, creator, ("buy", 1200), ("rent", 500))
    assert again_buy == buy
    assert again_rent.id != rent.id
    with pytest.raises(NotFoundError):
        get_offer(rent.id)
    assert get_offer(again_rent.id) == again_rent


def test_no_offers_take_a_title_off_sale(creator, title) -> None:
    price(title, creator, ("buy", 1200))
    assert price(title, creator) == list_offers(title.id) == []


def test_a_changed_price_is_a_new_offer_and_repeating_it_changes_nothing(creator, title) -> None:
    (old,) = price(title, creator, ("rent", 400))
    new = change_price(offer_id=old.id, editor_id=creator.id, price=eur(500), at=now())
    assert (new.kind, new.price) == (OfferKind.RENT, eur(500))
    assert change_price(offer_id=new.id, editor_id=creator.id, price=eur(500), at=now()) == new
    assert list_offers(title.id) == [new]
    with pytest.raises(NotFoundError, match="in the meantime"):
        change_price(offer_id=old.id, editor_id=creator.id, price=eur(600), at=now())


@pytest.mark.parametrize("bad", [eur(-1), eur(0), eur(10**9 + 1), Money(400, "USD")])
def test_an_impossible_price_changes_nothing(creator, title, bad: Money) -> None:
    (offer,) = price(title, creator, ("buy", 400))
    with pytest.raises(InvalidInputError):
        change_price(offer_id=offer.id, editor_id=creator.id, price=bad, at=now())
    assert list_offers(title.id) == [offer]


def test_a_stranger_prices_nothing(creator, stranger, staff, title) -> None:
    (offer,) = price(title, creator, ("buy", 400))
    for nobody in (stranger, staff):
        with pytest.raises(NotFoundError):
            price(title, nobody, ("buy", 1))
        with pytest.raises(NotFoundError):
            change_price(offer_id=offer.id, editor_id=nobody.id, price=eur(1), at=now())
    assert list_offers(title.id) == [offer]


def test_what_does_not_exist_has_no_price(creator) -> None:
    with pytest.raises(NotFoundError):
        set_offers(title_id=uuid.uuid4(), editor_id=creator.id, offers=[], at=now())
    with pytest.raises(NotFoundError):
        change_price(offer_id=uuid.uuid4(), editor_id=creator.id, price=eur(1), at=now())


def test_offers_of_many_titles_take_one_query(title, django_assert_num_queries) -> None:
    offer, none = make_offer(title), uuid.uuid4()
    with django_assert_num_queries(1):
        assert offers_for_titles([title.id, none]) == {title.id: [offer], none: []}


@pytest.mark.parametrize(("kind", "amount"), [("buy", 0), ("buy", -1), ("free", 1), ("rent", 10**12 + 1)])
def test_the_database_refuses_impossible_prices_too(title, kind: str, amount: int) -> None:
    with pytest.raises(IntegrityError, match="offer_price"), transaction.atomic():
        make_offer(title, kind, eur(amount))


def test_a_title_has_one_offer_of_a_kind(title) -> None:
    make_offer(title)
    with pytest.raises(IntegrityError, match="one_of_a_kind"), transaction.atomic():
        make_offer(title)


def test_the_platform_says_what_it_keeps(channel, settings) -> None:
    settings.PLATFORM_FEE_BPS = 1_250
    share = share_of(eur(400), kind=OfferKind.BUY, channel_id=channel.id, at=now())
    assert (share.fee, share.net, share.fee_bps) == (eur(50), eur(350), 1_250)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"floor_minor": 401}, "offer_floor"),
        ({"floor_minor": -1}, "offer_floor"),
        ({"early_minor": 400, "early_until": AT}, "offer_early"),
        ({"early_minor": 300}, "offer_early"),
        ({"early_minor": 300, "early_until": AT, "early_from": AT}, "offer_early"),
        ({"early_until": AT}, "offer_early"),
        ({"floor_minor": 1, "early_minor": 300, "early_until": AT}, "offer_floor"),
        ({"tier": 1}, "offer_tier"),
        ({"kind": "members", "amount_minor": 0}, "offer_tier"),
    ],
)
def test_the_database_knows_floors_windows_and_tiers(title, changes, rule: str) -> None:
    make_offer(title)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        OfferRow.objects.update(**changes)


def test_terms_that_stay_the_same_keep_their_offer_whatever_they_are(creator, title) -> None:
    early = EarlyPrice(eur(300), None, AT)
    wanted = [NewOffer(OfferKind.BUY, eur(400), floor=eur(100)), NewOffer(OfferKind.RENT, eur(400), early=early)]
    asked = {"title_id": title.id, "editor_id": creator.id, "at": now()}
    first = set_offers(offers=wanted, **asked)
    assert set_offers(offers=wanted, **asked) == first
    dearer = change_price(offer_id=first[1].id, editor_id=creator.id, price=eur(500), at=now())
    assert dearer.early == early
    with pytest.raises(InvalidInputError):
        change_price(offer_id=dearer.id, editor_id=creator.id, price=eur(200), at=now())


def test_the_platforms_limits_hold_for_early_prices_too(creator, title, staff) -> None:
    limit = NewTerm(term=Term.PRICE_FLOOR_MINOR, value=350, kind=SaleKind.RENT, currency="EUR")
    set_terms(changes=[limit], from_at=AT, by_id=staff.id, at=AT)
    early = EarlyPrice(eur(300), None, AT)
    for offer in (NewOffer(OfferKind.RENT, eur(349)), NewOffer(OfferKind.RENT, eur(400), early=early)):
        with pytest.raises(InvalidInputError):
            set_offers(title_id=title.id, editor_id=creator.id, offers=[offer], at=AT)


def test_rows_say_what_they_are(title) -> None:
    make_offer(title)
    assert str(OfferRow.objects.get()) == f"buy {title.id}"
