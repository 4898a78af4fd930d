"""While a bank decides about its money, what was bought waits: won it is back, lost it is taken."""

from datetime import timedelta

import pytest

from footlights.catalog.api import add_to_collection
from footlights.catalog.events import CollectionGrew
from footlights.catalog.testing import make_collection, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.monetization import api, handlers
from footlights.monetization.api import Reason, buy_title, get_purchase, may_watch
from footlights.monetization.models import EntitlementRow
from footlights.monetization.testing import make_collection_offer, make_offer, make_sale
from footlights.payments.api import DisputeState
from footlights.payments.events import DisputeClosed, DisputeOpened
from footlights.payments.models import DisputeRow
from footlights.payments.testing import make_dispute, pay
from footlights.terms.api import DisputeAccess, NewTerm, Term, set_terms

pytestmark = pytest.mark.django_db


def told(purchase) -> dict:
    return {
        "payment_id": purchase.payment_id,
        "reference": f"purchase:{purchase.id}",
        "dispute_id": new_id(),
        "amount": purchase.price,
        "at": now(),
    }


def opened(purchase) -> None:
    handlers.hold_what_is_disputed(DisputeOpened(**told(purchase), fee=None, reason="fraud"))


def won(purchase) -> None:
    DisputeRow.objects.update(state=DisputeState.WON, closed_at=now())
    handlers.let_go_what_was_decided(DisputeClosed(**told(purchase), won=True))


def bought(offer, viewer):
    pending = buy_title(viewer_id=viewer.id, offer_id=offer.id, idempotency_key="k", at=now())
    pay("paid", pending.hosted_url)
    return get_purchase(pending.id, viewer.id)


def test_what_a_bank_is_asked_to_take_back_waits_and_is_there_again_when_it_is_won(viewer, title) -> None:
    purchase = make_sale(title, viewer)
    make_dispute(purchase.payment_id)
    for _ in range(2):
        opened(purchase)
    decision = may_watch(viewer.id, title.id, now())
    assert (decision.allowed, decision.reason) == (False, Reason.HELD)
    assert "tell your bank that you withdraw it" in decision.explanation
    won(purchase)
    assert may_watch(viewer.id, title.id, now()).reason is Reason.BOUGHT


def test_news_of_a_dispute_that_come_after_its_end_hold_nothing(viewer, title) -> None:
    purchase = make_sale(title, viewer)
    make_dispute(purchase.payment_id)
    won(purchase)
    opened(purchase)
    assert may_watch(viewer.id, title.id, now()).allowed


def test_where_the_terms_say_so_it_stays_theirs(viewer, title, staff) -> None:
    change = NewTerm(term=Term.DISPUTE_ACCESS, value=DisputeAccess.KEEP)
    set_terms(changes=[change], by_id=staff.id, at=now(), from_at=now())
    purchase = make_sale(title, viewer)
    make_dispute(purchase.payment_id)
    opened(purchase)
    assert may_watch(viewer.id, title.id, now()).allowed


def test_a_rental_gets_back_the_time_it_waited(viewer, title) -> None:
    purchase = bought(make_offer(title, "rent"), viewer)
    make_dispute(purchase.payment_id)
    opened(purchase)
    EntitlementRow.objects.update(held_at=now() - timedelta(days=9))
    before = EntitlementRow.objects.get().start_by
    won(purchase)
    assert EntitlementRow.objects.get().start_by >= before + timedelta(days=9)


def test_what_comes_to_a_season_that_waits_waits_with_it(viewer, channel, title) -> None:
    season = make_collection(channel, title)
    purchase = bought(make_collection_offer(season), viewer)
    make_dispute(purchase.payment_id)
    opened(purchase)
    episode = make_title(channel)
    grow(season, channel, episode)
    assert may_watch(viewer.id, episode.id, now()).reason is Reason.HELD
    won(purchase)
    assert may_watch(viewer.id, episode.id, now()).allowed


def test_what_was_charged_otherwise_than_asked_is_nothing_to_hold(viewer, title) -> None:
    pending = buy_title(viewer_id=viewer.id, offer_id=make_offer(title).id, idempotency_key="k", at=now())
    pay("altered", pending.hosted_url)
    purchase = get_purchase(pending.id, viewer.id)
    make_dispute(purchase.payment_id)
    opened(purchase)
    assert not EntitlementRow.objects.exists()


def test_another_way_in_stays_open(viewer, channel, title) -> None:
    """A held membership is told of only where nothing else opens the title."""
    make_offer(title, "members")
    known = {"viewer_id": viewer.id, "channel_id": channel.id, "tier": 1, "until": now() + timedelta(days=9)}
    for cause in ("one", "another"):
        api.grant_membership(**known, cause=cause, at=now())
    api.hold_membership(cause="one", at=now())
    assert may_watch(viewer.id, title.id, now()).reason is Reason.MEMBER
    api.hold_membership(cause="another", at=now())
    assert may_watch(viewer.id, title.id, now()).reason is Reason.HELD
    api.release_membership(cause="another")
    assert may_watch(viewer.id, title.id, now()).allowed


def grow(season, channel, episode) -> None:
    add_to_collection(collection_id=season.id, editor_id=channel.owner_id, title_ids=[episode.id], at=now())
    handlers.grant_what_came_into_a_season(CollectionGrew(season.id, now()))
