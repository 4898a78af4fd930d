"""The story of a payment that was no purchase: of a membership, a tip, a gift; found by its payer, and given back."""

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.giving.api import get_gift, redeem_gift
from footlights.giving.testing import make_gift, make_tip
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.testing import run_jobs
from footlights.ledger.api import list_balances
from footlights.monetization.testing import make_offer
from footlights.payments.api import get_payment
from footlights.payments.testing import make_dispute, webhooks_arrive
from footlights.subscriptions.models import AttemptRow
from footlights.subscriptions.testing import advance_due, begin, make_plan
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    person = make_person(is_staff=True)
    sign_in_proven(client, person)
    return person


@pytest.fixture
def channel():
    return make_channel(make_person(), name="Lantern House")


@pytest.fixture
def viewer(staff):
    return make_person(email="grace@example.org")


def story(client, payment_id) -> str:
    answer = client.get(reverse("backoffice:payment", args=[payment_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def go_on() -> None:
    with webhooks_arrive():
        run_jobs(but="media.")


def give_back(client, payment_id) -> None:
    for _ in range(2):
        assert client.post(reverse("backoffice:refund", args=[payment_id])).status_code == 302
    go_on()


def left() -> dict[str, int]:
    found = {each.account: each.amount.amount_minor for each in list_balances() if each.amount}
    return {account: minor for account, minor in found.items() if not account.startswith("gateway")}


def test_a_period_of_a_membership_is_told_with_its_plan_books_and_receipt_and_given_back(
    client, viewer, channel
) -> None:
    plan = make_plan(channel, name="Front row")
    own = begin(viewer, plan)
    advance_due(at=own.period_end)
    go_on()
    first, second = AttemptRow.objects.order_by("created_at").values_list("payment_id", flat=True)
    for payment_id in (first, second):
        html = story(client, payment_id)
        for words in ("Front row", "Lantern House", "€10.00 a month", f"deferred:{own.id}", "Receipt", "Member"):
            assert words in html, words
        assert html.count(f"<code>deferred:{own.id}</code>") == 1
        assert reverse("backoffice:person", args=[viewer.id]) in html
    give_back(client, second)
    assert get_payment(second).state == "refunded"
    html = story(client, second)
    assert (html.count(f"<code>deferred:{own.id}</code>"), "Credit note" in html, "Ended" in html) == (2, True, True)
    assert 'id="refund"' not in html


def test_a_tip_is_told_and_given_back(client, viewer, channel) -> None:
    title = make_title(channel, name="Night Train")
    tip = make_tip(channel, viewer, title_id=title.id)
    go_on()
    html = story(client, tip.payment_id)
    for words in ("Tip", "Night Train", "Lantern House", f"creator:{channel.id}", "Receipt"):
        assert words in html, words
    give_back(client, tip.payment_id)
    assert "Refunded" in story(client, tip.payment_id)
    assert left() == {}


def test_a_gift_is_told_opened_or_not_and_given_back(client, viewer, channel) -> None:
    title = make_title(channel, name="Night Train")
    gift, opener = make_gift(make_offer(title), viewer), make_person()
    html = story(client, gift.payment_id)
    for words in ("Gift", "Night Train", "Not yet", f"gift:{gift.id}"):
        assert words in html, words
    redeem_gift(code=get_gift(gift.id, viewer.id).code, viewer_id=opener.id, at=now())
    html = story(client, gift.payment_id)
    assert "Not yet" not in html
    assert reverse("backoffice:person", args=[opener.id]) in html
    give_back(client, gift.payment_id)
    assert left() == {}


def test_a_gift_that_was_taken_back_says_so(client, viewer, channel) -> None:
    gift = make_gift(make_offer(make_title(channel)), viewer)
    give_back(client, gift.payment_id)
    assert "Withdrawn" in story(client, gift.payment_id)


def test_what_was_paid_when_nobody_wanted_it_says_so(client, viewer, channel) -> None:
    begin(viewer, make_plan(channel))
    AttemptRow.objects.update(is_unneeded=True)
    assert "goes back" in story(client, AttemptRow.objects.get().payment_id)


def test_what_the_bank_holds_is_not_given_back_a_second_time(client, viewer, channel) -> None:
    begin(viewer, make_plan(channel))
    payment_id = AttemptRow.objects.get().payment_id
    make_dispute(payment_id)
    answer = client.post(reverse("backoffice:refund", args=[payment_id]), follow=True)
    assert "bank" in answer.content.decode()
    assert get_payment(payment_id).state == "captured"


def test_every_payment_of_somebody_is_found_by_their_address(client, viewer, channel) -> None:
    offer = make_offer(make_title(channel))
    begin(viewer, make_plan(channel))
    paid = [
        AttemptRow.objects.get().payment_id,
        make_tip(channel, viewer).payment_id,
        make_gift(offer, viewer).payment_id,
    ]
    make_tip(channel, make_person(email="ada@example.org"))
    html = client.get(reverse("backoffice:payments"), {"q": "grace@example.org"}).content.decode()
    assert all(reverse("backoffice:payment", args=[each]) in html for each in paid)
    assert html.count('<th scope="row">') == 3


def test_a_payment_nothing_was_bought_with_gives_nothing_back(client, staff) -> None:
    assert client.post(reverse("backoffice:refund", args=[new_id()])).status_code == 404
