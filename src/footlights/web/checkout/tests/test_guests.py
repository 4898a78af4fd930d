"""A visitor buys with an e-mail address, watches at once, and makes it theirs by the link in a mail."""

import uuid
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from footlights.accounts.api import find_person
from footlights.accounts.models import Guest, User
from footlights.accounts.resealing import reseal_guests
from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.testing import run_jobs
from footlights.monetization.api import StillUndecidedError, buy_title, list_purchases, may_watch
from footlights.monetization.models import PurchaseRow
from footlights.monetization.operations.hand_over import hand_over
from footlights.monetization.testing import make_offer
from footlights.payments.testing import pay
from footlights.web.checkout import guests

pytestmark = pytest.mark.django_db
ADDRESS = "vera@example.org"


@pytest.fixture(autouse=True)
def guests_may_buy(settings):
    settings.GUEST_CHECKOUT = True


@pytest.fixture
def title():
    return make_title(make_channel(make_person()), name="Night Boat")


@pytest.fixture
def offer(title):
    return make_offer(title)


def till(title, offer):
    return reverse("checkout:offer", args=[title.channel_handle, title.slug, offer.id])


def send(client, title, offer, email=ADDRESS, total="400 EUR"):
    return client.post(till(title, offer), {"key": uuid.uuid4(), "total": total, "email": email})


def buy(client, title, offer, email=ADDRESS):
    pay("paid", send(client, title, offer, email).headers["Location"])
    return Guest.objects.latest("admitted_at")


def link_to(address=ADDRESS):
    [letter] = [each for each in mail.outbox if each.to == [address] and "/keep/" in each.body]
    mail.outbox.clear()
    return next(word for word in letter.body.split() if "/keep/" in word).split("testserver")[-1]


def path_of(link):
    return "/keep/" + link.partition("/keep/")[2]


def test_a_visitor_pays_with_an_address_and_watches_at_once(client, title, offer):
    shown = client.get(till(title, offer)).content.decode()
    assert "Your e-mail address" in shown
    assert "€4.00" in shown
    guest = buy(client, title, offer)
    assert may_watch(guest.pk, title.id, now()).allowed
    purchase = PurchaseRow.objects.get()
    assert client.get(reverse("checkout:purchase", args=[purchase.pk])).status_code == 302
    assert any(each.to == [ADDRESS] and "/keep/" in each.body for each in mail.outbox)
    assert find_person(guest.pk).email == ADDRESS


def test_the_link_makes_the_account_theirs_on_every_device(client, title, offer):
    guest = buy(client, title, offer)
    link, phone = path_of(link_to()), Client()
    asked = phone.get(link)
    assert "It is mine" in asked.content.decode()
    assert ADDRESS not in asked.content.decode()
    assert Guest.objects.get().joined_id is None
    answer = phone.post(link, follow=True)
    assert "Night Boat" in answer.content.decode()
    user = User.objects.get(pk=guest.pk)
    assert (user.email, user.is_guest, user.has_usable_password()) == (ADDRESS, False, False)
    assert EmailAddress.objects.get(user=user).verified
    assert phone.get(reverse("account:home")).status_code == 200
    assert phone.post(link).status_code == 302


def test_a_guest_who_paid_nothing_is_not_sent_to_a_mail_that_never_came(client, title, offer):
    send(client, title, offer, ADDRESS)
    keep = reverse("checkout:keep")
    html = client.get(keep).content.decode()
    assert ("Nothing is bought yet" in html, "Open the mail" in html, mail.outbox) == (True, False, [])
    assert "Open the mail" in client.post(keep, follow=True).content.decode()
    assert link_to()


def test_whoever_typed_the_address_is_out_once_its_owner_proves_it(client, title, offer):
    buy(client, title, offer)
    link = path_of(link_to())
    assert client.get(reverse("checkout:keep")).status_code == 200
    Client().post(link)
    assert client.get(reverse("account:home")).headers["Location"].startswith(reverse("account_login"))


def test_the_browser_that_bought_stays_in_when_it_opens_the_link(client, title, offer):
    guest = buy(client, title, offer)
    client.post(path_of(link_to()))
    assert client.get(reverse("account:home")).status_code == 200
    assert client.session["_auth_user_id"] == str(guest.pk)


def test_what_is_paid_for_somebodys_address_is_theirs_once_the_mailbox_is_proved(client, title, offer):
    owner = make_person(ADDRESS)
    guest = buy(client, title, offer)
    assert not may_watch(owner.pk, title.id, now()).allowed
    link = path_of(link_to())
    phone = Client()
    answer = phone.post(link)
    assert answer.headers["Location"].startswith(reverse("account_login"))
    run_jobs(but="media.")
    assert may_watch(owner.pk, title.id, now()).allowed
    assert not may_watch(guest.pk, title.id, now()).allowed
    assert [each.title_id for each in list_purchases(owner.pk)] == [title.id]
    assert client.get(reverse("checkout:keep")).status_code == 302
    assert "_auth_user_id" not in phone.session
    assert phone.post(link).status_code == 302
    client.force_login(owner)
    receipt = client.get(reverse("account:receipt", args=[PurchaseRow.objects.get().pk])).content.decode()
    document = receipt.partition("/account/documents/")[2].partition('"')[0]
    assert client.get(f"/account/documents/{document}").status_code == 200


def test_the_till_says_the_same_whosever_address_it_is(title, offer):
    make_person(ADDRESS)
    answers = [send(Client(), title, offer, email) for email in (ADDRESS, "nobody@example.org")]
    assert {answer.status_code for answer in answers} == {303}
    assert all("/sandbox-gateway/" in answer.headers["Location"] for answer in answers)


def test_an_account_that_never_proved_its_address_gets_nothing(client, title, offer):
    claimed = User.objects.create_user(ADDRESS, "a stranger's password")
    guest = buy(client, title, offer)
    link = path_of(link_to())
    answer = client.post(link, follow=True)
    assert "has not confirmed it" in answer.content.decode()
    assert not may_watch(claimed.pk, title.id, now()).allowed
    assert may_watch(guest.pk, title.id, now()).allowed
    EmailAddress.objects.create(user=claimed, email=ADDRESS, primary=True, verified=True)
    client.post(link)
    run_jobs(but="media.")
    assert may_watch(claimed.pk, title.id, now()).allowed


def test_an_address_that_is_taken_this_moment_is_asked_for_again(client, title, offer):
    buy(client, title, offer)
    link = path_of(link_to())
    with mock.patch("footlights.accounts.operations.guests._owner_of", return_value=None):
        User.objects.create_user(ADDRESS, "x")
        assert "this moment" in client.post(link, follow=True).content.decode()


def test_a_guest_does_nothing_that_needs_an_account(client, title, offer):
    buy(client, title, offer)
    mail.outbox.clear()
    for name in ("account:home", "studio:home", "memberships:cards"):
        assert client.get(reverse(name)).headers["Location"] == reverse("checkout:keep")
    assert ADDRESS in client.get(reverse("checkout:keep")).content.decode()
    assert client.post(reverse("checkout:keep"), follow=True).status_code == 200
    assert path_of(link_to())
    with mock.patch.object(guests.ratelimit, "consume", return_value=None):
        assert "too often" in client.post(reverse("checkout:keep"), follow=True).content.decode()
    assert client.post(reverse("account_logout")).status_code == 302


def test_whoever_has_an_account_needs_no_page_for_guests(client):
    client.force_login(make_person())
    assert client.get(reverse("checkout:keep")).headers["Location"] == reverse("account:home")


@pytest.mark.parametrize("email", ["", "nobody"])
def test_without_an_address_nothing_is_charged(client, title, offer, email):
    answer = send(client, title, offer, email)
    assert answer.status_code == 200
    assert not Guest.objects.exists()
    assert not PurchaseRow.objects.exists()


def test_too_many_guests_from_one_place_wait(client, title, offer):
    with mock.patch.object(guests.ratelimit, "consume", return_value=None):
        assert "too often" in send(client, title, offer).content.decode()
    assert not Guest.objects.exists()


def test_without_mail_a_visitor_signs_in_first(client, title, offer, settings):
    settings.GUEST_CHECKOUT = False
    assert client.get(till(title, offer)).headers["Location"].startswith(reverse("account_login"))
    assert not Guest.objects.exists()


def test_what_costs_nothing_brings_the_link_too(client, title):
    free = make_offer(title, kind="free")
    assert send(client, title, free, total="0 EUR").status_code == 303
    assert path_of(link_to())


def test_an_altered_link_opens_nothing(client, title, offer):
    guest = buy(client, title, offer)
    link = path_of(link_to())
    assert client.get(link[:-2]).status_code == 404
    Guest.objects.all().delete()
    with pytest.raises(NotFoundError):
        guests.prove_guest(guest_id=guest.pk, session=None, at=now())
    assert reseal_guests() == 0
    assert str(guest) == f"guest {guest.pk}"


def test_what_both_are_paying_for_moves_once_it_is_decided(client, title, offer):
    owner = make_person(ADDRESS)
    buy_title(viewer_id=owner.pk, offer_id=offer.id, idempotency_key="own", at=now())
    send(client, title, offer)
    guest = Guest.objects.get()
    with pytest.raises(StillUndecidedError):
        hand_over(guest_id=guest.pk, person_id=owner.pk)
    PurchaseRow.objects.filter(viewer_id=owner.pk).update(state="declined")
    hand_over(guest_id=guest.pk, person_id=owner.pk)
    assert PurchaseRow.objects.filter(viewer_id=owner.pk).count() == 2
