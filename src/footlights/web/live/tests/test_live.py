"""The page of a broadcast, its gate, and the hooks of the ingest."""

import base64
import uuid
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.ingest.api import key_of_run, read_secret
from footlights.kernel.clock import now
from footlights.live import api as live
from footlights.live.testing import NODE, again, make_broadcast, make_ticket, send
from footlights.monetization.api import buy_title, find_ticket_offer, grant_membership, list_tickets, note_replay
from footlights.payments.testing import pay
from footlights.web.account.testing import sign_in_proven


@pytest.fixture
def channel(db):
    return make_channel(make_person())


def signed_in(person) -> Client:
    client = Client()
    sign_in_proven(client, person)
    return client


def ask_licence(client: Client, broadcast, key_id: str):
    kid = base64.urlsafe_b64encode(bytes.fromhex(key_id)).rstrip(b"=").decode()
    return client.post(f"/live/{broadcast.token}/licence", {"kids": [kid]}, content_type="application/json")


def ask_hook(question: str, body: dict, secret: str | None = None):
    secret = secret or read_secret(configured.ENVIRONMENT.secrets)
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().post(f"/live/hooks/{question}", body, content_type="application/json", headers=headers)


def test_its_page_waits_with_whoever_comes_early(channel):
    broadcast = make_broadcast(channel, starts_at=now() + timedelta(hours=2))
    page = Client().get(f"/live/{broadcast.token}").content.decode()
    assert "has not begun yet" in page
    assert "state.json" in page


def test_whoever_is_no_member_sees_how_to_become_one_and_no_address_of_the_picture(channel):
    broadcast = make_broadcast(channel, tier=1)
    answer = Client().get(f"/live/{broadcast.token}")
    assert answer.status_code == 200
    assert "for members of" in answer.content.decode()
    assert "/media/live/" not in answer.content.decode()


def test_the_gate_opens_to_everybody_once_it_is_on_air(channel):
    broadcast = make_broadcast(channel)
    ticket = send(channel)
    assert ask_licence(Client(), broadcast, ticket.key_id).status_code == 403  # a preview is the team's
    assert ask_licence(Client(), broadcast, "00" * 16).status_code == 403
    live.go_on_air(broadcast_id=broadcast.id, editor_id=channel.owner_id, at=now())
    answer = ask_licence(Client(), broadcast, ticket.key_id)
    assert base64.urlsafe_b64decode(answer.json()["keys"][0]["k"] + "==") == ticket.key
    assert ask_licence(Client(), broadcast, "00" * 16).status_code == 403  # another's key id: nothing is given


def test_the_gate_of_members_opens_to_members_alone(channel):
    broadcast, member, stranger = make_broadcast(channel, tier=2, starts_by_itself=True), make_person(), make_person()
    key_id = send(channel).key_id
    at = now()
    grant_membership(viewer_id=member.pk, channel_id=channel.id, tier=2, until=at + timedelta(days=1), cause="t", at=at)
    assert ask_licence(signed_in(member), broadcast, key_id).status_code == 200
    assert ask_licence(signed_in(stranger), broadcast, key_id).status_code == 403
    assert ask_licence(Client(), broadcast, key_id).status_code == 403


def test_the_key_of_a_run_is_asked_for_anew_and_given_as_long_as_one_may_watch(channel):
    broadcast, member, stranger = make_broadcast(channel, tier=1, starts_by_itself=True), make_person(), make_person()
    at = now()
    term = {"viewer_id": member.pk, "channel_id": channel.id, "tier": 1, "cause": "t", "at": at}
    grant_membership(until=at + timedelta(days=1), **term)
    secret = send(channel).run_secret
    key = key_of_run(secret, 7)
    given = ask_licence(signed_in(member), broadcast, key.key_id).json()["keys"][0]["k"]
    assert base64.urlsafe_b64decode(given + "==").hex() == key.key
    for whose, client, key_id in (
        ("no member", signed_in(stranger), key.key_id),
        ("nobody", Client(), key.key_id),
        ("of another broadcast", signed_in(member), key_of_run(bytes(16), 7).key_id),
        ("a number that was made up", signed_in(member), "00000008" + key.key_id[8:]),
    ):
        assert ask_licence(client, broadcast, key_id).status_code == 403, whose


def test_only_where_access_is_paid_for_have_runs_keys_of_their_own(channel):
    make_broadcast(channel, access=live.Access.FOLLOWERS, starts_by_itself=True)
    assert send(channel).run_secret == b""


def test_the_ingest_is_told_all_it_needs_and_nobody_else_anything(channel):
    broadcast = make_broadcast(channel, starts_by_itself=True)
    key = live.get_stream_key(channel_id=channel.id, editor_id=channel.owner_id, at=now())
    publish = {"key": key, "node": NODE}
    assert ask_hook("publish", publish, secret="guessed").status_code == 404
    ticket = ask_hook("publish", publish).json()
    assert ticket["broadcast"] == str(broadcast.id)
    assert ticket["is_on_air"]
    elsewhere = ask_hook("publish", publish | {"node": "another"})
    assert (elsewhere.status_code, elsewhere.json()["error"]["node"]) == (403, NODE)
    of_this = {"broadcast": str(broadcast.id), "node": NODE}
    health = {"bitrate_bps": 4e6, "frames_per_s": 30.0, "width": None, "made_up": 1.0}
    answer = ask_hook("beat", of_this | {"is_sending": True, "health": health, "key_since": ticket["key_since"]})
    assert answer.json() == {"state": "on_air", "sender_stays": True}
    assert again(broadcast).signal.figures == {"bitrate_bps": 4e6, "frames_per_s": 30.0}
    assert [each["broadcast"] for each in ask_hook("carried", {"node": NODE}).json()["broadcasts"]] == [
        str(broadcast.id)
    ]
    assert ask_hook("closed", of_this).json() == {}


def test_a_wrong_key_is_refused_in_words_and_a_wrong_question_as_such(channel):
    answer = ask_hook("publish", {"key": "wrong", "node": NODE})
    assert answer.status_code == 403
    assert "not known" in answer.json()["error"]["message"]
    assert ask_hook("publish", {"key": 1}).status_code == 400
    assert ask_hook("publish", {"key": "x" * 9_000, "node": NODE}).status_code == 400
    assert ask_hook("nonsense", {}).status_code == 404


def test_what_is_on_and_what_comes_is_found_in_one_place(channel):
    assert "Nothing is on air" in Client().get("/live/").content.decode()
    make_broadcast(channel, name="The first")
    make_broadcast(channel, name="A secret", is_listed=False)
    page = Client().get("/live/").content.decode()
    assert "The first" in page
    assert "A secret" not in page


def test_a_ticket_is_bought_in_two_pages_and_leads_into_the_waiting_room(channel):
    show = make_broadcast(channel, starts_at=now() + timedelta(hours=2), ticket=make_ticket(), tier=None)
    viewer = make_person()
    client, offer = signed_in(viewer), find_ticket_offer(show.id)
    page = client.get(f"/live/{show.token}")
    words = page.content.decode()
    assert page.status_code == 200
    assert "Get a ticket for €8.00" in words
    assert "The recording, for 7 days." in words
    assert "/media/live/" not in words
    till = f"/live/{show.token}/get/{offer.id}"
    assert "all your money comes back by itself" in client.get(till).content.decode()
    led = client.post(till, {"key": str(uuid.uuid4()), "total": "800 EUR"})
    pay("paid", led["Location"])
    [bought] = list_tickets(viewer.pk)
    assert bought.broadcast_id == show.id
    assert client.get(till)["Location"] == f"/live/{show.token}"  # nobody pays twice
    assert "state.json" in client.get(f"/live/{show.token}").content.decode()
    assert "An evening live" in client.get("/library").content.decode()
    assert "Ticket" in client.get("/account/purchases").content.decode()


@pytest.mark.parametrize(("days", "shelf"), [(7, "With your tickets"), (None, "Yours for ever")])
def test_a_recording_lies_in_the_library_for_as_long_as_its_ticket_says(channel, days, shelf):
    show, viewer = make_broadcast(channel, ticket=make_ticket(replay_days=days)), make_person()
    offer = find_ticket_offer(show.id)
    bought = buy_title(viewer_id=viewer.pk, offer_id=offer.id, idempotency_key="k", at=now())
    pay("paid", bought.hosted_url)
    note_replay(broadcast_id=show.id, title_id=make_title(channel, name="An evening kept").id, at=now())
    page = signed_in(viewer).get("/library").content.decode()
    [of_shelf] = [part for part in page.split("<section") if "An evening kept" in part]
    assert f"<h2>{shelf}</h2>" in of_shelf


def test_a_guest_buys_a_ticket_with_an_address_alone(channel, settings):
    settings.GUEST_CHECKOUT = True
    show = make_broadcast(channel, ticket=make_ticket(replay_days=None))
    client, offer = Client(), find_ticket_offer(show.id)
    till = f"/live/{show.token}/get/{offer.id}"
    led = client.post(till, {"key": str(uuid.uuid4()), "total": "800 EUR", "email": "guest@example.org"})
    pay("paid", led["Location"])
    assert "Get a ticket" not in client.get(f"/live/{show.token}").content.decode()
    assert "Get a ticket" in Client().get(f"/live/{show.token}").content.decode()
    assert Client().get(f"/live/nowhere/get/{offer.id}").status_code == 404


def test_the_gate_of_tickets_opens_to_holders_alone(channel):
    show, viewer, stranger = (
        make_broadcast(channel, ticket=make_ticket(), starts_by_itself=True),
        make_person(),
        make_person(),
    )
    offer = find_ticket_offer(show.id)
    bought = buy_title(viewer_id=viewer.pk, offer_id=offer.id, idempotency_key="k", at=now())
    key_id = send(channel).key_id
    assert ask_licence(signed_in(viewer), show, key_id).status_code == 403
    pay("paid", bought.hosted_url)
    assert ask_licence(signed_in(viewer), show, key_id).status_code == 200
    assert ask_licence(signed_in(stranger), show, key_id).status_code == 403
