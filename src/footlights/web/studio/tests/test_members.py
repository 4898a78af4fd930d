"""The studio's page of members, and the form of what they are offered."""

from datetime import timedelta

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import Covers, list_offers
from footlights.monetization.testing import make_house_coupon_of, make_offer
from footlights.payments.testing import pay_with, webhooks_arrive
from footlights.subscriptions import api
from footlights.subscriptions.models import AttemptRow, InvoiceRow
from footlights.subscriptions.testing import begin, make_plan
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator(client):
    person = make_person()
    sign_in_proven(client, person)
    return person


@pytest.fixture
def channel(creator):
    return make_channel(creator)


def form(**more) -> dict[str, str]:
    return {"name": "Friends", "words": "A film a week.", "currency": "EUR", "month": "5", "year": ""} | more


def test_the_first_membership_is_offered_and_shown(client, channel) -> None:
    assert "Offer a membership" in client.get("/studio/members").content.decode()
    assert client.post("/studio/members/tiers/1", form(year="50", trial_days="7")).status_code == 302
    [plan] = api.list_plans(channel.id)
    assert [(terms.interval, terms.price.amount_minor, terms.trial_days) for terms in plan.terms] == [
        ("month", 500, 7),
        ("year", 5_000, 7),
    ]
    begin(make_person(), plan)
    begin(make_person(), make_plan(channel, tier=2))
    shown = client.get("/studio/members?days=90").content.decode()
    assert "Friends" in shown
    assert "too early to say" in shown
    assert 'value="5.00"' in client.get("/studio/members/tiers/1").content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"month": ""}, "a month, a year, or both"),
        ({"month": "0"}, "above zero"),
        ({"month": "five"}, "is not an amount"),
        ({"currency": "XXX"}, "Select a valid choice"),
        ({"intro": "6", "intro_periods": "2"}, "below the usual one"),
        ({"intro_periods": "2"}, "how much the first ones cost"),
    ],
)
def test_what_cannot_be_offered_is_said_at_its_field(client, channel, sent, said) -> None:
    answer = client.post("/studio/members/tiers/1", form(**sent))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert api.list_plans(channel.id) == []


def test_what_is_withdrawn_is_offered_no_longer_and_members_stay(client, channel) -> None:
    begun = begin(make_person(), make_plan(channel))
    for _ in range(2):
        client.post("/studio/members/tiers/1/withdrawn")
    assert api.list_plans(channel.id) == []
    assert api.get_subscription(begun.id).state == "active"
    assert "Nothing now" in client.get("/studio/members").content.decode()


def test_tiers_have_an_end_and_another_channels_are_not_there(client, channel) -> None:
    assert client.get("/studio/members/tiers/10").status_code == 404
    other = make_plan(make_channel(make_person()), name="Not yours")
    assert "Not yours" not in client.get(f"/studio/members/tiers/{other.tier}").content.decode()


def test_a_title_is_opened_to_members_beside_its_price_or_instead_of_it(client, channel) -> None:
    title = make_title(channel)
    make_offer(title, "buy")
    assert "Part of a membership" not in client.get(f"/studio/titles/{title.id}").content.decode()
    make_plan(channel, name="Friends")
    address = f"/studio/titles/{title.id}/members"
    assert "Friends and up" in client.get(f"/studio/titles/{title.id}").content.decode()
    client.post(address, {"tier": "1"})
    assert [(offer.kind, offer.tier) for offer in list_offers(title.id)] == [("members", 1), ("buy", None)]
    assert client.post(address, {"tier": "1", "only": "on"}, headers={"HX-Request": "true"}).status_code == 200
    assert [offer.kind for offer in list_offers(title.id)] == ["members"]
    client.post(address, {"tier": ""})
    assert list_offers(title.id) == []


def test_what_is_free_for_everybody_is_not_for_members_unless_for_them_alone(client, channel) -> None:
    title = make_title(channel)
    make_offer(title, "free")
    make_plan(channel)
    address = f"/studio/titles/{title.id}/members"
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(address, {"tier": "1"}, headers=headers)
        assert answer.status_code == 422
        assert "free for everybody" in answer.content.decode()
    client.post(address, {"tier": "1", "only": "on"})
    assert [offer.kind for offer in list_offers(title.id)] == ["members"]


def test_a_seller_sees_what_goes_back_and_ends_a_membership_once(client, channel) -> None:
    begun = begin(make_person(display_name="Quentin Quill"), make_plan(channel, name="Friends"))
    shown = client.get("/studio/members/all").content.decode()
    assert str(begun.id) in shown
    assert "Quentin" not in shown
    page = client.get(f"/studio/members/all/{begun.id}").content.decode()
    assert "End this membership?" in page
    assert "€10.00" in page
    for _twice in range(2):
        answer = client.post(f"/studio/members/all/{begun.id}/ended", follow=True)
    assert "€10.00 goes back to them." in answer.content.decode()
    assert api.get_subscription(begun.id).state is api.State.ENDED
    assert "No members now" in client.get("/studio/members/all").content.decode()
    assert "End it now" not in client.get(f"/studio/members/all/{begun.id}").content.decode()


def test_a_seller_sees_what_the_service_put_in_for_its_own_coupon(client, channel) -> None:
    make_house_coupon_of(make_person(is_staff=True), covers=Covers.MEMBERSHIPS, periods=1)
    plain, viewer = begin(make_person(), make_plan(channel)), make_person()
    begun = api.subscribe(
        subscriber_id=viewer.pk, terms_id=plain.terms.id, idempotency_key="k", at=now(), coupon="house"
    )
    pay_with("paid", begun.hosted_url)
    with webhooks_arrive():
        run_jobs(only="payments")
    run_jobs(only="subscriptions")
    assert "+€3.00" in client.get(reverse("studio:membership", args=[begun.id])).content.decode()
    assert "put in" not in client.get(reverse("studio:membership", args=[plain.id])).content.decode()


def test_a_membership_that_is_being_charged_is_not_ended_and_anothers_is_not_found(client, channel) -> None:
    begun = begin(make_person(), make_plan(channel))
    InvoiceRow.objects.create(**open_invoice(begun))
    AttemptRow.objects.create(invoice=InvoiceRow.objects.get(number=2), number=1, by_page=False, created_at=now())
    answer = client.post(f"/studio/members/all/{begun.id}/ended", follow=True)
    assert "A payment is on its way" in answer.content.decode()
    other = begin(make_person(), make_plan(make_channel(make_person())))
    assert client.post(f"/studio/members/all/{other.id}/ended").status_code == 404
    assert api.get_subscription(other.id).state is api.State.ACTIVE


def test_nothing_is_left_to_give_back_of_a_trial(client, channel) -> None:
    begun = begin(make_person(), make_plan(channel, trial_days=7))
    assert "Nothing is left to give back." in client.get(f"/studio/members/all/{begun.id}").content.decode()
    answer = client.post(f"/studio/members/all/{begun.id}/ended", follow=True)
    assert "Nothing had to go back." in answer.content.decode()


def test_a_title_keeps_the_membership_that_nobody_new_can_join(client, creator, channel) -> None:
    title = make_title(channel)
    make_offer(title, "members", tier=2)
    make_plan(channel)
    page = f"/studio/titles/{title.id}"
    assert '<option value="2" selected>Tier 2 and up, which nobody new can join' in client.get(page).content.decode()
    assert client.post(f"{page}/members", {"tier": "2", "only": "on"}).status_code == 302
    assert [offer.tier for offer in list_offers(title.id)] == [2]
    assert client.post(f"{page}/members", {"tier": "3", "only": "on"}).status_code == 422


def open_invoice(begun):
    """The next period, whose money is being asked for."""
    paid = InvoiceRow.objects.get(subscription_id=begun.id)
    kept = ("subscription_id", "terms_id", "anchor_at", "anchor_months", "price_minor", "amount_minor", "currency")
    later = {"period_start": paid.period_end, "period_end": paid.period_end + timedelta(days=30), "created_at": now()}
    return {name: getattr(paid, name) for name in kept} | later | {"number": 2}
