"""Following a channel, and what that opens: a broadcast, its room, and its recording."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.catalog.api import follow_channel, is_follower, unfollow_channel
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.kernel.money import Money
from footlights.live import api as live
from footlights.live.api import Access, NewBroadcast, list_broadcasts
from footlights.live.testing import again, make_broadcast
from footlights.media.testing import make_ready_asset
from footlights.monetization.api import NewOffer, OfferKind, Reason, may_watch, set_offers
from footlights.web.account.testing import sign_in_proven


@pytest.fixture
def creator(db):
    return make_person()


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def show(channel):
    return make_broadcast(channel, starts_at=now() + timedelta(hours=2), access=Access.FOLLOWERS)


def signed_in(person) -> Client:
    client = Client()
    sign_in_proven(client, person)
    return client


def test_one_follows_and_ends_it_and_comes_back_to_where_one_was(channel):
    viewer = make_person()
    client, address = signed_in(viewer), f"{channel.path}/follow"
    assert address in Client().get(channel.path).content.decode()
    assert "Follow" in client.get(f"{address}?next=/live/").content.decode()
    for _twice in range(2):
        assert client.post(address, {"next": "/live/"})["Location"] == "/live/"
    assert is_follower(channel.id, viewer.pk)
    assert "You follow" in client.get(address).content.decode()
    assert client.post(address, {"drop": "1", "next": "https://elsewhere.example/"})["Location"] == channel.path
    assert not is_follower(channel.id, viewer.pk)


def test_strangers_follow_nothing(channel):
    for answer in (Client().get(f"{channel.path}/follow"), Client().post(f"{channel.path}/follow")):
        assert "/account/login" in answer["Location"]
    assert signed_in(make_person()).post("/@nobody-there/follow").status_code == 404


def test_a_broadcast_for_followers_opens_to_them_alone(channel, show):
    viewer, stranger = make_person(), make_person()
    outside = signed_in(viewer).get(f"/live/{show.token}")
    assert outside.status_code == 200
    assert "Follow and come in" in outside.content.decode()
    assert "/media/live/" not in outside.content.decode()
    assert "Sign in to follow" in Client().get(f"/live/{show.token}").content.decode()
    led = signed_in(viewer).post(f"{channel.path}/follow", {"next": f"/live/{show.token}"})
    inside = signed_in(viewer).get(led["Location"])
    assert inside.status_code == 200
    assert "state.json" in inside.content.decode()
    reasons = {who: live.decide_joining(show, who, now()).reason for who in (viewer.pk, stranger.pk, None)}
    assert reasons == {viewer.pk: Reason.FOLLOWER, stranger.pk: Reason.MUST_FOLLOW, None: Reason.SIGN_IN}
    assert live.may_join(show, channel.owner_id, now())
    unfollow_channel(channel_id=channel.id, person_id=viewer.pk)
    assert not live.may_join(show, viewer.pk, now())


def test_who_follows_another_channel_stays_outside(show):
    viewer = make_person()
    signed_in(viewer).post(f"{make_channel(make_person()).path}/follow")
    assert not live.may_join(show, viewer.pk, now())


def test_it_is_chosen_in_the_studio_and_said_where_it_is_listed(creator, channel):
    client = signed_in(creator)
    client.post("/studio/live/new", {"name": "For friends", "audience": "followers", "afterwards": "shared"})
    [show] = list_broadcasts(channel.id)
    assert show.access is Access.FOLLOWERS
    assert "for followers" in client.get(f"/studio/live/{show.id}").content.decode()
    assert "for followers" in Client().get("/live/").content.decode()
    form = client.get(f"/studio/live/{show.id}/edit").content.decode()
    assert re.search(r'value="followers"[^>]*checked', form)
    new = NewBroadcast(name="x", access=Access.FOLLOWERS, tier=1)
    with pytest.raises(InvalidInputError):
        live.change_broadcast(broadcast_id=show.id, editor_id=creator.pk, new=new, at=now())
    assert again(show).tier is None


def test_its_recording_is_for_followers_too(creator, channel):
    film = make_title(channel, asset_id=make_ready_asset(creator.pk).id, name="The evening")
    offer = NewOffer(OfferKind.FOLLOWERS, Money(0, "EUR"))
    set_offers(title_id=film.id, editor_id=creator.pk, offers=[offer], at=now())
    viewer = make_person()
    assert may_watch(None, film.id, now()).reason is Reason.SIGN_IN
    assert may_watch(viewer.pk, film.id, now()).reason is Reason.MUST_FOLLOW
    client = signed_in(viewer)
    page = client.get(film.path).content.decode()
    assert "Follow to watch" in page
    assert "Prices include tax" not in page
    assert f"{channel.path}/follow?next=" in page
    assert "Followers" in Client().get(channel.path).content.decode()
    client.post(f"{channel.path}/follow")
    assert may_watch(viewer.pk, film.id, now()).reason is Reason.FOLLOWER
    assert client.get(f"{film.path}/watch").status_code == 200
    assert "for followers" in signed_in(creator).get("/studio/titles").content.decode()
    with pytest.raises(InvalidInputError):
        set_offers(
            title_id=film.id, editor_id=creator.pk, offers=[NewOffer(OfferKind.FOLLOWERS, Money(100, "EUR"))], at=now()
        )


def test_the_channels_one_follows_are_on_a_page_and_ended_there(channel, django_assert_max_num_queries):
    viewer, other = make_person(), make_channel(make_person(), name="Low Tide")
    client = signed_in(viewer)
    assert "You follow nobody yet" in client.get("/account/following").content.decode()
    for each in (channel, other):
        client.post(f"{each.path}/follow")
    with django_assert_max_num_queries(12):
        page = client.get("/account/following").content.decode()
    assert page.index(other.path) < page.index(f'href="{channel.path}"')
    assert "/account/following" in client.get("/library").content.decode()
    led = client.post(f"{other.path}/follow", {"drop": "1", "next": "/account/following"})
    page = client.get(led["Location"]).content.decode()
    assert led["Location"] == "/account/following"
    assert "You do not follow Low Tide any more" in page
    assert f'href="{other.path}"' not in page
    assert f'href="{channel.path}"' in page


def test_strangers_see_nobodys_channels(channel):
    signed_in(make_person()).post(f"{channel.path}/follow")
    assert "/account/login" in Client().get("/account/following")["Location"]
    assert channel.path not in signed_in(make_person()).get("/account/following").content.decode()


def test_the_studio_says_how_many_follow_and_how_many_are_new(creator, channel):
    film = make_title(channel, asset_id=make_ready_asset(creator.pk).id)
    for days in (0, 3):
        follow_channel(channel_id=channel.id, person_id=make_person().pk, at=now() - timedelta(days=days))
    page = signed_in(creator).get("/studio/").content.decode()
    assert re.search(r'Followers</div><div class="figure">2</div><div class="stat-note">1 is new', page), film.name
