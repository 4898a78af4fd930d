"""What givers read before they pay is kept with the payment, once, and shown to the bank that asks."""

import uuid

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.engagement.api import open_room
from footlights.giving.models import TipRow
from footlights.giving.testing import open_tips
from footlights.kernel.clock import now
from footlights.monetization.testing import make_offer
from footlights.payments.api import list_methods, list_payment_events, list_payments, open_method_setup
from footlights.payments.testing import make_dispute, pay
from footlights.web.backoffice.dispute_evidence import assemble_evidence
from footlights.web.rooms.subjects import subject_of_channel

pytestmark = pytest.mark.django_db
THANKS = "You get their thanks, and nothing else."
IN_ROOM = "Your word with it is shown in the room"
ANSWER = "If nobody answers it by the end of the show, or within a day, all of your money comes back by itself."
UNOPENED = "While nobody has opened it, you can have your money back for 14 days at least."


@pytest.fixture(autouse=True)
def viewer(client):
    person = make_person()
    client.force_login(person)
    return person


@pytest.fixture
def channel():
    made = make_channel(make_person())
    open_tips(made)
    return made


def typed(**more):
    return {"key": uuid.uuid4(), "amount": "500", "message": "Where?", "method": ""} | more


def evidence() -> str:
    [payment] = list_payments()
    [words] = [each.detail for each in list_payment_events(payment.id) if each.name == "agreed"]
    told = assemble_evidence(make_dispute(payment.id))
    assert words in told
    return told


@pytest.mark.parametrize(
    ("place", "kept", "not_kept"),
    [("", [THANKS], [IN_ROOM, ANSWER]), ("room", [THANKS, IN_ROOM], [ANSWER]), ("ask", [ANSWER], [THANKS, IN_ROOM])],
    ids=["to a channel", "in a room", "for an answer"],
)
def test_what_stood_above_a_tip_is_kept_however_often_it_is_sent(client, channel, place, kept, not_kept) -> None:
    address = reverse("giving:tip_channel", args=[channel.handle])
    if place:
        room = open_room(subject=subject_of_channel(channel.id), channel_id=channel.id, by_id=None, at=now())
        address += f"?room={room.id}" + ("&ask=1" if place == "ask" else "")
    shown, tip = client.get(address).content.decode(), typed()
    for _ in range(2):
        assert client.post(address, tip).status_code == 303
    pay("paid", TipRow.objects.get().hosted_url)
    told = evidence()
    assert "Chose €5.00 and pressed “Give”" in told
    for words in kept:
        assert (words in shown, words in told) == (True, True)
    for words in not_kept:
        assert (words in shown, words in told) == (False, False)


def test_a_tip_from_a_kept_card_was_pressed_and_not_charged_by_itself(client, channel, viewer) -> None:
    pay("paid", open_method_setup(payer_id=viewer.pk, return_path="/", idempotency_key="card", at=now()).hosted_url)
    [card] = list_methods(viewer.pk)
    client.post(reverse("giving:tip_channel", args=[channel.handle]), typed(method=str(card.id)))
    told = evidence()
    assert "pressed “Give”" in told
    assert "charged by itself" not in told


def test_what_stood_beside_a_gift_is_kept(client, channel) -> None:
    title = make_title(channel)
    till = reverse("giving:give", args=[title.channel_handle, title.slug, make_offer(title).id])
    shown = client.get(till).content.decode()
    sent = {"key": uuid.uuid4(), "total": "400 EUR", "how": "hand", "sender": "Vera", "message": ""}
    for _ in range(2):
        assert client.post(till, sent).status_code == 303
    told = evidence()
    assert "Pressed “Pay €4.00” under the whole price" in told
    assert (UNOPENED in shown, UNOPENED in told) == (True, True)


def test_what_nothing_was_charged_for_keeps_nothing(client, channel) -> None:
    answer = client.post(reverse("giving:tip_channel", args=[channel.handle]), typed(amount="other", other="lots"))
    assert answer.status_code == 200
    assert not list_payments()
