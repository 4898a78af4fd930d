"""Going live in the studio."""

import pytest
from django.conf import settings
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.giving.api import redeem_gift
from footlights.giving.testing import make_gift
from footlights.ingest.api import read_secret
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.live import api as live
from footlights.live.testing import NODE, again, make_broadcast, send
from footlights.monetization.api import buy_title, find_ticket_offer, list_purchases
from footlights.payments.testing import pay, webhooks_arrive
from footlights.subscriptions.testing import make_plan
from footlights.web.account.testing import sign_in_proven


@pytest.fixture
def creator(db):
    return make_person()


@pytest.fixture
def channel(creator):
    return make_channel(creator)


@pytest.fixture
def client(creator):
    client = Client()
    sign_in_proven(client, creator)
    return client


def test_from_a_name_to_on_air_and_over(client, channel):
    assert b"Go live in a minute" in client.get("/studio/live").content
    led = client.post("/studio/live/new", {"name": "An evening live", "audience": "everybody", "afterwards": "shared"})
    [broadcast] = live.list_broadcasts(channel.id)
    assert led.url == f"/studio/live/{broadcast.id}"
    send(channel)
    figures = {
        "bitrate_bps": 4e6,
        "frames_per_s": 30.0,
        "has_sound": 0,
        "key_every_ms": 9_000,
        "behind_s": 9.0,
        "frozen_s": 7.0,
    }
    figures |= {"has_main": 0, "has_backup": 1, "shows_backup": 1}
    live.note_beat(
        broadcast_id=broadcast.id, node=NODE, key_since="", is_sending=True, figures=figures, problem="", at=now()
    )
    signal = client.get(f"/studio/live/{broadcast.id}/signal").content.decode()
    assert "Only you see it" in signal
    assert "Nobody hears you" in signal
    assert "keyframe interval to 2 s" in signal
    assert "cannot keep up" in signal
    assert "The first one fell silent" in signal
    client.post(f"/studio/live/{broadcast.id}/on-air")
    page = client.get(f"/studio/live/{broadcast.id}").content.decode()
    assert "On air" in page
    assert "manifest.mpd" in page
    client.post(f"/studio/live/{broadcast.id}/over")
    assert again(broadcast).state is live.State.ENDED
    assert "It is over" in client.get(f"/studio/live/{broadcast.id}").content.decode()


def test_who_may_watch_is_one_choice(client, channel):
    make_plan(channel, tier=2)
    client.post("/studio/live/new", {"name": "For friends", "audience": "members-2", "afterwards": "ours"})
    [broadcast] = live.list_broadcasts(channel.id)
    assert (broadcast.access, broadcast.tier) == (live.Access.MEMBERS, 2)
    client.post(f"/studio/live/{broadcast.id}/edit", {"name": "For a few", "audience": "link", "afterwards": "none"})
    changed = again(broadcast)
    assert (changed.name, changed.access, changed.is_listed) == ("For a few", live.Access.EVERYBODY, False)
    assert (
        client.post("/studio/live/new", {"name": "x", "audience": "members-9", "afterwards": "none"}).status_code == 422
    )


def test_how_soon_viewers_see_it_is_chosen_with_the_plan(client, channel):
    """And reaches whoever encodes it, and the player."""
    plan = {"name": "Ask me anything", "audience": "everybody", "afterwards": "shared"}
    client.post("/studio/live/new", plan | {"latency": "low"})
    [broadcast] = live.list_broadcasts(channel.id)
    assert send(channel).latency is live.Latency.LOW
    assert b'data-latency="low"' in client.get(f"/live/{broadcast.token}").content
    client.post(f"/studio/live/{broadcast.id}/edit", plan)  # as a page does that was opened before there was a choice
    assert again(broadcast).latency is live.Latency.STANDARD


def test_the_key_is_shown_after_a_proof_alone(creator, channel):
    stale = Client()
    sign_in_proven(stale, creator, proven_s_ago=3_600)
    assert stale.get("/studio/live/key").status_code == 302
    fresh = Client()
    sign_in_proven(fresh, creator)
    key = live.get_stream_key(channel_id=channel.id, editor_id=creator.pk, at=now())
    assert key in fresh.get("/studio/live/key").content.decode()
    broadcast = make_broadcast(channel)
    control_room = fresh.get(f"/studio/live/{broadcast.id}").content.decode()
    assert key not in control_room
    assert "/backup<" in control_room  # the address for a second encoder
    fresh.post("/studio/live/key")
    assert key not in fresh.get("/studio/live/key").content.decode()


def test_going_on_air_without_a_picture_says_what_to_do_first(client, channel):
    broadcast = make_broadcast(channel)
    page = client.post(f"/studio/live/{broadcast.id}/on-air", follow=True).content.decode()
    assert "Nothing arrives yet" in page
    assert client.post(f"/studio/live/{broadcast.id}/over", follow=True).redirect_chain == [("/studio/live", 302)]


def test_tickets_are_sold_by_a_few_words_more_and_all_given_back_at_the_end(client, channel):
    sent = {"name": "A premiere", "audience": "tickets", "currency": "EUR", "replay": "30"}
    assert client.post("/studio/live/new", sent).status_code == 422  # for no price
    assert client.post("/studio/live/new", sent | {"price": "8.00", "early": "5.00"}).status_code == 422  # until when?
    assert client.post("/studio/live/new", sent | {"price": "eight"}).status_code == 422
    client.post("/studio/live/new", sent | {"price": "8.00", "starts_by_itself": "on"})
    [show] = live.list_broadcasts(channel.id)
    offer = find_ticket_offer(show.id)
    assert (show.access, offer.price, offer.replay_days) == (live.Access.TICKETS, Money(800, "EUR"), 30)
    assert show.replay is live.Replay.SHARED  # whatever stands under "Afterwards"
    form = client.get(f"/studio/live/{show.id}/edit").content.decode()
    assert 'value="8.00"' in form
    client.post(f"/studio/live/{show.id}/edit", sent | {"price": "8.00", "replay": "0", "starts_by_itself": "on"})
    assert live.list_broadcasts(channel.id)[0].replay is live.Replay.OURS
    client.post(f"/studio/live/{show.id}/edit", sent | {"price": "8.00", "starts_by_itself": "on"})
    offer = find_ticket_offer(show.id)
    viewer = make_person()
    pay("paid", buy_title(viewer_id=viewer.pk, offer_id=offer.id, idempotency_key="k", at=now()).hosted_url)
    given = make_gift(offer, make_person())
    page = client.get(f"/studio/live/{show.id}").content.decode()
    assert ("1 sold, for €8.00" in page, "Given to somebody: 0 opened, 1 not yet" in page) == (True, True)
    redeem_gift(code=given.code, viewer_id=make_person().pk, at=now())
    page = client.get(f"/studio/live/{show.id}").content.decode()
    assert ("Given to somebody: 1 opened, 0 not yet" in page, "<strong>€7.20</strong>" in page) == (True, True)
    assert "A premiere" in client.get("/studio/money").content.decode()
    send(channel)
    client.post(f"/studio/live/{show.id}/over")
    assert "Give all of them back" in client.get(f"/studio/live/{show.id}").content.decode()
    client.post(f"/studio/live/{show.id}/tickets-back")
    with webhooks_arrive():
        run_jobs(but="media.")
    [purchase] = list_purchases(viewer.pk)
    assert purchase.state == "refunded"


def test_the_page_gets_a_pass_for_its_camera_and_may_ask_for_one_alone(client, channel):
    broadcast = make_broadcast(channel)
    page = client.get(f"/studio/live/{broadcast.id}")
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert "camera=()" in client.get("/studio/live").headers["Permissions-Policy"]
    path = f"/studio/live/{broadcast.id}/camera"
    asked = {"node": "n", "camera_pass": client.post(path).json()["pass"]}
    secret = read_secret(settings.ENVIRONMENT.secrets)
    hook = {"path": "/live/hooks/publish", "content_type": "application/json"}
    ingest = {"Authorization": f"Bearer {secret}"}
    assert Client().post(**hook, data=asked, headers=ingest).json()["broadcast"] == str(broadcast.id)
    assert Client().post(**hook, data=asked | {"camera_pass": "forged"}, headers=ingest).status_code == 403
    assert Client().post(path).status_code == 302  # a stranger signs in first
    client.post(f"/studio/live/{broadcast.id}/over")
    over = client.post(path)
    assert (over.status_code, over.json()["error"]["message"]) == (409, "It is over. Plan another one.")


def test_going_on_air_leaves_the_page_where_it_is(client, channel):
    broadcast = make_broadcast(channel)
    path = f"/studio/live/{broadcast.id}/on-air"
    too_early = client.post(path, headers={"HX-Request": "true"}).content.decode()
    assert "Nothing arrives yet. Start sending first" in too_early
    send(channel)
    began = client.post(path, headers={"HX-Request": "true"}).content.decode()
    assert "On air" in began
    assert 'id="screen" hx-swap-oob="true"' in began
    assert live.showing_of(broadcast.id).dash_url in began
