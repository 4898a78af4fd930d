"""The backoffice in a real browser, on a phone and on a desk."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from procrastinate.contrib.django import app

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.monetization.api import buy_title
from footlights.monetization.testing import make_offer

pytestmark = [pytest.mark.browser, pytest.mark.service]


@pytest.fixture
def staff(service):
    return make_person(is_staff=True)


@pytest.fixture
def purchase(service):
    viewer, title = make_person(), make_title(make_channel(make_person()), name="The Lighthouse")
    return buy_title(viewer_id=viewer.pk, offer_id=make_offer(title).id, idempotency_key="k", at=now())


@pytest.mark.parametrize("phone", [True, False])
def test_nothing_stands_in_an_administrators_way(visit, staff, purchase, barriers, phone):
    job_id = app.configure_task("media.probe", queue="nobody", allow_unknown=True).defer(asset_id="7")
    records = {"person": purchase.viewer_id, "title": purchase.title_id, "payment": purchase.payment_id, "job": job_id}
    paths = [
        reverse(f"backoffice:{name}") for name in ("home", "people", "titles", "payments", "jobs", "trail", "settings")
    ]
    paths += [reverse(f"backoffice:{name}", args=[record]) for name, record in records.items()]
    visitor = visit(staff, phone=phone)
    page = visitor.context.new_page()
    for path in [*paths, f"{reverse('backoffice:search')}?q=lighthouse"]:
        page.goto(f"{visitor.url}{path}")
        assert barriers(page) == [], path


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
