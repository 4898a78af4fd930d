"""Money goes back, whole or in parts: the books follow exactly, and what was bought goes with the last of it."""

import itertools
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import Entry, balance_of, list_balances
from footlights.monetization import api, handlers, refunding
from footlights.monetization.api import NotReturnableError, PurchaseState, keep_watched, may_watch
from footlights.monetization.models import PurchaseRow, ReturnRow
from footlights.monetization.testing import make_sale
from footlights.payments.api import RefundTooLargeError, list_refunds
from footlights.payments.events import PaymentRefunded, RefundFailed
from footlights.payments.testing import taken_by_gateway
from footlights.taxes.testing import make_registration
from footlights.terms.api import NewTerm, RefundTerms, Term, set_terms

AT = now()
TERMS = RefundTerms(within_days=14, watched_percent=20)


def eur(amount_minor: int) -> Money:
    return Money(amount_minor, "EUR")


def entry(account: str, amount: int) -> Entry:
    return Entry(0, uuid.UUID(int=0), "", "", account, eur(amount), AT)


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=5),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
)
def test_whatever_the_parts_everything_goes_back_in_proportion_and_to_nothing(shares_owed, cuts):
    total = sum(shares_owed)
    books = [entry("gateway:g", total), *(entry(f"creator:{n}", -part) for n, part in enumerate(shares_owed))]
    points = sorted({0, total, *(cut % total for cut in cuts)})
    for begin, end in itertools.pairwise(points):
        before = {e.account: 0 for e in books}
        for e in books:
            before[e.account] += e.amount.amount_minor
        postings = refunding.return_postings(books, eur(end - begin))
        assert sum(p.amount.amount_minor for p in postings) == 0
        for p in postings:
            after = before[p.account] + p.amount.amount_minor
            assert after == 0 or (after > 0) == (before[p.account] > 0)  # never past nothing
            if p.account != "gateway:g":
                exact = -before[p.account] * (end - begin) / before["gateway:g"]
                assert abs(p.amount.amount_minor - exact) < 1
        books += [entry(p.account, p.amount.amount_minor) for p in postings]
    for account in {e.account for e in books}:
        assert not sum(e.amount.amount_minor for e in books if e.account == account)


@pytest.fixture
def by_themselves(staff) -> None:
    """Buyers give back within 14 days when under 20 % was watched."""
    changes = [
        NewTerm(term=Term.REFUND_WITHIN_DAYS, value=TERMS.within_days),
        NewTerm(term=Term.REFUND_WATCHED_PERCENT, value=TERMS.watched_percent),
    ]
    set_terms(changes=changes, by_id=staff.id, at=now())


@pytest.fixture
def sale(db, viewer, title):
    return make_sale(title, viewer, eur(1000))


def refund(sale, by, key: str, amount: int | None = None):
    asked = None if amount is None else eur(amount)
    done = api.refund_purchase(purchase_id=sale.id, by_id=by.id, idempotency_key=key, at=now(), amount=asked)
    run_jobs(only="monetization")
    return done


def test_a_part_goes_back_from_everybody_and_what_was_bought_stays(sale, creator, viewer, channel, title) -> None:
    assert refund(sale, creator, "a", 333).refunded == eur(333)
    assert refund(sale, creator, "a", 333).refunded == eur(333)  # the second click
    assert may_watch(viewer.id, title.id, now()).allowed
    earned = api.earnings(channel.id, "EUR")
    assert (earned.gross, earned.fees, earned.net, earned.available) == tuple(map(eur, (667, 67, 600, 600)))
    sold = api.list_sales(channel.id)[0]
    assert (sold.refunded, sold.net, sold.left) == (eur(333), eur(900), eur(600))
    assert api.earnings_by_title(channel.id, "EUR")[0].net == eur(600)


def test_the_last_part_takes_it_all_back(sale, creator, viewer, channel, title) -> None:
    for key, amount in (("a", 1), ("b", 998), ("c", 1)):
        done = refund(sale, creator, key, amount)
    assert done.state is PurchaseState.REFUNDED
    assert not may_watch(viewer.id, title.id, now()).allowed
    assert not taken_by_gateway("EUR")
    assert not balance_of("platform:fees", "EUR")
    assert not api.earnings(channel.id, "EUR").gross
    story = api.explain_payment(sale.payment_id)
    assert sum(e.amount.amount_minor for e in story.entries if e.account == f"creator:{channel.id}") == 0


def test_never_more_than_was_paid_by_the_database_too(sale, creator) -> None:
    refund(sale, creator, "a", 600)
    with pytest.raises(RefundTooLargeError):
        refund(sale, creator, "b", 401)
    with pytest.raises(IntegrityError, match="purchase_refunded"), transaction.atomic():
        PurchaseRow.objects.update(refunded_minor=1001)


def test_tax_and_collaborators_give_back_their_part(viewer, stranger, creator, channel, title, monkeypatch) -> None:
    make_registration("EU")
    shares = ((f"creator:{channel.id}", 5_000), (f"person:{stranger.id}", 5_000))
    monkeypatch.setattr("footlights.monetization.operations.fulfil_purchase.shares_of", lambda *_: shares)
    monkeypatch.setattr(
        "footlights.monetization.records.decide_country",
        lambda _: type("W", (), {"country": "DE", "is_conflicting": False}),
    )
    sale = make_sale(title, viewer, eur(1000))
    assert balance_of("tax:de", "EUR") == eur(-160)
    refund(sale, creator, "half", 500)
    assert balance_of("tax:de", "EUR") == eur(-80)
    row = PurchaseRow.objects.get()
    assert (row.refunded_tax_minor, row.refunded_fee_minor, row.refunded_shared_minor) == (80, 42, 189)
    refund(sale, creator, "rest")
    assert not any(balance.amount for balance in list_balances() if not balance.account.startswith("gateway"))


def told(sale, refund_id, amount: int, refunded: int) -> PaymentRefunded:
    return PaymentRefunded(
        payment_id=sale.payment_id, reference=f"purchase:{sale.id}", refund_id=refund_id, amount=eur(amount),
        refunded=eur(refunded), charged=sale.price, at=now(),
    )  # fmt: skip


def test_news_of_parts_may_come_in_any_order_and_again(sale, viewer, title) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    for news in (told(sale, second, 600, 1000), told(sale, first, 400, 400), told(sale, second, 600, 1000)):
        handlers.take_back_what_was_refunded(news)
    assert api.get_purchase(sale.id, viewer.id).state is PurchaseState.REFUNDED
    assert not taken_by_gateway("EUR")
    assert ReturnRow.objects.count() == 2
    assert str(ReturnRow.objects.earliest("at")) == f"600 of {sale.id}"


def test_a_refund_that_comes_back_gives_everything_again(sale, viewer, channel, title) -> None:
    refund_id = uuid.uuid4()
    handlers.take_back_what_was_refunded(told(sale, refund_id, 1000, 1000))
    failed = RefundFailed(sale.payment_id, f"purchase:{sale.id}", refund_id, sale.price, now())
    for _ in range(2):
        handlers.give_again_what_came_back(failed)
    handlers.take_back_what_was_refunded(told(sale, refund_id, 1000, 1000))  # late
    assert may_watch(viewer.id, title.id, now()).allowed
    assert (taken_by_gateway("EUR"), api.earnings(channel.id, "EUR").available) == (eur(1000), eur(900))
    early = RefundFailed(sale.payment_id, f"purchase:{sale.id}", uuid.uuid4(), eur(400), now())
    handlers.give_again_what_came_back(early)  # before the news of the refund itself
    handlers.take_back_what_was_refunded(told(sale, early.refund_id, 400, 400))
    part = uuid.uuid4()
    handlers.take_back_what_was_refunded(told(sale, part, 300, 300))
    handlers.give_again_what_came_back(RefundFailed(sale.payment_id, f"purchase:{sale.id}", part, eur(300), now()))
    assert taken_by_gateway("EUR") == eur(1000)
    handlers.give_again_what_came_back(RefundFailed(sale.payment_id, "tip:1", refund_id, eur(1), now()))


@pytest.mark.usefixtures("by_themselves")
def test_a_buyer_gives_it_back_by_themselves_and_nobody_else(sale, viewer, stranger, title) -> None:
    asked = {"purchase_id": sale.id, "idempotency_key": "r", "at": now()}
    with pytest.raises(NotFoundError):
        api.return_purchase(viewer_id=stranger.id, watched_percent=0, **asked)
    with pytest.raises(NotReturnableError, match="watched 60 %"):
        api.return_purchase(viewer_id=viewer.id, watched_percent=60, **asked)
    for _ in range(2):
        assert api.return_purchase(viewer_id=viewer.id, watched_percent=5, **asked).state is PurchaseState.REFUNDED
    assert len(list_refunds(sale.payment_id)) == 1
    assert not may_watch(viewer.id, title.id, now()).allowed
    again = make_again(viewer, title)
    with pytest.raises(NotReturnableError, match="before"):
        api.return_purchase(**asked | {"purchase_id": again.id}, viewer_id=viewer.id, watched_percent=0)


def make_again(viewer, title):
    from footlights.payments.testing import pay

    offer = api.list_offers(title.id)[0]
    bought = api.buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="again", at=now())
    pay("paid", bought.hosted_url)
    return bought


@pytest.mark.usefixtures("by_themselves")
def test_who_forgets_their_history_has_still_watched(sale, viewer, title) -> None:
    keep_watched(viewer_id=viewer.id, percents={title.id: 90})
    keep_watched(viewer_id=viewer.id, percents={title.id: 10})
    with pytest.raises(NotReturnableError, match="watched 90 %"):
        api.return_purchase(purchase_id=sale.id, viewer_id=viewer.id, watched_percent=0, idempotency_key="r", at=now())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"watched_percent": 19}, ""),
        ({"watched_percent": 20}, "You have watched 20 %"),
        ({"at": AT + timedelta(days=14) - timedelta(microseconds=1)}, ""),
        ({"at": AT + timedelta(days=14)}, "14 days"),
        ({"terms": RefundTerms(0, 20)}, "Write to us"),
        ({"terms": RefundTerms(14, 0), "watched_percent": 0}, ""),
        ({"terms": RefundTerms(14, 0), "watched_percent": 1}, "You have watched"),
        ({"returned_before": True}, "before"),
    ],
)
@pytest.mark.django_db
def test_what_the_terms_let_a_buyer_give_back(sale, changes, words: str) -> None:
    from dataclasses import replace

    asked = {"terms": TERMS, "watched_percent": 0, "returned_before": False, "at": AT} | changes
    said = refunding.why_not_returned(replace(sale, paid_at=AT), **asked)
    assert (words in said) if words else said == ""
    assert "Nothing was paid" in refunding.why_not_returned(replace(sale, price=eur(0)), **asked)
