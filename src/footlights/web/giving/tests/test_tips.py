"""Giving a tip on the pages, and what a channel sees of it."""

import uuid
from unittest import mock

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.engagement.api import TipPlace, close_room, open_room, tip_place
from footlights.giving import api as giving
from footlights.giving.models import TipRow
from footlights.giving.testing import make_tip, open_tips
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.payments.api import GatewayUnreachableError, list_methods, open_method_setup
from footlights.payments.testing import pay
from footlights.prices.api import Market
from footlights.prices.testing import know_rates, sell_in
from footlights.terms.api import NewTerm, Term, set_terms
from footlights.web.account.testing import sign_in_proven
from footlights.web.rooms.subjects import subject_of_channel
from footlights.web.whereabouts import CURRENCY_COOKIE

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client):
    person = make_person(display_name="Vera Lamp")
    client.force_login(person)
    return person


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def channel(creator):
    made = make_channel(creator, name="Lantern Films")
    open_tips(made, thanks="You light the lamps.")
    return made


@pytest.fixture
def studio(client, creator):
    sign_in_proven(client, creator)
    return client


def send(client, channel, **typed):
    typed = {"key": uuid.uuid4(), "amount": "500", "message": "", "method": ""} | typed
    return client.post(reverse("giving:tip_channel", args=[channel.handle]), typed)


def page(client, name, *args):
    answer = client.get(reverse(name, args=args), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_title_to_the_thanks(client, viewer, channel):
    title = make_title(channel, name="Night Boat")
    give = reverse("giving:tip_title", args=[channel.handle, title.slug])
    assert give in page(client, "storefront:title", channel.handle, title.slug)
    assert "Night Boat" in client.get(give).content.decode()
    typed = {"key": uuid.uuid4(), "amount": "other", "other": "7.50", "message": "<b>Bravo</b>", "method": ""}
    first, again = (client.post(give, typed) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, again.headers["Location"])
    pay("paid", first.headers["Location"])
    [tip] = TipRow.objects.all()
    assert (tip.amount_minor, tip.title_id, tip.message) == (750, title.id, "<b>Bravo</b>")
    thanks = page(client, "giving:tip", tip.pk)
    assert "You light the lamps." in thanks
    assert "€7.50" in thanks


def test_a_tip_is_in_the_currency_its_giver_chose(client, viewer, channel):
    know_rates()
    sell_in(channel, Market("JPY"))
    client.cookies[CURRENCY_COOKIE] = "JPY"
    shown = page(client, "giving:tip_channel", channel.handle)
    assert ("¥500" in shown, "€" in shown, 'value="JPY"' in shown) == (True, False, True)
    pay("paid", send(client, channel, currency="JPY").headers["Location"])
    [tip] = TipRow.objects.all()
    assert (tip.amount_minor, tip.currency) == (500, "JPY")


def test_amounts_of_a_currency_that_is_not_sold_in_any_more_charge_nothing(client, viewer, channel):
    answer = client.post(
        reverse("giving:tip_channel", args=[channel.handle]),
        {"key": uuid.uuid4(), "currency": "JPY", "amount": "500", "method": ""},
        follow=True,
    )
    assert "Tips are in EUR now" in answer.content.decode()
    assert not TipRow.objects.exists()


def test_the_channels_page_leads_to_a_tip_only_while_it_takes_some(client, channel):
    shut = make_channel(make_person())
    assert reverse("giving:tip_channel", args=[channel.handle]) in page(client, "storefront:channel", channel.handle)
    assert reverse("giving:tip_channel", args=[shut.handle]) not in page(client, "storefront:channel", shut.handle)


def test_who_takes_no_tips_is_given_none(client, viewer):
    shut = make_channel(make_person())
    answer = client.get(reverse("giving:tip_channel", args=[shut.handle]), follow=True)
    assert "takes no tips" in answer.content.decode()
    assert client.get(reverse("giving:tip_channel", args=["nobody-here"])).status_code == 404
    assert client.get(reverse("giving:tip_title", args=[shut.handle, "nothing"])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"amount": "other", "other": "lots"}, "not an amount"),
        ({"amount": "other", "other": "0.10"}, "smallest tip"),
        ({"amount": "other", "other": "9999"}, "largest tip"),
        ({"message": "é" * 201}, "at most 200 characters"),
        ({"amount": "123"}, "not one of the available choices"),
    ],
    ids=["words", "too little", "too much", "too long", "made up"],
)
def test_what_cannot_be_given_is_said_where_it_was_typed(client, viewer, channel, typed, words):
    answer = send(client, channel, **typed)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not TipRow.objects.exists()


def test_a_kept_card_pays_with_one_click(client, viewer, channel):
    setup = open_method_setup(payer_id=viewer.pk, return_path="/", idempotency_key="card", at=now())
    pay("paid", setup.hosted_url)
    [card] = list_methods(viewer.pk)
    assert card.label in page(client, "giving:tip_channel", channel.handle)
    answer = send(client, channel, method=str(card.id))
    assert answer.headers["Location"] == reverse("giving:tip", args=[TipRow.objects.get().pk])
    assert "Thank you" in client.get(answer.headers["Location"]).content.decode()


def test_waiting_leads_to_the_thanks_by_itself(client, viewer, channel):
    hosted = send(client, channel).headers["Location"]
    tip = TipRow.objects.get()
    waiting = page(client, "giving:tip", tip.pk)
    assert "Waiting for your payment" in waiting
    script = {"HX-Request": "true"}
    address = reverse("giving:tip", args=[tip.pk])
    assert "HX-Redirect" not in client.get(address, headers=script).headers
    pay("paid", hosted)
    assert client.get(address, headers=script).headers["HX-Redirect"] == address


def test_a_declined_tip_says_so_and_leads_back(client, viewer, channel):
    pay("declined", send(client, channel).headers["Location"])
    text = page(client, "giving:tip", TipRow.objects.get().pk)
    assert "Nothing was charged" in text
    assert reverse("giving:tip_channel", args=[channel.handle]) in text


def test_a_gateway_that_is_silent_charges_nothing(client, viewer, channel):
    with mock.patch.object(giving, "give_tip", side_effect=GatewayUnreachableError("silent")):
        answer = send(client, channel)
    assert (answer.status_code, "does not answer" in answer.content.decode()) == (503, True)
    with mock.patch("footlights.web.giving.tips.can_be_paid", return_value=False):
        assert send(client, channel).status_code == 503


def test_the_same_form_for_another_amount_begins_anew(client, viewer, channel):
    key = uuid.uuid4()
    send(client, channel, key=key)
    again = send(client, channel, key=key, amount="1000")
    assert again.headers["Location"] == reverse("giving:tip_channel", args=[channel.handle])


def test_a_giver_takes_it_back_where_the_terms_let_them(client, viewer, channel):
    tip = make_tip(channel, viewer)
    back = reverse("giving:tip_returned", args=[tip.id])
    assert "A tip stays given" in client.post(back, follow=True).content.decode()
    change = NewTerm(term=Term.REFUND_WITHIN_DAYS, value=3)
    set_terms(changes=[change], by_id=new_id(), at=now(), from_at=now())
    assert back in page(client, "giving:tip", tip.id)
    assert "Your money went back" in client.post(back, follow=True).content.decode()


def test_a_title_that_is_gone_leaves_its_tip(client, viewer, channel):
    tip = make_tip(channel, viewer)
    TipRow.objects.update(title_id=new_id())
    assert "Thank you" in page(client, "giving:tip", tip.id)


def test_a_tip_from_a_room_knows_it_and_leads_back_and_a_question_needs_words(client, viewer, channel):
    room = open_room(subject=subject_of_channel(channel.id), channel_id=channel.id, by_id=None, at=now())
    address = f"{reverse('giving:tip_channel', args=[channel.handle])}?room={room.id}"
    assert "is shown in the room" in client.get(address).content.decode()
    typed = {"key": uuid.uuid4(), "amount": "500", "message": "", "method": ""}
    assert client.post(f"{address}&ask=1", typed).status_code == 200  # the form again: what does one want to know?
    assert not TipRow.objects.exists()
    assert client.post(f"{address}&ask=1", typed | {"message": "Where?"}).status_code == 303
    row = TipRow.objects.get()
    assert tip_place(row.about) == TipPlace(room.id, is_question=True)
    pay("paid", row.hosted_url)
    assert f"/room/@{channel.handle}" in page(client, "giving:tip", row.pk)


def test_a_room_of_another_channel_or_one_that_is_closed_hears_of_no_tip(client, viewer, channel, creator):
    other = make_channel(make_person())
    elsewhere = open_room(subject=subject_of_channel(other.id), channel_id=other.id, by_id=None, at=now())
    closed = open_room(subject=subject_of_channel(channel.id), channel_id=channel.id, by_id=None, at=now())
    close_room(room_id=closed.id, by_id=creator.id, at=now())
    for room_id in (elsewhere.id, closed.id, new_id(), "x"):
        address = f"{reverse('giving:tip_channel', args=[channel.handle])}?room={room_id}"
        client.post(address, {"key": uuid.uuid4(), "amount": "500", "message": "", "method": ""})
    assert set(TipRow.objects.values_list("about", flat=True)) == {""}


def test_a_stranger_sees_no_tip_of_others(client, channel):
    tip = make_tip(channel, make_person())
    for person in (None, make_person()):
        if person:
            client.force_login(person)
        for name, method in (("giving:tip", client.get), ("giving:tip_returned", client.post)):
            assert method(reverse(name, args=[tip.id])).status_code in {302, 404}
    assert giving.get_received_tip(channel_id=channel.id, tip_id=tip.id).refunded.amount_minor == 0


def test_a_creator_opens_the_tips_and_says_thanks(studio, creator):
    channel = make_channel(creator)
    assert "Switch it on" in page(studio, "studio:tips")
    studio.post(reverse("studio:tip_jar"), {"is_open": "on", "thanks": "Ta"})
    assert (giving.tip_jar(channel.id).is_open, giving.tip_jar(channel.id).thanks) == (True, "Ta")
    too_long = studio.post(reverse("studio:tip_jar"), {"is_open": "on", "thanks": "x" * 301})
    assert too_long.status_code == 422
    studio.post(reverse("studio:tip_jar"), {"thanks": "Ta"})
    assert not giving.tip_jar(channel.id).is_open


def test_a_creator_reads_who_gave_what_and_only_who_wishes_it(studio, channel):
    make_tip(channel, make_person(display_name="Vera Lamp"), message="<b>Bravo</b>")
    make_tip(channel, make_person(display_name="Quiet Quentin"), is_anonymous=True, title_id=make_title(channel).id)
    text = page(studio, "studio:tips")
    assert "Vera Lamp" in text
    assert "Quiet Quentin" not in text
    assert "&lt;b&gt;Bravo&lt;/b&gt;" in text
    assert "2 tips: viewers gave €10.00, you earned €9.00." in text


def test_a_creator_gives_a_tip_back_once(studio, channel):
    tip = make_tip(channel, make_person())
    assert "Where the money went" in page(studio, "studio:tip", tip.id)
    for _ in range(2):
        answer = studio.post(reverse("studio:tip_refund", args=[tip.id]), follow=True)
    assert "Given back" in answer.content.decode()
    assert giving.get_received_tip(channel_id=channel.id, tip_id=tip.id).left.amount_minor == 0


def test_a_tip_that_cannot_go_back_says_why(studio, channel):
    tip = make_tip(channel, make_person())
    TipRow.objects.update(payment_id=None, state="refunded")
    answer = studio.post(reverse("studio:tip_refund", args=[tip.id]), follow=True)
    assert "nothing to give back" in answer.content.decode()


def test_a_large_tip_asks_for_a_proof_before_it_goes_back(client, channel, creator):
    tip = make_tip(channel, make_person())
    sign_in_proven(client, creator, proven_s_ago=3600)
    client.post(reverse("studio:tip_refund", args=[tip.id]))
    assert giving.get_received_tip(channel_id=channel.id, tip_id=tip.id).refunded.amount_minor == 0
