"""A season or a collection is given as one: kept aside until it is opened, earned as it is shared, and all of it theirs."""

import pytest

from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.catalog import api as catalog
from footlights.catalog.testing import make_collection, make_title
from footlights.giving import api, handlers
from footlights.giving.api import GiftOverError
from footlights.giving.models import ReturnRow
from footlights.giving.testing import make_gift
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import balance_of
from footlights.monetization.api import AlreadyYoursError, has_bought, list_entitlements, may_watch, quote_gift
from footlights.monetization.models import GivenCollectionRow
from footlights.monetization.testing import grant, make_collection_offer, make_offer
from footlights.payments.events import RefundFailed
from footlights.payments.testing import webhooks_arrive
from footlights.splits.api import SubjectKind, person_account
from footlights.splits.testing import agree

pytestmark = pytest.mark.django_db
TEN = Money(1_000, "EUR")


@pytest.fixture
def titles(channel):
    return [make_title(channel, name=f"Night {number}") for number in range(3)]


@pytest.fixture
def season(channel, titles):
    return make_collection(channel, *titles, series="The Lamp")


@pytest.fixture
def offer(season):
    return make_collection_offer(season, TEN)


@pytest.fixture
def friend(db):
    return make_person()


def redeem(gift, person):
    return api.redeem_gift(code=gift.code, viewer_id=person.id, at=now())


def watches(person, titles):
    return [may_watch(person.id, each.id, now()).allowed for each in titles]


def add(season, creator, *titles):
    ids = [each.id for each in titles]
    catalog.add_to_collection(collection_id=season.id, editor_id=creator.id, title_ids=ids, at=now())
    with webhooks_arrive():
        run_jobs(but="media.")


def owed(account) -> int:
    return -balance_of(account, "EUR").amount_minor


def test_it_is_kept_aside_until_it_is_opened_and_then_shared_as_the_season_is(
    channel, creator, viewer, friend, season, titles, offer
):
    mate = make_person()
    agree(season, (mate, 5_000), kind=SubjectKind.COLLECTION)
    gift = make_gift(offer, viewer)
    assert (gift.title_id, gift.collection_id, set(gift.promised)) == (None, season.id, {each.id for each in titles})
    assert (owed(f"gift:{gift.id}"), owed(f"creator:{channel.id}")) == (1_000, 0)
    for _ in range(2):
        redeem(gift, friend)
    assert (owed(f"gift:{gift.id}"), owed("platform:fees")) == (0, 100)
    assert (owed(f"creator:{channel.id}"), owed(person_account(mate.id))) == (450, 450)
    assert watches(friend, titles) == [True] * 3
    assert len(list_entitlements(friend.id)) == 3
    assert has_bought(friend.id, season.id)
    assert "with “The Lamp, Season 1”" in may_watch(friend.id, titles[0].id, now()).explanation
    [line] = api.given_by_title(channel.id, "EUR")
    assert (line.title_id, line.collection_id, line.gifts, line.net) == (None, season.id, 1, Money(450, "EUR"))
    assert api.list_sold_gifts(channel.id)[0].collection_id == season.id
    assert recorded("gift.redeemed")[0].after["collection_id"] == str(season.id)
    assert str(GivenCollectionRow.objects.get()) == f"gift:{gift.id}"


def test_what_comes_out_later_in_a_season_is_theirs_too_and_in_a_collection_is_not(
    channel, creator, viewer, friend, season, titles, offer
):
    redeem(make_gift(offer, viewer), friend)
    box = make_collection(channel, *titles[:2], kind="collection", name="A box")
    reader = make_person()
    redeem(make_gift(make_collection_offer(box), viewer), reader)
    later = [make_title(channel), make_title(channel, state="draft")]
    for each in (season, box):
        add(each, creator, *later)
    assert (watches(friend, later), watches(reader, later)) == ([True, False], [False, False])
    catalog.publish_title(title_id=later[1].id, editor_id=creator.id, at=now())
    run_jobs(but="media.")
    assert watches(friend, later) == [True, True]
    assert watches(reader, titles) == [True, True, False]


def test_who_has_some_of_it_gets_the_rest_and_who_has_all_hands_it_on(creator, viewer, friend, season, titles, offer):
    grant(friend, titles[0])
    gift, second, third = (make_gift(offer, viewer) for _ in range(3))
    redeem(gift, friend)
    assert watches(friend, titles) == [True] * 3
    owner = make_person()
    for each in titles:
        grant(owner, each)
    for person in (friend, owner):
        with pytest.raises(AlreadyYoursError, match="hand it on"):
            redeem(second, person)
    with pytest.raises(AlreadyYoursError, match="hand it on"):
        redeem(third, creator)
    assert api.get_gift_by_code(second.code).is_waiting


def test_it_gives_what_it_promised_though_the_season_was_changed_or_hidden(
    creator, viewer, friend, season, titles, offer
):
    gift = make_gift(offer, viewer)
    catalog.remove_from_collection(collection_id=season.id, editor_id=creator.id, title_id=titles[0].id, at=now())
    catalog.unpublish_collection(collection_id=season.id, editor_id=creator.id, at=now())
    redeem(gift, friend)
    assert watches(friend, titles) == [True] * 3


def test_when_all_of_it_is_gone_its_giver_can_have_the_money_back(creator, viewer, friend, titles, offer):
    gift = make_gift(offer, viewer)
    for each in titles:
        catalog.delete_title(title_id=each.id, editor_id=creator.id, at=now())
    with pytest.raises(GiftOverError, match="gone"):
        redeem(gift, friend)
    assert not api.why_gift_not_returned(gift, now())


def test_money_that_goes_back_takes_all_it_gave_and_gives_it_again_when_it_returns(
    channel, creator, viewer, friend, season, titles, offer
):
    own = make_offer(titles[2])
    grant(friend, titles[2])
    gift = make_gift(offer, viewer)
    redeem(gift, friend)
    api.refund_gift(gift_id=gift.id, by_id=creator.id, idempotency_key="r", at=now())
    assert watches(friend, titles) == [False, False, True]
    assert (owed(f"creator:{channel.id}"), has_bought(friend.id, season.id)) == (0, False)
    add(season, creator, later := make_title(channel))
    assert watches(friend, [later]) == [False]
    refund = ReturnRow.objects.get()
    handlers.give_again_what_came_back(
        RefundFailed(
            refund_id=refund.pk,
            payment_id=gift.payment_id,
            reference=f"gift:{gift.id}",
            amount=TEN,
            at=now(),
        )
    )
    assert watches(friend, [*titles, later]) == [True] * 4
    assert own.title_id == titles[2].id


def test_what_is_hidden_or_empty_is_not_given(channel, viewer, season, creator, offer):
    hidden = make_collection_offer(make_collection(channel, make_title(channel), state="draft"))
    empty = make_collection_offer(make_collection(channel, make_title(channel, state="draft")))
    for offer_id in (hidden.id, empty.id, new_id()):
        with pytest.raises(NotFoundError):
            quote_gift(giver_id=viewer.id, offer_id=offer_id, at=now())
