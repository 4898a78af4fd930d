"""The backoffice in a real browser, on a phone and on a desk."""

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect
from procrastinate.contrib.django import app

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.alerts.kinds import Kind
from footlights.alerts.testing import make_alert
from footlights.audit.api import Act, Origin, acting, record
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.monetization.api import buy_title
from footlights.monetization.testing import make_house_coupon_of, make_offer

pytestmark = [pytest.mark.browser, pytest.mark.service]


@pytest.fixture
def staff(service):
    return make_person(is_staff=True)


@pytest.fixture
def purchase(service):
    viewer, title = make_person(), make_title(make_channel(make_person()), name="The Lighthouse")
    return buy_title(viewer_id=viewer.pk, offer_id=make_offer(title).id, idempotency_key="k", at=now())


def test_nothing_stands_in_an_administrators_way(visit, staff, purchase, barriers):
    job_id = app.configure_task("media.probe", queue="nobody", allow_unknown=True).defer(asset_id="7")
    records = {"person": purchase.viewer_id, "title": purchase.title_id, "payment": purchase.payment_id, "job": job_id}
    paths = [
        reverse(f"backoffice:{name}")
        for name in ("home", "people", "titles", "payments", "works", "jobs", "trail", "settings", "coupons")
    ]
    records["coupon"] = make_house_coupon_of(staff, code="", batch=2).id
    records["alert"] = make_alert(Kind.SIGN_INS_FAIL, "everywhere").id
    paths += [reverse(f"backoffice:{name}") for name in ("alerts", "alert_destinations", "alerts_runbook")]
    paths += [reverse(f"backoffice:{name}", args=[record_id]) for name, record_id in records.items()]
    visitor = visit(staff)
    page = visitor.context.new_page()
    for path in [*paths, f"{reverse('backoffice:search')}?q=lighthouse"]:
        page.goto(f"{visitor.url}{path}")
        assert barriers(page) == [], path


def test_a_new_alert_appears_by_itself_and_leaves_when_somebody_looks_after_it(visit, staff):
    """From an act in the trail to every open page of the backoffice, by the worker that really runs."""
    page = visit(staff).open(reverse("backoffice:titles"))
    page.wait_for_load_state("networkidle")
    account = make_person()
    for _ in range(15):
        with transaction.atomic(), acting(Origin(address="203.0.113.9")):
            record(act=Act.SESSION_REFUSED, object_kind="person", object_id=account.pk, actor_id=None)
    told = page.locator(".alerts-banner").get_by_text("Somebody guesses the password of an account")
    told.first.wait_for()
    href = page.locator(".alerts-banner a", has_text="Look").first.get_attribute("href")
    page.goto(f"{page.url.split('/backoffice')[0]}{href}")
    expect(page.get_by_text("Evidence")).to_be_visible()
    page.get_by_role("button", name="I look after it").click()
    expect(page.get_by_text("looks after it, since")).to_be_visible()
    expect(page.locator(f".alerts-banner a[href='{href}']")).to_have_count(0)


def test_a_name_is_shown_to_who_says_why_and_its_owner_reads_that(visit, service, barriers):
    grace = make_person(display_name="Grace Hopper")
    page = visit(make_person(roles=[Role.SUPPORT])).open(reverse("backoffice:person", args=[grace.pk]))
    expect(page.get_by_role("heading", name="G••• H•••")).to_be_visible()
    page.get_by_text("Show name and address").click()
    assert barriers(page) == []
    page.get_by_label("Why", exact=True).select_option("They asked us for help")
    page.get_by_label("In a few words").fill("Ticket 77")
    page.get_by_role("button", name="Show them").click()
    expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()
    expect(page.get_by_text("Shown here for")).to_be_visible()
    assert barriers(page) == []
    expect(visit(grace).open(reverse("account:activity")).get_by_text("Ticket 77")).to_be_visible()


def test_a_slash_brings_one_to_the_box_that_finds_anything(visit, staff, purchase):
    page = visit(staff).open(reverse("backoffice:home"))
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    expect(page.get_by_label("Find anything")).to_be_focused()
    page.keyboard.type(str(purchase.id))
    page.keyboard.press("Enter")
    expect(page).to_have_url(
        f"{page.url.split('/backoffice')[0]}{reverse('backoffice:payment', args=[purchase.payment_id])}"
    )
