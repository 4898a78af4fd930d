"""The platform's coupons in the backoffice: made with an end to their cost, seen with what they cost, ended."""

import pytest
from django.test import Client
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.audit.api import Act
from footlights.audit.testing import recorded
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.monetization import api as monetization
from footlights.monetization.api import Choice
from footlights.monetization.testing import make_coupon_of, make_house_coupon_of, make_offer
from footlights.payments.testing import pay
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db
SENT = {"name": "Spring", "kind": "percent", "percent": "30", "most": "5", "currency": "EUR", "codes": "one",
        "code": "spring", "per_person_max": "1", "uses_max": "100"}  # fmt: skip


@pytest.fixture
def staff():
    return make_person(is_staff=True)


@pytest.fixture
def house(staff):
    return sign_in_proven(Client(), staff)


def page(client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def make(client, **changes):
    return client.post(reverse("backoffice:coupons"), SENT | changes)


def test_one_is_made_shown_with_its_cost_used_and_ended(house, staff) -> None:
    assert "Your first coupon" in page(house, "backoffice:coupons")
    answer = make(house)
    [made] = monetization.list_coupons(None)
    assert answer["Location"] == reverse("backoffice:coupon", args=[made.id])
    fresh = page(house, "backoffice:coupon", made.id)
    for words in ("SPRING", "30 % off, at most €5.00", "€500.00", "Nothing yet", "Who pays for it"):
        assert words in fresh
    viewer, offer = make_person(), make_offer(make_title(make_channel(make_person())), price=Money(1_000, "EUR"))
    bought = monetization.buy_title(
        viewer_id=viewer.pk, offer_id=offer.id, idempotency_key="k", at=now(), choice=Choice(coupon="spring")
    )
    pay("paid", bought.hosted_url)
    shown = page(house, "backoffice:coupon", made.id)
    assert ("1 / 100" in shown, "€3.00" in shown) == (True, True)
    house.post(reverse("backoffice:coupon_withdrawn", args=[made.id]))
    assert "Over" in page(house, "backoffice:coupons")
    for act in (Act.COUPON_MADE, Act.COUPON_WITHDRAWN):
        [told] = recorded(act)
        assert (told.actor_id, told.object_id) == (staff.pk, str(made.id))


def test_its_creator_sees_who_paid_for_the_discount(staff) -> None:
    make_house_coupon_of(staff)
    creator = make_person()
    channel = make_channel(creator)
    offer = make_offer(make_title(channel), price=Money(1_000, "EUR"))
    bought = monetization.buy_title(
        viewer_id=make_person().pk, offer_id=offer.id, idempotency_key="k", at=now(), choice=Choice(coupon="house")
    )
    pay("paid", bought.hosted_url)
    studio = sign_in_proven(Client(), creator)
    sale = page(studio, "studio:sale", bought.id)
    for words in ("€7.00", "+€3.00", "you earn as at the whole price", "€9.00"):
        assert words in sale
    assert "The service put in €3.00 for coupons of its own" in page(studio, "studio:money")


def test_a_batch_for_memberships_is_taken_along(house) -> None:
    make(house, codes="batch", code="", batch="3", uses_max="", title="members", periods="2", interval="month")
    [made] = monetization.list_coupons(None)
    shown = page(house, "backoffice:coupon", made.id)
    for words in ("The first 2 months", "0 / 3", "€30.00"):
        assert words in shown
    taken = house.get(reverse("backoffice:coupon", args=[made.id]), {"codes": ""})
    assert taken.content.decode().split() == [each.code for each in monetization.list_codes(made.id)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"percent": "91"}, "less than or equal"),
        ({"most": ""}, "not an amount"),
        ({"most": "0"}, "how much it takes off at most"),
        ({"uses_max": ""}, "how often it can be used"),
        ({"kind": "free"}, "valid choice"),
        ({"kind": "amount", "amount": "x"}, "not an amount"),
        ({"title": "members"}, "how many payments"),
        ({"code": ""}, "either the code"),
    ],
)
def test_what_would_cost_without_end_is_shown_again_with_the_reason(house, wrong, said: str) -> None:
    answer = make(house, **wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert monetization.list_coupons(None) == []


def test_it_takes_a_fresh_proof_and_nobody_else_finds_it(staff) -> None:
    made = make_house_coupon_of(staff)
    stale = sign_in_proven(Client(), staff, proven_s_ago=601)
    stranger = sign_in_proven(Client(), make_person())
    for name, args in (("backoffice:coupons", []), ("backoffice:coupon_withdrawn", [made.id])):
        address = reverse(name, args=args)
        assert "reauthenticate" in stale.post(address, SENT | {"code": "other"})["Location"]
        assert stranger.post(address, SENT | {"code": "other"}).status_code == 404
    for address in (reverse("backoffice:coupons"), reverse("backoffice:coupon", args=[made.id])):
        assert stranger.get(address).status_code == 404
    assert [each.withdrawn_at for each in monetization.list_coupons(None)] == [None]


def test_a_channels_coupon_is_not_among_them(house) -> None:
    own = make_coupon_of(make_channel(make_person()))
    assert house.get(reverse("backoffice:coupon", args=[own.id])).status_code == 404
    assert house.post(reverse("backoffice:coupon_withdrawn", args=[own.id])).status_code == 404
