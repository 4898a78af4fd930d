"""Giving a title to somebody on the pages, opening it, and what each side sees."""

import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.api import get_channel
from footlights.catalog.testing import make_channel, make_collection, make_title
from footlights.giving import api as giving
from footlights.giving.events import GiftRedeemed, GiftSent
from footlights.giving.models import GiftRow
from footlights.giving.testing import make_gift
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.live.testing import make_broadcast, make_ticket
from footlights.monetization.api import NewOffer, OfferKind, find_ticket_offer, holds_ticket, may_watch, set_offers
from footlights.monetization.testing import grant, make_collection_offer, make_offer
from footlights.payments.api import GatewayUnreachableError
from footlights.payments.testing import pay
from footlights.prices.api import Market
from footlights.prices.testing import know_rates, sell_in
from footlights.web.account.testing import sign_in_proven
from footlights.web.giving import mails
from footlights.web.whereabouts import CURRENCY_COOKIE

TEN = Money(1_000, "EUR")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.MAILS_ARRIVE = True


@pytest.fixture
def viewer(client):
    person = make_person(display_name="Vera Lamp")
    client.force_login(person)
    return person


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def title(creator):
    return make_title(make_channel(creator), name="Night Boat")


@pytest.fixture
def offer(title):
    return make_offer(title)


def till(title, offer):
    return reverse("giving:give", args=[title.channel_handle, title.slug, offer.id])


def send(client, title, offer, **typed):
    typed = {"key": uuid.uuid4(), "total": "400 EUR", "how": "hand", "sender": "Vera", "message": ""} | typed
    return client.post(till(title, offer), typed)


def page(client, name, *args):
    answer = client.get(reverse(name, args=args), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_title_to_a_friend_who_watches(client, viewer, title, offer):
    assert till(title, offer) in page(client, "storefront:title", title.channel_handle, title.slug)
    assert 'value="Vera Lamp"' in client.get(till(title, offer)).content.decode()
    typed = {"how": "mail", "recipient": "friend@example.org", "message": "For <you>", "key": uuid.uuid4()}
    first, again = (send(client, title, offer, **typed) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, again.headers["Location"])
    pay("paid", first.headers["Location"])
    [letter] = [each for each in mail.outbox if each.to == ["friend@example.org"]]
    assert letter.subject.endswith("Vera gives you “Night Boat”")
    assert "For <you>" in letter.body
    gift = GiftRow.objects.get()
    assert "We mailed it to friend@example.org" in page(client, "giving:gift", gift.pk)
    address = reverse("giving:opening", args=[gift.code])
    assert address in letter.body
    friend = make_person()
    client.logout()
    closed = client.get(address).content.decode()
    assert "For &lt;you&gt;" in closed
    assert f"{reverse('account_login')}?next={address}" in closed
    assert client.post(address).headers["Location"] == f"{reverse('account_login')}?next={address}"
    client.force_login(friend)
    film = client.post(address)
    assert film.headers["Location"].startswith(reverse("watch:title", args=[title.channel_handle, title.slug]))
    assert may_watch(friend.pk, title.id, now()).allowed
    assert "it is yours" in client.get(address).content.decode()
    run_jobs(but="media.")
    assert any(each.to == [viewer.email] and "opened" in each.subject for each in mail.outbox)


def test_a_gift_costs_what_its_giver_chose_to_pay_in(client, viewer, title, creator):
    know_rates()
    sell_in(get_channel(title.channel_id), Market("USD"))
    [offer] = set_offers(title_id=title.id, editor_id=creator.pk, offers=[NewOffer(OfferKind.BUY, TEN)], at=now())
    client.cookies[CURRENCY_COOKIE] = "USD"
    shown = client.get(till(title, offer)).content.decode()
    assert ("Pay $10.99" in shown, "€10" in shown) == (True, False)
    pay("paid", send(client, title, offer, total="1099 USD").headers["Location"])
    [gift] = GiftRow.objects.all()
    assert (gift.amount_minor, gift.currency, gift.state) == (1099, "USD", "paid")


def test_without_a_mail_server_no_page_promises_a_mail(client, viewer, title, offer, settings):
    settings.MAILS_ARRIVE = False
    shown = client.get(till(title, offer)).content.decode()
    assert ("We mail it" in shown, 'name="recipient"' in shown, "you get a link and a code" in shown) == (0, 0, 1)
    asked = {"how": "mail", "recipient": "friend@example.org"}
    assert "not one of the available choices" in send(client, title, offer, **asked).content.decode()
    pay("paid", send(client, title, offer).headers["Location"])
    gift = GiftRow.objects.get()
    after = page(client, "giving:gift", gift.pk)
    assert (gift.code in after, "Mail it now" in after, "is in your mail" in after) == (True, False, False)


def test_somebody_who_comes_second_is_told_so(client, viewer, title, offer):
    gift = make_gift(offer, make_person())
    giving.redeem_gift(code=gift.code, viewer_id=make_person().pk, at=now())
    address = reverse("giving:opening", args=[gift.code])
    assert "opened already, by somebody else" in client.post(address, follow=True).content.decode()
    assert not may_watch(viewer.pk, title.id, now()).allowed


def test_who_has_it_already_keeps_the_gift_for_another(client, viewer, title, offer):
    gift = make_gift(offer, make_person())
    grant(viewer, title)
    answer = client.post(reverse("giving:opening", args=[gift.code]), follow=True)
    assert "hand it on" in answer.content.decode()
    assert giving.get_gift_by_code(gift.code).is_waiting


def test_a_gift_that_was_taken_back_says_so(client, viewer, title, offer):
    gift = make_gift(offer, viewer)
    back = reverse("giving:gift_returned", args=[gift.id])
    assert back in page(client, "giving:gift", gift.id)
    assert "Your money went back" in client.post(back, follow=True).content.decode()
    assert "taken back" in page(client, "giving:opening", gift.code)
    assert "Given back" in page(client, "giving:gifts")


def test_a_gift_that_was_opened_stays_given(client, viewer, title, offer):
    gift = make_gift(offer, viewer)
    giving.redeem_gift(code=gift.code, viewer_id=make_person().pk, at=now())
    answer = client.post(reverse("giving:gift_returned", args=[gift.id]), follow=True)
    assert "it is theirs now" in answer.content.decode()
    assert "It was opened" in page(client, "giving:gift", gift.id)


def test_a_code_is_typed_as_it_stands_on_a_card(client, offer):
    gift = make_gift(offer, make_person())
    assert "Type the code" in page(client, "giving:code")
    typed = client.post(reverse("giving:code"), {"code": gift.code.lower().replace("-", " ")})
    assert typed.headers["Location"] == reverse("giving:opening", args=[gift.code])
    assert "no gift with this code" in client.post(reverse("giving:code"), {"code": "AAAA"}).content.decode()
    assert client.get(reverse("giving:opening", args=["AAAA-BBBB-CCCC"])).status_code == 404


def test_a_gift_of_a_title_that_is_gone_opens_nothing_and_is_still_its_givers(client, viewer, title, offer):
    gift = make_gift(offer, viewer)
    with mock.patch("footlights.web.sold.list_titles", return_value={}):
        assert client.get(reverse("giving:opening", args=[gift.code])).status_code == 404
        assert gift.code in page(client, "giving:gift", gift.id)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"how": "mail", "recipient": ""}, "Type their address"),
        ({"how": "mail", "recipient": "nobody"}, "valid email"),
        ({"how": "mail", "recipient": "f@example.org", "send_at": "2020-01-01T10:00"}, "within a year"),
        ({"message": "x" * 501}, "at most 500 characters"),
        ({"total": "lots"}, "Load the page again"),
    ],
    ids=["nobody", "no address", "past", "long", "altered"],
)
def test_what_cannot_be_given_is_said_where_it_was_typed(client, viewer, title, offer, typed, words):
    answer = send(client, title, offer, **typed)
    assert words in answer.content.decode() or typed.get("total")
    assert not GiftRow.objects.exists()


def test_another_price_asks_again_and_keeps_what_was_typed(client, viewer, title, offer, creator):
    answer = send(client, title, offer, total="300 EUR", message="Keep me")
    assert (answer.status_code, "Keep me" in answer.content.decode()) == (409, True)
    assert not GiftRow.objects.exists()
    dearer = [NewOffer(OfferKind.BUY, Money(500, "EUR"))]
    [fresh] = set_offers(title_id=title.id, editor_id=creator.pk, offers=dearer, at=now())
    assert client.get(till(title, offer)).headers["Location"] == till(title, fresh)
    set_offers(title_id=title.id, editor_id=creator.pk, offers=[], at=now())
    assert client.get(till(title, offer)).headers["Location"] == title.path


def test_what_is_nothing_to_give_is_no_page(client, viewer, title, offer):
    other = make_offer(make_title(make_channel(make_person())))
    for address in (
        till(title, other),
        reverse("giving:give", args=[title.channel_handle, title.slug, new_id()]),
        reverse("giving:give", args=[title.channel_handle, "nothing", offer.id]),
    ):
        assert client.get(address).status_code == 404


def test_a_gateway_that_is_silent_charges_nothing(client, viewer, title, offer):
    with mock.patch.object(giving, "buy_gift", side_effect=GatewayUnreachableError("silent")):
        assert send(client, title, offer).status_code == 503
    with mock.patch("footlights.web.giving.gifts.can_be_paid", return_value=False):
        assert send(client, title, offer).status_code == 503


def test_the_same_form_for_another_offer_begins_anew(client, viewer, title, offer):
    key = uuid.uuid4()
    send(client, title, offer, key=key)
    rent = make_offer(title, kind="rent")
    assert send(client, title, rent, key=key).headers["Location"] == till(title, rent)


def test_waiting_leads_to_the_link_by_itself(client, viewer, title, offer):
    hosted = send(client, title, offer).headers["Location"]
    gift = GiftRow.objects.get()
    assert "Waiting for your payment" in page(client, "giving:gift", gift.pk)
    address, script = reverse("giving:gift", args=[gift.pk]), {"HX-Request": "true"}
    assert "HX-Redirect" not in client.get(address, headers=script).headers
    pay("paid", hosted)
    assert client.get(address, headers=script).headers["HX-Redirect"] == address
    assert gift.code in page(client, "giving:gift", gift.pk)


def test_a_declined_gift_says_so_and_leads_back(client, viewer, title, offer):
    pay("declined", send(client, title, offer).headers["Location"])
    text = page(client, "giving:gift", GiftRow.objects.get().pk)
    assert "Nothing was charged" in text
    assert till(title, offer) in text
    assert "No gifts yet" in page(client, "giving:gifts")


def test_a_giver_mails_it_later_and_sees_where_it_went(client, viewer, title, offer):
    gift = make_gift(offer, viewer)
    address = reverse("giving:gift_sent", args=[gift.id])
    assert "not an e-mail address" in client.post(address, {"recipient": "x"}, follow=True).content.decode()
    assert (
        "on its way to f@example.org"
        in client.post(address, {"recipient": "f@example.org"}, follow=True).content.decode()
    )
    run_jobs(but="media.")
    assert any(each.to == ["f@example.org"] for each in mail.outbox)
    assert "Sent to f@example.org" in page(client, "giving:gifts")
    GiftRow.objects.update(sent_times=giving.SENT_TIMES_MAX)
    assert "often enough" in client.post(address, {"recipient": "f@example.org"}, follow=True).content.decode()
    waiting = make_gift(offer, viewer, recipient="g@example.org", send_at=now() + timedelta(days=3))
    assert "It goes to g@example.org" in page(client, "giving:gift", waiting.id)


def test_nothing_is_sent_where_no_mail_would_arrive(client, viewer, title, offer, settings):
    settings.MAILS_ARRIVE = False
    gift = make_gift(offer, viewer)
    assert client.post(reverse("giving:gift_sent", args=[gift.id]), {"recipient": "f@example.org"}).status_code == 404
    assert GiftRow.objects.get().sent_times == 0


def test_a_mail_about_what_is_over_is_not_sent(viewer, title, offer, creator):
    gift = make_gift(offer, viewer, recipient="f@example.org")
    mail.outbox.clear()
    giving.redeem_gift(code=gift.code, viewer_id=make_person().pk, at=now())
    mails.bring_the_gift(GiftSent(gift.id, now()))
    with mock.patch("footlights.web.sold.list_titles", return_value={}):
        mails.tell_that_it_was_opened(GiftRedeemed(gift.id, now()))
    assert mail.outbox == []


def test_a_stranger_sees_and_does_nothing_with_a_gift_of_others(client, title, offer):
    gift = make_gift(offer, make_person())
    client.force_login(make_person())
    for name, method in (
        ("giving:gift", client.get),
        ("giving:gift_sent", client.post),
        ("giving:gift_returned", client.post),
    ):
        assert method(reverse(name, args=[gift.id])).status_code == 404
    assert giving.get_gift_by_code(gift.code).is_waiting


def test_a_creator_sees_gifts_and_gives_one_back(client, creator, title, offer):
    sign_in_proven(client, creator)
    assert "No gifts yet" in page(client, "studio:gifts")
    friend = make_person()
    waiting, opened = make_gift(offer, make_person()), make_gift(offer, make_person())
    giving.redeem_gift(code=opened.code, viewer_id=friend.pk, at=now())
    assert "1 not opened yet, 1 opened: you earned €3.60." in page(client, "studio:gifts")
    assert "Nobody has opened it yet" in page(client, "studio:gift", waiting.id)
    for _ in range(2):
        answer = client.post(reverse("studio:gift_refund", args=[opened.id]), follow=True)
    assert "Given back" in answer.content.decode()
    assert not may_watch(friend.pk, title.id, now()).allowed
    GiftRow.objects.filter(pk=waiting.id).update(payment_id=None, state="refunded")
    answer = client.post(reverse("studio:gift_refund", args=[waiting.id]), follow=True)
    assert "nothing to give back" in answer.content.decode()


def test_a_large_gift_asks_for_a_proof_before_it_goes_back(client, creator, offer):
    gift = make_gift(offer, make_person())
    sign_in_proven(client, creator, proven_s_ago=3600)
    client.post(reverse("studio:gift_refund", args=[gift.id]))
    assert giving.get_gift_by_code(gift.code).is_waiting


def test_a_season_is_given_and_its_receiver_told_what_they_have(client, viewer, title, creator):
    other = make_title(get_channel(title.channel_id), name="Day Boat")
    season = make_collection(get_channel(title.channel_id), title, other, series="Boats")
    offer = make_collection_offer(season, TEN)
    where = reverse("giving:give_collection", args=[season.channel_handle, season.slug, offer.id])
    for path in (
        season.path,
        reverse("checkout:collection_offer", args=[season.channel_handle, season.slug, offer.id]),
    ):
        assert where in client.get(path).content.decode()
    asked = client.get(where).content.decode()
    for words in ("Give “Boats, Season 1”", "They get all 2 titles to keep.", "Episodes that come out later"):
        assert words in asked
    typed = {"key": uuid.uuid4(), "total": "1000 EUR", "how": "hand", "sender": "Vera", "message": ""}
    pay("paid", client.post(where, typed)["Location"])
    gift = GiftRow.objects.get()
    assert "Hand it over" in page(client, "giving:gift", gift.pk)
    assert "Boats, Season 1" in page(client, "giving:gifts")
    address = reverse("giving:opening", args=[gift.code])
    friend = make_person()
    client.force_login(friend)
    assert "All 2 titles, yours for ever" in client.get(address).content.decode()
    grant(friend, title)
    assert "You have 1 of its 2 titles already. The other one becomes yours." in client.get(address).content.decode()
    assert client.post(address)["Location"] == season.path
    assert f'href="{season.path}"' in client.get(address).content.decode()
    client.force_login(creator)
    for path in (reverse("studio:gifts"), reverse("studio:gift", args=[gift.pk])):
        assert "Boats, Season 1" in client.get(path).content.decode()
    other_offer = make_collection_offer(make_collection(get_channel(title.channel_id), other, name="Season 2"))
    wrong = reverse("giving:give_collection", args=[season.channel_handle, season.slug, other_offer.id])
    gone = reverse("giving:give_collection", args=[season.channel_handle, "nothing", offer.id])
    assert {client.get(each).status_code for each in (wrong, gone)} == {404}


def test_a_ticket_is_given_sent_in_time_and_opened(client, viewer, creator):
    show = make_broadcast(make_channel(creator), starts_at=now() + timedelta(days=3), ticket=make_ticket())
    offer = find_ticket_offer(show.id)
    where = reverse("giving:give_ticket", args=[show.token, offer.id])
    assert where in client.get(reverse("live:watch", args=[show.token])).content.decode()
    assert where in client.get(reverse("checkout:ticket", args=[show.token, offer.id])).content.decode()
    assert "They get a seat, live:" in client.get(where).content.decode()
    typed = {"key": uuid.uuid4(), "total": "800 EUR", "how": "mail", "recipient": "ada@example.org", "message": ""}
    late = client.post(where, typed | {"send_at": f"{now() + timedelta(days=4):%Y-%m-%dT%H:%M}"})
    assert "The broadcast begins before that." in late.content.decode()
    sent = client.post(where, typed)
    assert sent.status_code == 303
    pay("paid", sent["Location"])
    run_jobs()
    [gift] = giving.list_gifts(viewer.pk)
    assert any(f"/gift/{gift.code}" in each.body for each in mail.outbox if each.to == ["ada@example.org"])
    assert show.name in page(client, "giving:gifts")
    client.force_login(friend := make_person())
    assert "Take your seat" in page(client, "giving:opening", gift.code)
    opened = client.post(reverse("giving:opening", args=[gift.code]))
    assert opened["Location"] == reverse("live:watch", args=[show.token])
    assert holds_ticket(friend.pk, show.id)
    assert show.name in page(client, "storefront:library")
    client.logout()
    assert client.get(where).status_code == 302


def test_a_ticket_to_nothing_is_nowhere(client, viewer, creator, title, offer):
    show = make_broadcast(make_channel(creator), ticket=make_ticket())
    for token, offer_id in (("nothing", find_ticket_offer(show.id).id), (show.token, offer.id)):
        assert client.get(reverse("giving:give_ticket", args=[token, offer_id])).status_code == 404
