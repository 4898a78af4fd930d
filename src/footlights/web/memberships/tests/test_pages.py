"""Joining, changing, pausing and leaving: what each person gets to see, and what each click leads to."""

import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import CouponRefusedError, Covers, list_coupons, withdraw_coupon
from footlights.monetization.testing import make_coupon_of, make_offer
from footlights.payments.api import GatewayUnreachableError, list_methods
from footlights.payments.testing import pay, pay_with, webhooks_arrive
from footlights.prices.api import Asked, LocalPrice, Market
from footlights.prices.testing import sell_in
from footlights.subscriptions import api
from footlights.subscriptions.api import State
from footlights.subscriptions.testing import advance_due, begin, make_plan
from footlights.web.memberships.leaving import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client):
    person = make_person()
    client.force_login(person)
    return person


@pytest.fixture
def channel():
    return make_channel(make_person(), name="Lantern Films")


@pytest.fixture
def plan(channel):
    return make_plan(channel, year=10_000, name="Friends", words="A film a week.")


def page(client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_from_the_channel_to_being_a_member(client, viewer, channel, plan) -> None:
    assert "from €10.00 a month" in page(client, channel.path)
    assert "A film a week." in page(client, f"/join/@{channel.handle}")
    address = f"/join/@{channel.handle}/{plan.terms[0].id}"
    assert "Pay €10.00" in page(client, address)
    sent = client.post(address, {"key": uuid.uuid4()})
    assert sent.status_code == 303
    [begun] = api.list_subscriptions(viewer.id)
    assert sent["Location"] == begun.hosted_url
    assert "Waiting for your payment" in page(client, f"/memberships/{begun.id}")
    pay("paid", begun.hosted_url)
    back = client.get(f"/memberships/{begun.id}")
    assert back["Location"] == channel.path
    assert client.get(f"/memberships/{begun.id}", headers={"HX-Request": "true"})["HX-Redirect"]
    assert "You are a member" in page(client, f"/join/@{channel.handle}")
    assert client.post(address, {"key": uuid.uuid4()})["Location"] == f"/join/@{channel.handle}"


def test_whoever_is_a_member_sees_no_till_but_their_membership(client, viewer, channel, plan) -> None:
    begin(viewer, plan)
    assert "You are a member" in page(client, f"/join/@{channel.handle}")
    at_the_till = client.get(f"/join/@{channel.handle}/{plan.terms[0].id}")
    assert (at_the_till.status_code, at_the_till["Location"]) == (302, f"/join/@{channel.handle}")


def test_what_is_for_members_leads_to_their_tiers(client, viewer, channel, plan) -> None:
    title = make_title(channel)
    make_offer(title, "members")
    assert f"/join/@{channel.handle}" in page(client, title.path)


def test_a_channel_without_memberships_says_so_and_one_that_is_not_there_is_not(client, channel) -> None:
    assert "No memberships yet" in page(client, f"/join/@{channel.handle}")
    page(client, "/join/@nobody", 404)


def test_a_trial_says_what_comes_after_it(client, viewer, channel) -> None:
    plan = make_plan(channel, trial_days=7)
    words = page(client, f"/join/@{channel.handle}/{plan.terms[0].id}")
    assert "The first 7 days are free." in words
    assert "Put in a card and begin" in words


def test_what_is_gone_is_not_sold_and_another_channels_is_not_there(client, viewer, channel, plan) -> None:
    make_plan(channel, month=1_100)
    gone = client.get(f"/join/@{channel.handle}/{plan.terms[0].id}")
    assert gone["Location"] == f"/join/@{channel.handle}"
    other = make_plan(make_channel(make_person()))
    page(client, f"/join/@{channel.handle}/{other.terms[0].id}", 404)


def test_a_silent_gateway_and_a_closed_shop_charge_nothing_and_say_so(client, viewer, channel, plan, settings) -> None:
    address = f"/join/@{channel.handle}/{plan.terms[0].id}"
    with mock.patch.object(api, "subscribe", side_effect=GatewayUnreachableError("no")):
        answer = client.post(address, {"key": uuid.uuid4()})
    assert answer.status_code == 503
    assert "Nothing was charged" in answer.content.decode()
    settings.SANDBOX_SELLS = False
    assert client.post(address, {"key": uuid.uuid4()}).status_code == 503


def test_a_key_that_was_used_for_something_else_loads_the_page_again(client, viewer, channel, plan) -> None:
    key = uuid.uuid4()
    client.post(f"/join/@{channel.handle}/{plan.terms[0].id}", {"key": key})
    address = f"/join/@{channel.handle}/{plan.terms[1].id}"
    assert client.post(address, {"key": key})["Location"] == address


def test_a_declined_payment_leads_back_to_the_tiers(client, viewer, plan) -> None:
    begun = begin(viewer, plan, card="declined")
    assert "Nothing was charged" in page(client, f"/memberships/{begun.id}")


def test_ones_own_membership_shows_how_it_stands_and_strangers_see_none(client, viewer, channel, plan) -> None:
    assert "Not a member anywhere yet" in page(client, "/account/memberships")
    own, other = begin(viewer, plan), begin(make_person(), plan)
    assert "Lantern Films" in page(client, "/account/memberships")
    assert "Next payment" in page(client, f"/account/memberships/{own.id}")
    for part in ("", "/plan?to=x", "/cancelled"):
        page(client, f"/account/memberships/{other.id}{part}", 404)
    for part in ("paused", "continued", "cancelled", "plan"):
        assert client.post(f"/account/memberships/{other.id}/{part}").status_code == 404


def test_a_change_is_shown_before_it_happens_and_charges_what_was_shown(client, viewer, channel, plan) -> None:
    higher = make_plan(channel, tier=2, month=2_000, name="Front row")
    own = begin(viewer, plan)
    address = f"/account/memberships/{own.id}/plan"
    shown = page(client, f"{address}?to={higher.terms[0].id}")
    assert "€10.00" in shown
    assert client.post(address, {"to": higher.terms[0].id, "due": "1 EUR"}).status_code == 302
    assert api.get_subscription(own.id).plan.tier == 1
    client.post(address, {"to": higher.terms[0].id, "due": "1000 EUR"})
    assert api.get_subscription(own.id).plan.tier == 2
    assert "Nothing is charged today" in page(client, f"{address}?to={plan.terms[0].id}")
    client.post(address, {"to": plan.terms[0].id, "due": "0 EUR"})
    assert "From then on" in page(client, f"/account/memberships/{own.id}")
    page(client, f"{address}?to=nonsense", 404)


def test_an_answer_the_bank_owes_us_is_told_as_such(client, viewer, channel, plan) -> None:
    higher = make_plan(channel, tier=2, month=2_000)
    own = begin(viewer, plan)
    with mock.patch("footlights.subscriptions.operations.change_plan.send"):
        client.post(f"/account/memberships/{own.id}/plan", {"to": higher.terms[0].id, "due": "1000 EUR"})
    assert "The bank has not answered yet" in page(client, f"/account/memberships/{own.id}")


def test_a_pause_and_its_end(client, viewer, plan) -> None:
    own = begin(viewer, plan)
    client.post(f"/account/memberships/{own.id}/paused", {"months": "2"})
    assert "Goes on by itself" in page(client, f"/account/memberships/{own.id}")
    client.post(f"/account/memberships/{own.id}/continued")
    assert api.get_subscription(own.id).state is State.ACTIVE
    api.cancel(subscription_id=own.id, subscriber_id=viewer.id, at=now())
    client.post(f"/account/memberships/{own.id}/paused")
    assert "has changed in the meantime" in page(client, f"/account/memberships/{own.id}")


def test_one_leaves_in_two_clicks_is_offered_a_pause_once_and_may_come_back(client, viewer, plan) -> None:
    own = begin(viewer, plan)
    asked = page(client, f"/account/memberships/{own.id}/cancelled")
    assert "Or only pause it" in asked
    client.post(f"/account/memberships/{own.id}/cancelled")
    assert "Stay a member" in page(client, f"/account/memberships/{own.id}")
    assert client.get(f"/account/memberships/{own.id}/cancelled").status_code == 302
    client.post(f"/account/memberships/{own.id}/continued")
    client.post(f"/account/memberships/{own.id}/cancelled")
    advance_due(at=own.period_end)
    assert "Become a member again" in page(client, f"/account/memberships/{own.id}")
    client.post(f"/account/memberships/{own.id}/continued")
    assert api.get_subscription(own.id).state is State.ENDED
    assert "This membership has ended" in page(client, f"/memberships/{own.id}")


def test_the_link_in_a_mail_leaves_with_one_click_and_without_signing_in(client, plan) -> None:
    own = begin(make_person(), plan)
    address = f"/account/memberships/leave/{token_of(own)}"
    assert "Cancel the membership?" in page(client, address)
    assert api.get_subscription(own.id).state is State.ACTIVE
    assert "Nothing will be charged any more" in client.post(address).content.decode()
    assert api.get_subscription(own.id).state is State.CANCELLING
    for forged in (token_of(own)[:-1] + "x", "no-such-link"):
        assert client.post(f"/account/memberships/leave/{forged}").status_code == 404


def mailed(subject: str) -> str:
    """The words of the one mail with this subject."""
    [message] = [each for each in mail.outbox if subject in each.subject]
    return message.body


def test_mails_welcome_ask_for_a_card_and_say_goodbye(client, viewer, plan) -> None:
    own = begin(viewer, plan, card="broke_later")
    run_jobs()
    assert "/account/memberships/leave/" in mailed("Welcome to Lantern Films")
    advance_due(at=own.period_end)
    with webhooks_arrive():
        run_jobs()
    assert "/account/cards" in mailed("Your card was declined")
    api.cancel(subscription_id=own.id, subscriber_id=viewer.id, at=own.period_end)
    run_jobs()
    assert "You are welcome to come back" in mailed("has ended")


def test_a_trial_is_welcomed_with_the_day_it_ends(client, channel) -> None:
    begin(make_person(), make_plan(channel, trial_days=7))
    run_jobs()
    assert "It is free until" in mailed("Welcome to Lantern Films")


def test_a_new_card_is_put_in_used_and_forgotten(client, viewer, plan) -> None:
    own = begin(viewer, plan, card="broke_later")
    advance_due(at=own.period_end)
    assert "A payment is open" in page(client, "/account/cards")
    assert "Your card was declined" in page(client, f"/account/memberships/{own.id}")
    sent = client.post("/account/cards")
    assert sent.status_code == 303
    pay("paid", sent["Location"])
    assert api.get_subscription(own.id).state is State.ACTIVE
    old = next(each for each in list_methods(viewer.id) if not each.is_default)
    client.post(f"/account/cards/{old.id}", {"act": "use"})
    assert next(each for each in list_methods(viewer.id) if each.is_default).id == old.id
    advance_due(at=api.get_subscription(own.id).period_end)
    assert api.get_subscription(own.id).state is State.PAST_DUE
    other = next(each for each in list_methods(viewer.id) if not each.is_default)
    client.post(f"/account/cards/{other.id}", {"act": "use"})
    assert api.get_subscription(own.id).state is State.ACTIVE, "what is owed is paid at once"
    client.post(f"/account/cards/{old.id}", {"act": "forget"})
    assert len(list_methods(viewer.id)) == 1
    client.post(f"/account/cards/{old.id}", {"act": "use"})
    assert "not kept any more" in page(client, "/account/cards")
    client.force_login(make_person())
    assert client.post(f"/account/cards/{old.id}").status_code == 404


def test_whoever_comes_back_from_the_page_for_cards_sees_the_new_one_at_once(client, viewer, plan) -> None:
    begin(viewer, plan)
    assert client.get("/account/cards", {"back": "1"}).status_code == 302, "nothing was asked for"
    pay_with("paid", client.post("/account/cards")["Location"])  # and no webhook arrives
    assert len(list_methods(viewer.id)) == 1
    with mock.patch("footlights.payments.adapters.sandbox.gateway.SandboxGateway.fetch_setup") as silent:
        silent.side_effect = GatewayUnreachableError("no")
        client.get("/account/cards", {"back": "1"})
    answer = client.get("/account/cards", {"back": "1"}, follow=True)
    assert "This card is kept" in answer.content.decode()
    assert len(list_methods(viewer.id)) == 2


def test_a_silent_gateway_keeps_and_forgets_no_card(client, viewer, plan) -> None:
    begin(viewer, plan)
    [method] = list_methods(viewer.id)
    with (
        mock.patch("footlights.web.memberships.cards.open_method_setup", side_effect=GatewayUnreachableError("no")),
        mock.patch("footlights.web.memberships.cards.forget_method", side_effect=GatewayUnreachableError("no")),
    ):
        client.post("/account/cards")
        client.post(f"/account/cards/{method.id}", {"act": "forget"})
    assert "does not answer" in page(client, "/account/cards")
    assert list_methods(viewer.id)


def test_who_goes_on_with_a_card_that_is_declined_is_told(client, viewer, plan) -> None:
    own = begin(viewer, plan, card="broke_later")
    api.pause(subscription_id=own.id, subscriber_id=viewer.id, months=1, at=now())
    with mock.patch("footlights.web.memberships.own.now", return_value=own.period_end + timedelta(days=1)):
        client.post(f"/account/memberships/{own.id}/continued")
    assert "Put in another" in page(client, f"/account/memberships/{own.id}")


@pytest.mark.parametrize(
    ("yearly", "periods", "said"),
    [
        (False, 1, "The first month costs €1.00."),
        (False, 3, "The first 3 months cost €1.00 each."),
        (True, 1, "The first year costs €1.00."),
    ],
)
def test_a_first_price_is_said_for_what_it_is(client, channel, yearly, periods, said) -> None:
    price = {"month": None, "year": 9_000} if yearly else {"month": 1_000}
    make_plan(channel, **price, intro_price=Money(100, "EUR"), intro_periods=periods)
    assert said in page(client, f"/join/@{channel.handle}")


def test_one_price_alone_is_not_said_to_be_the_least(client, channel) -> None:
    make_plan(channel, month=500)
    shown = page(client, channel.path)
    assert "€5.00 a month" in shown
    assert "from €5.00" not in shown


def test_who_joins_abroad_sees_and_pays_their_own_currency(client, viewer, channel, plan, monkeypatch) -> None:
    monkeypatch.setattr("footlights.web.whereabouts.country_of_request", lambda _: "JP")
    monkeypatch.setattr("footlights.web.checkout.where.country_of_request", lambda _: "JP")
    sell_in(channel, Market("JPY"))
    local = LocalPrice("JPY", "", Asked(Money(1600, "JPY")))
    prices = {plan.terms[0].id: [local]}
    api.agree_abroad(channel_id=channel.id, editor_id=channel.owner_id, prices=prices, at=now())
    assert "¥1,600 a month" in client.get(f"/join/@{channel.handle}").content.decode()
    address = f"/join/@{channel.handle}/{plan.terms[0].id}"
    page = client.get(address).content.decode()
    assert 'value="1600 JPY"' in page
    assert client.post(address, {"key": uuid.uuid4(), "shown": "1000 EUR"})["Location"] == f"/join/@{channel.handle}"
    assert client.post(address, {"key": uuid.uuid4(), "shown": "nonsense"}).status_code == 200
    assert client.post(address, {"key": uuid.uuid4(), "shown": "1600 JPY"}).status_code == 303
    own = api.find_living(viewer.id, channel.id)
    assert own.terms.price == Money(1600, "JPY")


def test_what_was_chosen_for_later_is_not_offered_again_and_not_promised_to_who_leaves(client, viewer, channel) -> None:
    lower, higher = make_plan(channel, name="Friends"), make_plan(channel, tier=2, month=2_000, name="Front row")
    own = begin(viewer, higher)
    address = f"/account/memberships/{own.id}"
    assert "€20.00 a month" in page(client, "/account/memberships")
    see = f"{address}/plan?to={lower.terms[0].id}"
    assert see in page(client, address)
    client.post(f"{address}/plan", {"to": lower.terms[0].id})
    html = page(client, address)
    assert ("From then on" in html, see in html, "Keep it after all" in html) == (True, False, True)
    client.post(f"{address}/cancelled")
    assert "From then on" not in page(client, address)


def test_a_pause_is_offered_on_the_page_itself(client, viewer, plan) -> None:
    own = begin(viewer, plan)
    address = f"/account/memberships/{own.id}"
    assert "Pause it for a while" in page(client, address)
    client.post(f"{address}/paused", {"months": "1"})
    assert "Pause it for a while" not in page(client, address)


def test_a_channel_does_not_ask_its_members_to_become_one(client, viewer, channel, plan) -> None:
    assert "Become a member" in page(client, channel.path)
    begun = api.subscribe(subscriber_id=viewer.id, terms_id=plan.terms[0].id, idempotency_key="k", at=now())
    assert "Become a member" in page(client, channel.path), "it is not paid yet"
    pay("paid", begun.hosted_url)
    html = page(client, channel.path)
    assert ("Become a member" in html, "Member: Friends" in html) == (False, True)
    assert f"/account/memberships/{begun.id}" in html
    client.logout()
    html = page(client, channel.path)
    assert ("Become a member" in html, "Member: Friends" in html) == (True, False)


def test_a_coupon_lowers_the_first_payment_before_it_happens(client, viewer, channel, plan) -> None:
    make_coupon_of(channel, covers=Covers.MEMBERSHIPS, periods=3)
    address = f"/join/@{channel.handle}/{plan.terms[0].id}"
    assert "There is no coupon with this code here." in page(client, f"{address}?coupon=nothing")
    shown = page(client, f"{address}?coupon=spring")
    for words in ("Coupon SPRING", "€2.50</dd>", "Pay €7.50", "off each of the first 3 months"):
        assert words in shown
    sent = client.post(address, {"key": uuid.uuid4(), "coupon": "SPRING", "shown": "1000 EUR"})
    pay("paid", sent["Location"])
    [own] = api.list_subscriptions(viewer.id)
    shown = page(client, f"/account/memberships/{own.id}")
    for words in ("€2.50 taken off by your coupon", "It is taken off 2 more payments.", "€7.50"):
        assert words in shown


def test_a_free_month_says_what_comes_after_it(client, viewer, channel, plan) -> None:
    make_coupon_of(channel, covers=Covers.MEMBERSHIPS, percent_bps=10_000, periods=1)
    shown = page(client, f"/join/@{channel.handle}/{plan.terms[0].id}?coupon=spring")
    for words in (
        "nothing is charged for 1 month",
        "Put in a card and begin",
        "After 1 month, €10.00 a month is charged",
    ):
        assert words in shown
    yearly = f"/join/@{channel.handle}/{plan.terms[1].id}?coupon=spring"
    assert "nothing is charged for 1 year" in page(client, yearly)


def test_a_coupon_that_ends_between_page_and_click_charges_nothing(client, viewer, channel, plan) -> None:
    coupon = make_coupon_of(channel, covers=Covers.MEMBERSHIPS, periods=None)
    address = f"/join/@{channel.handle}/{plan.terms[0].id}"
    assert "for as long as you stay" in page(client, f"{address}?coupon=spring")
    with mock.patch.object(api, "subscribe", side_effect=CouponRefusedError("This coupon is used up.")):
        refused = client.post(address, {"key": uuid.uuid4(), "coupon": "SPRING"})
    assert (refused.status_code, "used up" in refused.content.decode()) == (409, True)
    assert "Pay €10.00" in refused.content.decode()
    withdraw_coupon(coupon_id=coupon.id, editor_id=channel.owner_id, at=now())
    refused = client.post(address, {"key": uuid.uuid4(), "coupon": "SPRING"})
    assert "This coupon is over." in refused.content.decode()
    assert api.list_subscriptions(viewer.id) == []
    assert list_coupons(channel.id)[0].used == 0
