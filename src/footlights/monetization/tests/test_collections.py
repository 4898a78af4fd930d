"""A collection is bought as one: what was bought of it counts, what it gives goes with it, and nothing comes of nothing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from footlights.accounts.testing import make_person
from footlights.catalog import api as catalog
from footlights.catalog.events import CollectionGrew, TitlePublished
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError, NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.ledger.api import balance_of, list_balances
from footlights.monetization import api, handlers
from footlights.monetization.api import (
    AlreadyYoursError,
    Choice,
    CountedError,
    CouponRefusedError,
    OfferChangedError,
    PurchaseState,
    QuoteChangedError,
    may_watch,
)
from footlights.monetization.collections import is_going_back
from footlights.monetization.models import EntitlementRow, PartRow, PurchaseRow
from footlights.monetization.operations.close_purchase import close_purchase
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.testing import grant, make_collection_offer, make_coupon_of, make_offer, make_sale
from footlights.payments.events import PaymentRefunded, RefundFailed
from footlights.payments.testing import pay, taken_by_gateway
from footlights.splits.api import SubjectKind, find_subject, person_account
from footlights.splits.testing import agree
from footlights.terms.api import NewTerm, SaleKind, Term, set_terms

AT = now()


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


@pytest.fixture
def titles(channel):
    return [make_title(channel, name=f"Night {number}") for number in range(4)]


@pytest.fixture
def season(channel, titles):
    return make_collection(channel, *titles, series="The Lamp")


@pytest.fixture
def offer(season):
    return make_collection_offer(season, eur(1000))


def quote(offer, viewer, **choice) -> api.Quote:
    return api.quote_offer(viewer_id=viewer.id, offer_id=offer.id, at=now(), choice=Choice(**choice))


def begin(offer, viewer, key: str = "k", **more) -> api.Purchase:
    return api.buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key=key, at=now(), **more)


def buy(offer, viewer, key: str = "k") -> api.Purchase:
    bought = begin(offer, viewer, key)
    if bought.hosted_url:
        pay("paid", bought.hosted_url)
    return api.get_purchase(bought.id, viewer.id)


def refund(purchase, by, key: str = "r", amount: int | None = None) -> api.Purchase:
    asked = None if amount is None else eur(amount)
    return api.refund_purchase(purchase_id=purchase.id, by_id=by.id, idempotency_key=key, at=now(), amount=asked)


def watchable(viewer, titles) -> list[bool]:
    return [may_watch(viewer.id, title.id, now()).allowed for title in titles]


def test_one_purchase_opens_every_title_and_says_with_what(offer, viewer, titles, season, channel) -> None:
    bought = buy(offer, viewer)
    assert (bought.state, bought.price, bought.title_id, bought.collection_id) == ("paid", eur(1000), None, season.id)
    assert all(watchable(viewer, titles))
    decision = may_watch(viewer.id, titles[0].id, now())
    assert "with “The Lamp, Season 1”" in str(decision.explanation)
    assert api.list_granted_titles(bought.id) == [title.id for title in titles]
    assert len(api.list_library(viewer.id)) == 4
    with pytest.raises(AlreadyYoursError):
        quote(offer, viewer)
    [sale] = api.list_sales(channel.id)
    assert (sale.title_id, sale.collection_id, sale.net) == (None, season.id, eur(900))
    [line] = api.earnings_by_title(channel.id, "EUR")
    assert (line.title_id, line.collection_id, line.net) == (None, season.id, eur(900))
    story = api.explain_payment(bought.payment_id)
    assert (story.payment.description, len(story.entitlements)) == ("The Lamp, Season 1", 4)
    assert str(PartRow.objects.first()) == f"{titles[0].id} of {bought.id}"
    assert str(EntitlementRow.objects.first().purchase).startswith(f"buy {season.id}")
    assert str(api.find_collection_offer(season.id).id) in str(PurchaseRow.objects.get().offer_id)


def test_what_was_bought_counts_and_what_was_rented_or_taken_for_nothing_does_not(offer, viewer, titles) -> None:
    first, second = (make_sale(title, viewer, eur(300)) for title in titles[:2])
    refund_part(second, 100)
    grant(viewer, titles[2], "rent")
    shown = quote(offer, viewer)
    assert [(part.credit, part.counted_id) for part in shown.parts] == [
        (eur(300), first.id), (eur(200), second.id), (eur(0), None), (eur(0), None),
    ]  # fmt: skip
    assert (shown.breakdown.credit, shown.total) == (eur(500), eur(500))
    bought = buy(offer, viewer)
    assert bought.price == eur(500)
    assert api.list_parts(bought.id) == list(shown.parts)
    assert api.list_granted_titles(bought.id) == [titles[2].id, titles[3].id]
    assert all(watchable(viewer, titles))
    assert taken_by_gateway("EUR") == eur(1000)


def refund_part(sale, amount: int) -> None:
    handlers.take_back_what_was_refunded(
        PaymentRefunded(sale.payment_id, f"purchase:{sale.id}", new_id(), eur(amount), eur(amount), sale.price, now())
    )


def test_a_refund_takes_back_what_it_gave_and_what_was_bought_before_stays(offer, viewer, titles, creator) -> None:
    single = make_sale(titles[0], viewer, eur(300))
    bought = buy(offer, viewer)
    with pytest.raises(CountedError, match="The Lamp, Season 1”"):
        refund(single, creator)
    with pytest.raises(CountedError):
        refund(single, creator, amount=1)
    assert "Give that back first" in why_not_returned(single, viewer)
    assert refund(bought, creator).state is PurchaseState.REFUNDED
    assert watchable(viewer, titles) == [True, False, False, False]
    assert taken_by_gateway("EUR") == eur(300)
    assert refund(single, creator, "single").state is PurchaseState.REFUNDED
    assert watchable(viewer, titles) == [False] * 4
    assert not any(balance.amount for balance in list_balances() if not balance.account.startswith("gateway"))


def why_not_returned(purchase, viewer, watched_percent: int = 0) -> str:
    changes = [NewTerm(term=Term.REFUND_WITHIN_DAYS, value=14), NewTerm(term=Term.REFUND_WATCHED_PERCENT, value=20)]
    set_terms(changes=changes, by_id=make_person(is_staff=True).id, at=now())
    return api.why_not_returned(
        purchase_id=purchase.id, viewer_id=viewer.id, watched_percent=watched_percent, at=now() + timedelta(seconds=1)
    )


def test_what_was_watched_of_a_collection_is_that_of_all_its_titles(offer, viewer, titles) -> None:
    bought = buy(offer, viewer)
    api.keep_watched(viewer_id=viewer.id, percents={titles[0].id: 76})  # a fifth of four, all but a percent
    assert why_not_returned(bought, viewer) == ""
    api.keep_watched(viewer_id=viewer.id, percents={titles[1].id: 4})
    assert "You have watched 20 %" in why_not_returned(bought, viewer)


def test_what_is_on_its_way_back_counts_no_more(offer, viewer, titles, creator) -> None:
    sale = make_sale(titles[0], viewer, eur(300))
    PurchaseRow.objects.filter(pk=sale.id).update(returning_at=now())  # a refund that nobody answered yet
    assert quote(offer, viewer).total == eur(1000)
    row = PurchaseRow.objects.get(pk=sale.id)
    assert is_going_back(row, now())
    assert not is_going_back(row, now() + timedelta(minutes=11))  # it died before it was written down
    refund(sale, creator)
    assert PurchaseRow.objects.get(pk=sale.id).returning_at is None


def test_a_refund_that_is_refused_leaves_it_counting(offer, viewer, titles, creator) -> None:
    sale = make_sale(titles[0], viewer, eur(300))
    with pytest.raises(InvalidInputError):
        refund(sale, creator, amount=0)
    assert quote(offer, viewer).total == eur(700)


def test_between_the_quote_and_the_click_nothing_counts_twice(offer, viewer, titles, channel, creator) -> None:
    sale = make_sale(titles[0], viewer, eur(300))
    other = make_collection_offer(make_collection(channel, *titles, kind="collection"), eur(900))
    shown = quote(other, viewer)
    assert shown.total == eur(600)
    begun = begin(offer, viewer)
    assert begun.price == eur(700)
    assert quote(other, viewer).total == eur(900)  # it counts towards the season, which stands at the till
    assert quote(offer, viewer).total == eur(700)
    from footlights.monetization.operations.promising import promise

    row = PurchaseRow.objects.get(pk=begun.id)
    with pytest.raises(IdempotencyConflictError, match="What you have of it has changed"):
        promise(row, shown.parts, now())
    with pytest.raises(CountedError):
        refund(sale, creator)
    close_purchase(purchase_id=begun.id, reason="broken off")
    assert quote(other, viewer).total == eur(600)
    assert refund(sale, creator).state is PurchaseState.REFUNDED


def test_what_counts_is_counted_once_by_the_database_too(offer, viewer, titles) -> None:
    make_sale(titles[0], viewer, eur(300))
    begun = begin(offer, viewer)
    part = PartRow.objects.get(counted__isnull=False)
    with pytest.raises(IntegrityError, match="part_counts_once"), transaction.atomic():
        PartRow.objects.create(purchase_id=begun.id, title_id=new_id(), counted_id=part.counted_id, credit_minor=1)
    with pytest.raises(IntegrityError, match="part_credit"), transaction.atomic():
        PartRow.objects.create(purchase_id=begun.id, title_id=new_id(), credit_minor=1)


def test_with_all_of_its_price_paid_the_rest_is_for_nothing_and_falls_with_any_of_it(
    offer, viewer, titles, creator
) -> None:
    sales = [make_sale(title, viewer, eur(400)) for title in titles[:3]]
    bought = buy(offer, viewer)
    assert (bought.price, bought.state) == (eur(0), "paid")
    assert [part.credit for part in api.list_parts(bought.id)] == [eur(400), eur(400), eur(200), eur(0)]
    assert all(watchable(viewer, titles))
    assert taken_by_gateway("EUR") == eur(1200)
    assert refund(sales[1], creator).state is PurchaseState.REFUNDED
    assert watchable(viewer, titles) == [True, False, True, False]
    assert api.get_purchase(bought.id, viewer.id).state is PurchaseState.REFUNDED
    assert quote(offer, viewer, amount=None).total == eur(200)  # they count anew


def test_the_platforms_floor_is_kept(offer, viewer, titles, staff) -> None:
    new = NewTerm(term=Term.PRICE_FLOOR_MINOR, value=150, kind=SaleKind.BUY, currency="EUR")
    set_terms(changes=[new], by_id=staff.id, at=now())
    make_sale(titles[0], viewer, eur(900))
    assert quote(offer, viewer).total == eur(150)


def test_a_season_brings_what_comes_later_and_a_collection_does_not(
    offer, viewer, stranger, titles, channel, creator, season
) -> None:
    plain = make_collection(channel, *titles, kind="collection", name="Nights")
    buy(offer, viewer)
    buy(make_collection_offer(plain), stranger)
    new, draft = make_title(channel), make_title(channel, state="draft")
    for each in (season, plain):
        catalog.add_to_collection(collection_id=each.id, editor_id=creator.id, title_ids=[new.id, draft.id], at=now())
        for _ in range(2):
            handlers.grant_what_came_into_a_season(CollectionGrew(each.id, now()))
    assert may_watch(viewer.id, new.id, now()).allowed
    assert not may_watch(stranger.id, new.id, now()).allowed
    assert not may_watch(viewer.id, draft.id, now()).allowed  # nobody sees a draft before its time
    catalog.publish_title(title_id=draft.id, editor_id=creator.id, at=now())
    handlers.grant_what_came_out(TitlePublished(draft.id, channel.id, now()))
    assert may_watch(viewer.id, draft.id, now()).allowed


def test_many_who_bought_a_season_are_granted_in_batches(season, offer, viewer, stranger, titles, channel, monkeypatch):
    monkeypatch.setattr("footlights.monetization.operations.grant_parts.BATCH", 1)
    buy(offer, viewer)
    begun = begin(offer, stranger)
    new = make_title(channel)
    catalog.add_to_collection(collection_id=season.id, editor_id=channel.owner_id, title_ids=[new.id], at=now())
    handlers.grant_what_came_into_a_season(CollectionGrew(season.id, now()))
    assert may_watch(viewer.id, new.id, now()).allowed
    assert not may_watch(stranger.id, new.id, now()).allowed
    fulfil_purchase(purchase_id=begun.id, payment_id=begun.payment_id, at=now())
    assert may_watch(stranger.id, new.id, now()).allowed  # it came between the quote and the capture


def test_a_title_taken_out_between_the_quote_and_the_capture_is_still_theirs(
    season, offer, viewer, titles, creator
) -> None:
    begun = begin(offer, viewer)
    catalog.remove_from_collection(collection_id=season.id, editor_id=creator.id, title_id=titles[0].id, at=now())
    pay("paid", begun.hosted_url)
    assert all(watchable(viewer, titles))


def test_what_one_gets_or_what_it_costs_is_never_other_than_shown(season, offer, viewer, titles, creator) -> None:
    shown = quote(offer, viewer)
    catalog.remove_from_collection(collection_id=season.id, editor_id=creator.id, title_id=titles[0].id, at=now())
    with pytest.raises(QuoteChangedError, match="What you get has changed") as told:
        begin(offer, viewer, shown=shown.total, promised=shown.promise)
    assert len(told.value.quote.parts) == 3
    make_sale(titles[1], viewer, eur(100))
    with pytest.raises(QuoteChangedError, match="price has changed"):
        begin(offer, viewer, shown=shown.total, promised=told.value.quote.promise)
    dearer = api.price_collection(collection_id=season.id, editor_id=creator.id, price=eur(1200), at=now())
    with pytest.raises(OfferChangedError) as changed:
        begin(offer, viewer, shown=shown.total)
    assert changed.value.current == dearer


def test_a_double_click_and_two_tabs_come_to_one_purchase(offer, viewer, titles) -> None:
    make_sale(titles[0], viewer, eur(300))
    first = begin(offer, viewer)
    assert begin(offer, viewer).id == first.id
    assert begin(offer, viewer, "other tab").id == first.id
    pay("paid", first.hosted_url)
    assert PurchaseRow.objects.filter(collection_id__isnull=False).count() == 1


def test_another_coupon_at_the_till_gives_up_the_page_before(offer, viewer, titles, channel) -> None:
    sale = make_sale(titles[0], viewer, eur(300))
    make_coupon_of(channel)
    first = begin(offer, viewer)
    second = begin(offer, viewer, "again", choice=Choice(coupon="SPRING"))
    assert (second.breakdown.discount, second.breakdown.credit, second.price) == (eur(250), eur(300), eur(450))
    assert api.get_purchase(first.id, viewer.id).state is PurchaseState.DECLINED
    assert PartRow.objects.filter(counted_id=sale.id, state="holds").get().purchase_id == second.id
    make_coupon_of(channel, code="ONE", title_id=titles[0].id)
    with pytest.raises(CouponRefusedError, match="something else"):
        quote(offer, viewer, coupon="ONE")


def test_a_page_that_is_paid_after_it_was_given_up_is_honoured(offer, viewer, titles, channel) -> None:
    sale = make_sale(titles[0], viewer, eur(300))
    late = begin(offer, viewer)
    close_purchase(purchase_id=late.id, reason="expired")
    other = begin(make_collection_offer(make_collection(channel, *titles, kind="collection")), viewer, "other")
    fulfil_purchase(purchase_id=late.id, payment_id=late.payment_id, at=now())
    assert api.get_purchase(late.id, viewer.id).state is PurchaseState.PAID
    assert PartRow.objects.get(counted_id=sale.id, state="holds").purchase_id == other.id
    assert all(watchable(viewer, titles))


def test_a_refund_that_comes_back_gives_all_of_it_again(offer, viewer, titles, season, channel, creator) -> None:
    make_sale(titles[0], viewer, eur(300))
    bought = buy(offer, viewer)
    refund_id = new_id()
    handlers.take_back_what_was_refunded(
        PaymentRefunded(
            bought.payment_id, f"purchase:{bought.id}", refund_id, bought.price, bought.price, bought.price, now()
        )
    )
    assert watchable(viewer, titles) == [True, False, False, False]
    new = make_title(channel)
    catalog.add_to_collection(collection_id=season.id, editor_id=creator.id, title_ids=[new.id], at=now())
    handlers.give_again_what_came_back(
        RefundFailed(bought.payment_id, f"purchase:{bought.id}", refund_id, bought.price, now())
    )
    assert all(watchable(viewer, [*titles, new]))
    assert PartRow.objects.filter(state="holds").count() == 4


def test_collaborators_share_in_it(offer, viewer, season, stranger, channel) -> None:
    assert find_subject(SubjectKind.COLLECTION, season.id).name == "The Lamp, Season 1"
    assert find_subject(SubjectKind.COLLECTION, new_id()) is None
    agree(season, (stranger, 5_000), kind=SubjectKind.COLLECTION)
    buy(offer, viewer)
    assert balance_of(person_account(stranger.id), "EUR") == eur(-450)


def test_its_price_is_set_changed_and_taken_away_by_its_sellers_alone(season, creator, stranger, viewer) -> None:
    asked = {"collection_id": season.id, "editor_id": creator.id, "at": now()}
    offer = api.price_collection(price=eur(900), **asked)
    assert api.price_collection(price=eur(900), **asked) == offer
    assert api.offers_for_collections([season.id]) == {season.id: offer}
    with pytest.raises(NotFoundError):
        api.price_collection(price=eur(1), **asked | {"editor_id": stranger.id})
    with pytest.raises(NotFoundError):
        api.change_price(offer_id=offer.id, editor_id=creator.id, price=eur(1), at=now())
    with pytest.raises(InvalidInputError):
        api.price_collection(price=eur(0), **asked)
    for _ in range(2):
        assert api.price_collection(price=None, **asked) is None
    assert api.find_collection_offer(season.id) is None
    with pytest.raises(OfferChangedError) as gone:
        quote(offer, viewer)
    assert gone.value.current is None
    catalog.delete_collection(**asked)
    with pytest.raises(NotFoundError):
        api.price_collection(price=eur(1), **asked)


def test_only_what_is_out_is_sold_and_to_whom_it_is_of_use(season, offer, viewer, creator, titles, channel) -> None:
    with pytest.raises(AlreadyYoursError, match="manage"):
        quote(offer, creator)
    with pytest.raises(NotFoundError):
        api.quote_offer(viewer_id=viewer.id, offer_id=offer.id, at=now(), title_id=titles[0].id)
    with pytest.raises(NotFoundError):
        quote(make_offer(titles[0], "members"), viewer)
    empty = make_collection(channel, make_title(channel, state="draft"))
    with pytest.raises(NotFoundError):
        quote(make_collection_offer(empty), viewer)
    for title in titles:
        grant(viewer, title)
    with pytest.raises(AlreadyYoursError, match="All of it"):
        quote(offer, viewer)
    catalog.unpublish_collection(collection_id=season.id, editor_id=creator.id, at=now())
    with pytest.raises(NotFoundError):
        quote(offer, make_person())


def test_an_offer_and_a_purchase_are_of_one_thing_by_the_database(offer, viewer) -> None:
    begin(offer, viewer)
    with pytest.raises(IntegrityError, match="of_one_thing"), transaction.atomic():
        PurchaseRow.objects.update(title_id=new_id())
    assert str(PurchaseRow.objects.get()).endswith(str(viewer.id))
    make_channel(viewer)
