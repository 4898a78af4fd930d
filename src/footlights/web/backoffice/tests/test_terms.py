"""Administrators decide the platform's terms, now and ahead; the page says what holds, in words."""

from datetime import timedelta

import pytest
from django.urls import reverse

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.terms.api import (
    DisputeAccess,
    PayoutSchedule,
    SaleKind,
    SetTerm,
    Term,
    dispute_access,
    fee_bps,
    list_ahead,
    payout_terms,
    price_limits,
    refund_terms,
)
from footlights.web.account.testing import sign_in_proven
from footlights.web.backoffice.terms import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    person = make_person("staff@example.org", is_staff=True)
    sign_in_proven(client, person)
    return person


def decide(client, part: str, **typed) -> int:
    return client.post(reverse("backoffice:terms_change", args=[part]), typed).status_code


def page(client) -> str:
    return client.get(reverse("backoffice:terms")).content.decode()


def test_a_share_is_decided_for_everybody_and_for_one_channel(client, staff):
    channel = make_channel(make_person(), handle="lantern", name="Lantern Films")
    assert "Nothing decided yet" in page(client)
    assert decide(client, "fees", kind="buy", percent="7.5") == 302
    assert decide(client, "fees", kind="buy", percent="0", channel="@lantern") == 302
    assert (fee_bps(SaleKind.BUY, None, now()), fee_bps(SaleKind.BUY, channel.id, now())) == (750, 0)
    told = page(client)
    assert "7.5 %" in told
    assert "Lantern Films" in told
    assert decide(client, "fees", kind="buy", percent="", channel="lantern") == 302
    assert fee_bps(SaleKind.BUY, channel.id, now()) == 750


def test_limits_payouts_and_refunds_are_decided(client, staff):
    assert decide(client, "limits", kind="rent", currency="jpy", lowest="100", highest="") == 302
    assert decide(client, "payouts", schedule="7", hold_days="14") == 302
    assert decide(client, "amounts", currency="EUR", minimum="25", approval="10000") == 302
    assert decide(client, "refunds", within_days="14", watched_percent="20") == 302
    assert decide(client, "reserve", percent="12.5", days="90", channel="") == 302
    assert "Waits until the bank" in client.get(reverse("backoffice:terms_change", args=["disputes"])).content.decode()
    assert decide(client, "disputes", access="0") == 302
    at = now()
    assert price_limits(SaleKind.RENT, "JPY", at).floor == Money(100, "JPY")
    held = payout_terms("EUR", at)
    assert (held.schedule, held.hold_days, held.minimum) == (PayoutSchedule.WEEKLY, 14, Money(2_500, "EUR"))
    assert (held.reserve_bps, held.reserve_days) == (1_250, 90)
    assert refund_terms(at).within_days == 14
    assert dispute_access(at) is DisputeAccess.KEEP
    assert "Stays theirs until the bank has decided" in page(client)
    assert "12.5 %" in page(client)
    assert "Every week" in page(client)


def test_a_change_ahead_is_shown_and_can_be_withdrawn(client, staff):
    day = (now() + timedelta(days=10)).date().isoformat()
    assert decide(client, "fees", kind="tip", percent="5", from_day=day) == 302
    [ahead] = list_ahead(now())
    assert (ahead.term, "Will change" in page(client)) == (Term.FEE_BPS, True)
    assert client.post(reverse("backoffice:terms_withdrawn", args=[ahead.id])).status_code == 302
    assert "Will change" not in page(client)


@pytest.mark.parametrize(
    ("part", "typed", "words"),
    [
        ("fees", {"kind": "buy", "percent": "101"}, "100"),
        ("fees", {"kind": "buy", "percent": "5", "channel": "nobody"}, "no channel"),
        ("fees", {"kind": "buy", "percent": "5", "from_day": "2020-01-01"}, "never in the past"),
        ("limits", {"kind": "buy", "currency": "EUR", "lowest": "10", "highest": "5"}, "below the lowest"),
        ("limits", {"kind": "buy", "currency": "EUX", "lowest": "10"}, "not a currency"),
        ("amounts", {"currency": "EUR", "minimum": "many"}, "not an amount"),
    ],
)
def test_what_cannot_be_decided_is_said_beside_the_field(client, staff, part: str, typed, words: str):
    answer = client.post(reverse("backoffice:terms_change", args=[part]), typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_only_administrators_decide(client):
    make_person()
    assert client.get(reverse("backoffice:terms")).status_code == 404
    sign_in_proven(client, make_person(roles=[Role.EXECUTIVE]))
    assert client.get(reverse("backoffice:terms_change", args=["fees"])).status_code == 404


def test_a_part_that_does_not_exist_is_not_found(client, staff):
    assert client.get(reverse("backoffice:terms_change", args=["weather"])).status_code == 404
    assert client.get(reverse("backoffice:terms_change", args=["payouts"])).status_code == 200


@pytest.mark.parametrize("term", list(Term))
def test_every_term_has_its_words(term):
    assert words_of(SetTerm(term=term, value=1, id=new_id(), from_at=now(), set_by=new_id(), set_at=now()))
