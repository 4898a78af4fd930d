"""One's own account: name, purchases with receipts, history."""

import pytest
from django.urls import reverse

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import NewOffer, OfferKind, buy_title, refund_purchase, set_offers
from footlights.payments.testing import pay
from footlights.playback.models import WatchProgress

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person("creator@example.org")


@pytest.fixture
def viewer():
    return make_person("viewer@example.org")


@pytest.fixture
def stranger():
    return make_person("stranger@example.org")


@pytest.fixture
def title(creator):
    return make_title(make_channel(creator), name="Night Train")


@pytest.fixture
def purchase(creator, viewer, title):
    offers = set_offers(
        title_id=title.id, editor_id=creator.pk, offers=[NewOffer(OfferKind.BUY, Money(400, "EUR"))], at=now()
    )
    purchase = buy_title(viewer_id=viewer.pk, offer_id=offers[0].id, idempotency_key="k", at=now())
    pay("paid", purchase.hosted_url)
    return purchase


def watch(viewer, title) -> None:
    WatchProgress.objects.create(
        viewer_id=viewer.pk, title_id=title.id, position_ms=42_000, duration_ms=60_000, at=now()
    )


def page(client, name="account:home", *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_account_says_what_will_stand_there(client, viewer) -> None:
    client.force_login(viewer)
    html = page(client)
    assert "What you buy or rent stands here" in html
    assert "What you watch stands here" in html
    assert reverse("studio:channel_new") in html
    assert reverse("backoffice:home") not in html


def test_a_name_is_changed_and_shown(client, viewer) -> None:
    client.force_login(viewer)
    answer = client.post(reverse("account:name"), {"display_name": "Grace <Hopper>"}, follow=True)
    assert "Grace &lt;Hopper&gt;" in answer.content.decode()


def test_a_name_nobody_can_see_is_refused_beside_its_field(client, viewer) -> None:
    client.force_login(viewer)
    answer = client.post(reverse("account:name"), {"display_name": "evil\u202ename"})
    assert answer.status_code == 422
    assert "letters, digits and signs" in answer.content.decode()


def test_a_purchase_has_a_receipt_that_tells_of_its_refund(client, viewer, creator, purchase) -> None:
    client.force_login(viewer)
    assert "Night Train" in page(client)
    receipt = page(client, "account:receipt", purchase.id)
    assert "€4.00" in receipt
    assert "Paid" in receipt
    refund_purchase(purchase_id=purchase.id, by_id=creator.pk, idempotency_key="r", at=now())
    run_jobs(only="monetization")
    assert "Refunded" in page(client, "account:purchases")
    assert "The money went back" in page(client, "account:receipt", purchase.id)


def test_a_receipt_is_only_its_buyers(client, stranger, creator, purchase) -> None:
    for somebody in (stranger, creator):
        client.force_login(somebody)
        assert client.get(reverse("account:receipt", args=[purchase.id])).status_code == 404
        assert "Night Train" not in page(client, "account:purchases")


def test_what_was_watched_is_forgotten_when_asked(client, viewer, stranger, title, creator) -> None:
    other = make_title(make_channel(creator), name="Harbour")
    for somebody in (viewer, stranger):
        watch(somebody, title)
        watch(somebody, other)
    client.force_login(viewer)
    assert "stopped at 0:42" in page(client)
    client.post(reverse("account:history"), {"title": str(title.id)})
    html = page(client, "account:history")
    assert "Night Train" not in html
    assert "Harbour" in html
    client.post(reverse("account:history"))
    assert "Harbour" not in page(client, "account:history")
    assert WatchProgress.objects.filter(viewer_id=stranger.pk).count() == 2


def test_a_garbled_title_forgets_nothing(client, viewer, title) -> None:
    watch(viewer, title)
    client.force_login(viewer)
    assert client.post(reverse("account:history"), {"title": "everything"}).status_code == 404
    assert WatchProgress.objects.filter(viewer_id=viewer.pk).exists()


def test_an_account_costs_the_same_queries_with_little_and_with_much(
    client, viewer, creator, django_assert_max_num_queries
) -> None:
    channel = make_channel(creator)
    for _ in range(30):
        watch(viewer, make_title(channel))
    client.force_login(viewer)
    page(client)
    with django_assert_max_num_queries(12):
        page(client)
    with django_assert_max_num_queries(12):
        page(client, "account:history")


def test_a_long_history_is_paged_and_loses_nothing(client, viewer, creator) -> None:
    channel = make_channel(creator)
    for number in range(53):
        watch(viewer, make_title(channel, name=f"Film {number:02}"))
    client.force_login(viewer)
    first = page(client, "account:history")
    second = client.get(reverse("account:history"), {"page": 2}).content.decode()
    assert all((f"Film {number:02}" in first) != (f"Film {number:02}" in second) for number in range(53))
    assert first.count('name="title"') == 50
    assert 'rel="next"' in first
    assert 'rel="next"' not in second


def test_administrators_find_the_backoffice_here(client) -> None:
    client.force_login(make_person(is_staff=True))
    assert reverse("backoffice:home") in page(client)


def test_no_such_receipt(client, viewer) -> None:
    client.force_login(viewer)
    assert client.get(reverse("account:receipt", args=[new_id()])).status_code == 404
