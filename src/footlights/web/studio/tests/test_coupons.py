"""Coupons in the studio: made, seen, taken along, ended; and not by others."""

import pytest
from django.test import Client
from django.urls import reverse

from footlights.kernel.money import Money
from footlights.monetization import api as monetization
from footlights.monetization.testing import make_coupon_of
from footlights.subscriptions.testing import make_plan
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_creator(creator):
    return sign_in_proven(Client(), creator)


SENT = {"name": "Friends", "kind": "percent", "percent": "20", "currency": "EUR", "codes": "one", "code": "friends",
        "per_person_max": "1"}  # fmt: skip


def make(client, **changes):
    return client.post(reverse("studio:coupons"), SENT | changes)


def test_a_coupon_is_made_shown_and_ended(as_creator, channel) -> None:
    assert "Your first coupon" in as_creator.get(reverse("studio:coupons")).content.decode()
    answer = make(as_creator)
    [made] = monetization.list_coupons(channel.id)
    assert answer["Location"] == reverse("studio:coupon", args=[made.id])
    page = as_creator.get(answer["Location"]).content.decode()
    for words in ("FRIENDS", "20 % off", "Everything one buys or rents"):
        assert words in page
    as_creator.post(reverse("studio:coupon_withdrawn", args=[made.id]))
    assert "Over" in as_creator.get(reverse("studio:coupons")).content.decode()


def test_a_batch_of_free_codes_is_taken_along(as_creator, channel) -> None:
    make(as_creator, kind="free", codes="batch", batch="3")
    [made] = monetization.list_coupons(channel.id)
    taken = as_creator.get(reverse("studio:coupon", args=[made.id]), {"codes": ""})
    assert taken["Content-Disposition"].startswith("attachment")
    assert taken.content.decode().split() == [each.code for each in monetization.list_codes(made.id)]
    assert "Free" in as_creator.get(reverse("studio:coupons")).content.decode()


def test_an_amount_for_one_title(as_creator, channel, title) -> None:
    make(as_creator, kind="amount", amount="1.50", title=str(title.id), first_purchase_only="on")
    [made] = monetization.list_coupons(channel.id)
    assert (made.amount, made.title_id, made.first_purchase_only) == (Money(150, "EUR"), title.id, True)
    page = as_creator.get(reverse("studio:coupon", args=[made.id])).content.decode()
    assert "€1.50 off" in page
    assert title.name in page


@pytest.mark.parametrize(
    ("changes", "kept", "said"),
    [
        ({"title": "members", "periods": "3", "interval": "month"}, (None, 3, "month"), "The first 3 months"),
        ({"title": "members", "periods": "2", "interval": ""}, (None, 2, ""), "All memberships"),
        ({"title": "plan", "lasts": "always", "interval": "year"}, ("plan", None, "year"), "Membership: Friends"),
    ],
)
def test_a_coupon_for_memberships_says_how_long(as_creator, channel, changes, kept, said: str) -> None:
    plan = make_plan(channel, name="Friends")
    title = changes["title"].replace("plan", f"plan:{plan.id}")
    make(as_creator, **changes | {"title": title})
    [made] = monetization.list_coupons(channel.id)
    assert (made.plan_id and "plan", made.periods, made.interval) == kept
    assert said in as_creator.get(reverse("studio:coupon", args=[made.id])).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"percent": ""}, "how many percent"),
        ({"percent": "101"}, "less than or equal"),
        ({"kind": "amount", "amount": "x"}, "not an amount"),
        ({"code": ""}, "either the code"),
        ({"codes": "batch", "code": ""}, "either the code"),
        ({"ends_at": "2020-01-01T00:00"}, "end in the future"),
        ({"title": "members"}, "how many payments"),
        ({"title": "members", "lasts": "always", "kind": "free"}, "free for ever"),
    ],
)
def test_a_wrong_coupon_is_shown_again_with_the_reason(as_creator, channel, wrong, said: str) -> None:
    make_plan(channel)
    answer = make(as_creator, **wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert monetization.list_coupons(channel.id) == []


def test_a_strangers_coupon_is_not_there(as_stranger, channel) -> None:
    made = make_coupon_of(channel)
    assert as_stranger.get(reverse("studio:coupon", args=[made.id])).status_code in {302, 404}
    assert as_stranger.post(reverse("studio:coupon_withdrawn", args=[made.id])).status_code in {302, 404}
    assert monetization.get_coupon(coupon_id=made.id, channel_id=channel.id).withdrawn_at is None
