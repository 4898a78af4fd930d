"""The pass on its pages: sold, joined, chosen by a channel, watched over by the house; and not by strangers."""

import uuid
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import find_in_pass, list_offers, take_part
from footlights.monetization.testing import make_offer
from footlights.payments.testing import pay
from footlights.subscriptions import api
from footlights.subscriptions.models import PassMonthRow, PassShareRow
from footlights.subscriptions.testing import begin, make_pass, make_plan
from footlights.terms.api import NewTerm, PassSharing, SaleKind, Term, set_terms
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db
MARCH = date(2031, 3, 1)


@pytest.fixture
def creator():
    return make_person()


@pytest.fixture
def channel(creator):
    return make_channel(creator, name="Lantern Films")


@pytest.fixture
def house():
    return make_pass(make_person(is_staff=True), year=10_000)


def shared(house, channel, title, *, minor: int = 542, seconds: int = 660) -> None:
    month = PassMonthRow.objects.create(
        plan_id=house.id, month=MARCH, currency="EUR", brought_minor=0, money_minor=minor + 60, fee_minor=60,
        shared_minor=minor, carried_minor=0, by_subscriber=True, fee_bps=1_000, seconds=seconds, shared_at=now(),
    )  # fmt: skip
    PassShareRow.objects.create(of=month, title_id=title.id, channel_id=channel.id, amount_minor=minor, seconds=seconds)


def page(client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_what_one_has_is_called_by_its_own_name_in_mails_and_on_pages(client, house) -> None:
    viewer = make_person()
    begun = begin(viewer, house)
    client.force_login(viewer)
    run_jobs(but="media.")
    [letter] = [each for each in mail.outbox if each.to == [viewer.email] and "Welcome" in each.subject]
    assert "The pass" in letter.subject
    assert "You have “The pass” now" in letter.body
    assert "member of" not in letter.body
    asked = {"terms_id": house.terms[0].id, "idempotency_key": "k", "at": now()}
    waiting = api.subscribe(subscriber_id=make_person().id, **asked)
    other = Client()
    other.force_login(get_user_model().objects.get(pk=waiting.subscriber_id))
    assert "“The pass” is yours, and this page goes on" in page(other, f"/memberships/{waiting.id}")
    assert api.get_subscription(begun.id).plan.is_pass


def test_from_a_title_to_the_pass_to_watching(client, house, creator, channel) -> None:
    title = make_title(channel)
    make_offer(title)
    take_part(channel_id=channel.id, editor_id=creator.id, at=now())
    buyer = Client()
    buyer.force_login(make_person())
    make_plan(channel)
    till = reverse("checkout:offer", args=[channel.handle, title.slug, list_offers(title.id)[0].id])
    for address in (till, f"/join/@{channel.handle}"):
        assert "Or with the pass, from €10.00 a month" in page(buyer, address)
    assert "one price for many channels" in page(buyer, "/account/memberships")
    shown = page(client, "/pass")
    for words in (
        "€10.00 a month",
        "€100.00 a year",
        "Lantern Films",
        "The service keeps 10 %",
        "they themselves watched",
    ):
        assert words in shown
    viewer = make_person()
    client.force_login(viewer)
    handle = next(
        each for each in shown.split('"') if each.startswith("/join/@")
    )  # the channel that the house sells it by
    assert "all that the channels of the pass sell" in page(client, handle)
    assert client.get("/".join(handle.split("/")[:3]))["Location"] == "/pass"
    sent = client.post(handle, {"key": uuid.uuid4()})
    pay("paid", sent["Location"])
    [own] = api.list_subscriptions(viewer.id)
    assert client.get(f"/memberships/{own.id}")["Location"] == "/pass"
    assert "You have the pass" in page(client, "/pass")
    assert "In your pass" in page(client, title.path)
    assert "The pass" in page(client, "/account/memberships")
    client.post(f"/account/memberships/{own.id}/cancelled")
    assert api.get_subscription(own.id).state == "cancelling"


def test_without_a_pass_its_page_says_so_and_with_nobody_in_it_too(client) -> None:
    staff = make_person(is_staff=True)
    assert "There is no pass now" in page(client, "/pass")
    make_pass(staff)
    assert "No channel takes part yet" in page(client, "/pass")


def test_more_channels_than_fit_are_counted(client, house, monkeypatch) -> None:
    monkeypatch.setattr("footlights.web.memberships.house_pass.CHANNELS_SHOWN", 1)
    for _each in range(2):
        channel = make_channel(make_person())
        take_part(channel_id=channel.id, editor_id=channel.owner_id, at=now())
    assert "And 1 more channel." in page(client, "/pass")


def test_a_channel_takes_part_leaves_and_sees_minutes_and_money(creator, channel, house) -> None:
    studio = sign_in_proven(Client(), creator)
    assert "Take part from today" in page(studio, reverse("studio:pass"))
    studio.post(reverse("studio:pass_chosen"), {"act": "join"})
    assert find_in_pass(channel.id, now()).until_day is None
    assert "Your first month appears here" in page(studio, reverse("studio:pass"))
    title = make_title(channel, name="Snow on the stage")
    shared(house, channel, title)
    shown = page(studio, reverse("studio:pass"))
    for words in ("March 2031", "Snow on the stage", "11", "€5.42", "Leave with the end of the month", 'width="1000"'):
        assert words in shown
    studio.post(reverse("studio:pass_chosen"), {"act": "leave"})
    assert find_in_pass(channel.id, now()).until_day
    assert "Stay in it" in page(studio, reverse("studio:pass"))


def test_a_channel_of_a_house_without_a_pass_is_told_what_one_is(creator, channel) -> None:
    assert "There is no pass yet" in page(sign_in_proven(Client(), creator), reverse("studio:pass"))


def test_a_stranger_chooses_nothing_for_a_channel(channel, house) -> None:
    stranger = sign_in_proven(Client(), make_person())
    stranger.post(reverse("studio:pass_chosen"), {"act": "join"})
    assert find_in_pass(channel.id, now()) is None


def test_the_house_offers_it_changes_it_and_ends_it(channel) -> None:
    staff = make_person(is_staff=True)
    house = sign_in_proven(Client(), staff)
    assert "Offer a pass" in page(house, reverse("backoffice:pass"))
    sent = {"name": "The pass", "words": "All of it.", "currency": "EUR", "month": "9.90", "trial_days": "14"}
    refused = house.post(reverse("backoffice:pass"), sent | {"month": ""})
    assert refused.status_code == 422
    house.post(reverse("backoffice:pass"), sent)
    plan = api.find_pass()
    assert (plan.terms[0].price.amount_minor, plan.terms[0].trial_days) == (990, 14)
    shared(plan, channel, make_title(channel))
    set_terms(changes=[NewTerm(term=Term.PASS_SHARING, value=PassSharing.POOLED)], by_id=staff.id, at=now())
    shown = page(house, reverse("backoffice:pass"))
    for words in ("€5.42", "€0.60", "March 2031", "What it costs", "what everybody pays"):
        assert words in shown
    house.post(reverse("backoffice:pass_withdrawn"))
    assert api.find_pass() is None


def test_the_house_is_told_what_is_wrong_with_a_price() -> None:
    staff = make_person(is_staff=True)
    floor = NewTerm(term=Term.PRICE_FLOOR_MINOR, kind=SaleKind.PASS, currency="EUR", value=1_000)
    set_terms(changes=[floor], by_id=staff.id, at=now())
    sent = {"name": "The pass", "currency": "EUR", "month": "9.90"}
    answer = sign_in_proven(Client(), staff).post(reverse("backoffice:pass"), sent)
    assert (answer.status_code, "The lowest price here is €10.00." in answer.content.decode()) == (422, True)


def test_a_stranger_finds_no_page_of_the_house(house) -> None:
    stranger = sign_in_proven(Client(), make_person())
    for name in ("backoffice:pass", "backoffice:pass_withdrawn"):
        assert stranger.post(reverse(name)).status_code in {302, 404}
    assert api.find_pass() == house
