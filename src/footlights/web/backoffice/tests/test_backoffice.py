"""The backoffice finds anything, explains it, and acts; and is not there for anybody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.accounts.api import get_installation
from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.catalog.models import Title
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.money import Money
from footlights.kernel.testing import run_jobs
from footlights.media.testing import make_asset
from footlights.monetization.api import NewOffer, OfferKind, buy_title, find_purchase, may_watch, set_offers
from footlights.payments.api import list_payments
from footlights.payments.models import DisputeRow
from footlights.payments.testing import make_dispute, pay
from footlights.payouts.api import set_destination
from footlights.payouts.testing import make_waiting_payout
from footlights.web.account.testing import sign_in_proven

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator():
    return make_person("creator@example.org", display_name="Ada Lovelace")


@pytest.fixture
def viewer():
    return make_person("viewer@example.org", display_name="Grace Hopper")


@pytest.fixture
def staff(client):
    person = make_person("staff@example.org", is_staff=True)
    sign_in_proven(client, person)
    return person


@pytest.fixture
def title(creator):
    return make_title(make_channel(creator, handle="lantern"), name="Night Train")


@pytest.fixture
def purchase(creator, viewer, title):
    offers = set_offers(
        title_id=title.id, editor_id=creator.pk, offers=[NewOffer(OfferKind.BUY, Money(499, "EUR"))], at=now()
    )
    purchase = buy_title(viewer_id=viewer.pk, offer_id=offers[0].id, idempotency_key="k", at=now())
    pay("paid", purchase.hosted_url)
    return find_purchase(purchase.id)


def page(client, name, *args, **query) -> str:
    answer = client.get(reverse(f"backoffice:{name}", args=args), query, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def failed_job(name="media.probe", **arguments) -> int:
    job_id = app.configure_task(name, queue="media", allow_unknown=True).defer(**arguments)
    ProcrastinateJob.objects.filter(pk=job_id).update(status="failed")
    return job_id


def test_an_empty_house_has_nothing_to_attend_to_but_workers(client, staff) -> None:
    html = page(client, "home")
    assert "No worker is running" in html
    assert "Nobody paid yet" in html


def test_home_tells_money_of_today_and_what_needs_a_person(client, staff, purchase) -> None:
    failed_job()
    html = page(client, "home")
    assert "€4.99" in html
    assert "1 job failed for good." in html
    assert f"{reverse('backoffice:jobs')}?state=failed" in html


@pytest.mark.parametrize("text", ["Ada Lovelace", "CREATOR@example.org"])
def test_people_are_found_by_name_and_mail(client, staff, creator, viewer, text) -> None:
    html = page(client, "people", q=text)
    assert reverse("backoffice:person", args=[creator.pk]) in html
    assert reverse("backoffice:person", args=[viewer.pk]) not in html


def test_a_person_page_explains_what_they_may_watch(client, staff, viewer, creator, purchase) -> None:
    html = page(client, "person", viewer.pk)
    assert may_watch(viewer.pk, purchase.title_id, now()).explanation.split(".")[0] in html
    assert reverse("backoffice:payment", args=[purchase.payment_id]) in html
    assert "@lantern" in page(client, "person", creator.pk)


def test_titles_are_found_whatever_their_state(client, staff, creator, title) -> None:
    make_title(make_channel(creator), name="Secret Draft", state="draft")
    make_title(make_channel(creator), name="Long Gone", state="deleted")
    html = page(client, "titles")
    assert all(name in html for name in ("Night Train", "Secret Draft", "Long Gone", "A••• L•••"))
    html = page(client, "titles", state="draft")
    assert "Secret Draft" in html
    assert "Night Train" not in html
    assert "lantern" in page(client, "title", title.id)


def test_a_titles_files_say_in_words_how_far_they_are(client, staff, creator, title) -> None:
    film, trailer = make_asset(creator.pk), make_asset(creator.pk)
    Title.objects.filter(pk=title.id).update(asset_id=film.id, next_trailer_asset_id=trailer.id)
    html = page(client, "title", title.id)
    assert html.count("Get it ready to play") == html.count("Make the other qualities") == 2
    assert "Trailer to come" in html
    assert "<span>first</span>" not in html


def test_a_payment_tells_its_whole_story(client, staff, viewer, purchase) -> None:
    html = page(client, "payment", purchase.payment_id)
    assert "€4.99" in html
    assert "G••• H•••" in html
    assert "Night Train" in html
    assert "gateway:sandbox" in html
    assert "In the books" in html


@pytest.mark.parametrize("text", ["4.99", "viewer@example.org", "Night Train"])
def test_payments_are_found_by_amount_buyer_and_title(client, staff, purchase, text) -> None:
    assert reverse("backoffice:payment", args=[purchase.payment_id]) in page(client, "payments", q=text)
    assert reverse("backoffice:payment", args=[purchase.payment_id]) not in page(client, "payments", q="5.00")


def test_a_refund_gives_the_money_back_once_and_takes_the_film(client, staff, viewer, purchase) -> None:
    address = reverse("backoffice:refund", args=[purchase.payment_id])
    for _ in range(2):
        assert client.post(address).status_code == 302
    run_jobs(only="monetization")
    assert not may_watch(viewer.pk, purchase.title_id, now()).allowed
    assert [payment.state for payment in list_payments()] == ["refunded"]
    html = page(client, "payment", purchase.payment_id)
    assert "Refunded" in html
    assert 'id="refund"' not in html


def test_one_box_finds_anything(client, staff, viewer, title, purchase) -> None:
    for something, name, args in (
        (viewer.pk, "person", [viewer.pk]),
        (title.id, "title", [title.id]),
        (purchase.id, "payment", [purchase.payment_id]),
        (purchase.payment_id, "payment", [purchase.payment_id]),
    ):
        answer = client.get(reverse("backoffice:search"), {"q": str(something)})
        assert answer.headers["Location"] == reverse(f"backoffice:{name}", args=args)
    payment = reverse("backoffice:payment", args=[purchase.payment_id])
    assert payment in page(client, "search", q="4.99")
    html = page(client, "search", q="viewer@example.org")
    assert payment in html
    assert "G••• H•••" in html
    assert "Night Train" in page(client, "search", q="night train")
    job_id = failed_job(asset_id="0198c0de")
    assert reverse("backoffice:job", args=[job_id]) in page(client, "search", q="0198c0de")
    assert "Nothing answers to that" in page(client, "search", q="zzz nothing zzz")
    assert "Nothing answers to that" in page(client, "search", q=str(new_id()))
    page(client, "search")


@pytest.mark.parametrize(
    "text", ["'; drop table", "%", "_", "\x00", "a" * 5000, "🎬", "-1", "1e400", "٣", "999999999999999999999"]
)
def test_whatever_is_asked_is_answered(client, staff, purchase, text) -> None:
    for name in ("search", "people", "titles", "payments", "jobs"):
        page(client, name, q=text, page=text[:5], state=text[:5])


def test_a_failed_job_runs_again_and_a_waiting_one_can_be_cancelled(client, staff) -> None:
    job_id = failed_job(event={"token": "hush"})
    html = page(client, "job", job_id)
    assert "(hidden)" in html
    assert "hush" not in html
    client.post(reverse("backoffice:job_retry", args=[job_id]))
    assert ProcrastinateJob.objects.get(pk=job_id).status == "todo"
    answer = client.post(reverse("backoffice:job_retry", args=[job_id]), follow=True)
    assert "Only a job that failed" in answer.content.decode()
    client.post(reverse("backoffice:job_cancel", args=[job_id]))
    assert ProcrastinateJob.objects.get(pk=job_id).status == "cancelled"
    assert "cancelled" in page(client, "jobs", state="cancelled").lower()


def test_the_service_is_renamed(client, staff) -> None:
    client.post(reverse("backoffice:settings"), {"service_name": "  Cinema   Nova ", "currency": "CHF"})
    assert (get_installation().name, get_installation().currency) == ("Cinema Nova", "CHF")
    assert "Cinema Nova" in page(client, "home")
    answer = client.post(reverse("backoffice:settings"), {"service_name": " ", "currency": "XXX"})
    assert answer.status_code == 422


def test_what_does_not_exist_is_not_found(client, staff) -> None:
    for name in ("person", "title", "payment"):
        assert client.get(reverse(f"backoffice:{name}", args=[new_id()])).status_code == 404
    assert client.get(reverse("backoffice:job", args=[10**12])).status_code == 404


def test_lists_cost_the_same_queries_with_few_and_with_many(client, staff, creator, viewer) -> None:
    def costs() -> dict[str, int]:
        found = {}
        for name in ("home", "people", "titles", "payments", "jobs"):
            with CaptureQueriesContext(connection) as queries:
                page(client, name)
            found[name] = len(queries)
        return found

    def fill(times: int) -> None:
        for _ in range(times):
            make_title(make_channel(make_person()))
            failed_job()

    fill(1)
    costs()
    few = costs()
    fill(20)
    assert costs() == few
    assert max(few.values()) <= 12


def test_what_administrators_do_to_jobs_and_whose_data_they_look_at_is_told(client, staff, viewer) -> None:
    job_id = failed_job()
    client.post(reverse("backoffice:job_retry", args=[job_id]))
    client.post(reverse("backoffice:job_cancel", args=[job_id]))
    client.post(reverse("backoffice:job_retry", args=[job_id]))  # refused: it is cancelled
    client.get(reverse("backoffice:person", args=[viewer.pk]))
    told = [(each.act, each.actor_id, each.object_id) for each in recorded()]
    assert told == [
        ("job.retried", staff.pk, str(job_id)),
        ("job.cancelled", staff.pk, str(job_id)),
        ("person.looked_at", staff.pk, str(viewer.pk)),
    ]


def test_home_says_what_waits_for_a_person(client, staff, purchase, creator) -> None:
    assert "for your answer" not in page(client, "home")
    dispute, payout = make_dispute(purchase.payment_id), make_waiting_payout(make_channel(creator).id)
    html = page(client, "home")
    assert "1 bank took a payment back and waits for your answer." in html
    assert "1 payout waits for a second person." in html
    client.post(reverse("backoffice:dispute_answer", args=[dispute.id]), {"document": "Watched twice."})
    client.post(reverse("backoffice:payout_approve", args=[payout.pk]))
    html = page(client, "home")
    assert ("for your answer" in html, "for a second person" in html) == (False, False)


def test_a_dispute_whose_time_is_over_waits_for_nobody(client, staff, purchase) -> None:
    make_dispute(purchase.payment_id)
    DisputeRow.objects.update(answer_by=now() - timedelta(minutes=1))
    assert "waits for your answer" not in page(client, "home")


def test_a_payout_says_when_its_bank_account_was_changed(client, staff, creator) -> None:
    channel = make_channel(creator, name="Lantern House")
    payout = make_waiting_payout(channel.id)
    html = page(client, "payout", payout.pk)
    assert ("Last changed" in html, channel.path in html, "to Bank" in html) == (True, True, False)
    set_destination(account=payout.account, destination_id=new_id(), label="Bank •••• 4000", at=now())
    assert "to Bank •••• 4000" in page(client, "payout", payout.pk)


def test_a_dispute_is_found_read_and_answered_once(client, staff, purchase) -> None:
    dispute = make_dispute(purchase.payment_id)
    assert "did not buy this" in page(client, "disputes", state="open")
    assert "bank took €4.99 back" in page(client, "payment", purchase.payment_id)
    assert "No disputes" in page(client, "disputes", state="won")
    prepared = page(client, "dispute", dispute.id)
    assert "Answer the bank" in prepared
    assert "Bought at" in prepared
    assert "Documents in the account of the buyer" in prepared
    assert "viewer@example.org" not in prepared
    answer = reverse("backoffice:dispute_answer", args=[dispute.id])
    assert "required" in client.post(answer, {"document": ""}, follow=True).content.decode()
    for words in ("Watched twice on the same telly.", "Another story."):
        client.post(answer, {"document": words})
    html = page(client, "dispute", dispute.id)
    assert "Watched twice on the same telly." in html
    assert "Another story." not in html
    assert "Hand it to the bank" not in html
