"""The doors of the house and one's own account, in a real browser."""

import pytest
from playwright.sync_api import expect

from footlights.accounts.testing import PASSWORD, make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.playback.models import WatchProgress

pytestmark = [pytest.mark.browser, pytest.mark.service]

DOORS = ["/account/login/", "/account/signup/", "/account/password/reset/", "/account/password/reset/done/"]
OWN = [
    "/account/",
    "/account/purchases",
    "/account/history",
    "/account/email/",
    "/account/password/change/",
    "/account/services/",
]


@pytest.fixture
def viewer(service):
    viewer = make_person(display_name="Grace Hopper")
    title = make_title(make_channel(viewer), name="A title that is so long that somebody must have lost a bet" * 2)
    WatchProgress.objects.create(
        viewer_id=viewer.pk, title_id=title.id, position_ms=42_000, duration_ms=60_000, at=now()
    )
    return viewer


def test_nothing_stands_in_anybodys_way(visit, viewer, barriers):
    for visitor, paths in ((visit(), DOORS), (visit(viewer), OWN)):
        page = visitor.context.new_page()
        for path in paths:
            page.goto(f"{visitor.url}{path}")
            assert barriers(page) == [], path


def test_a_password_can_be_shown_and_is_sent_hidden(visit, viewer):
    page = visit().open("/account/login/?next=/account/")
    field = page.locator("input[name=password]")
    page.get_by_label("E-mail address").fill(viewer.email)
    field.fill(PASSWORD)
    page.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")
    page.evaluate(
        "document.querySelector('main form').addEventListener('submit', (e) => e.preventDefault(), { once: true })"
    )
    field.press("Enter")
    expect(field).to_have_attribute("type", "password")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()


def test_what_was_watched_is_forgotten_with_two_clicks(visit, viewer):
    page = visit(viewer, phone=True).open("/account/history")
    page.get_by_role("button", name="Forget all of it").click()
    page.get_by_role("button", name="Forget all", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing yet")).to_be_visible()
    assert not WatchProgress.objects.filter(viewer_id=viewer.pk).exists()


def test_somebody_signs_in_with_another_services_account(visit, viewer, barriers):
    visitor = visit(phone=True)
    page = visitor.open("/account/login/?next=/account/services/")
    page.get_by_role("button", name="Go on with The School").click()
    page.get_by_role("button", name="maya").click()
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()  # signed in, and no proof of it
    visitor.errors.clear()  # the other service's own pages complain
    assert barriers(page) == []
    page.goto(f"{visitor.url}/account/")
    expect(page.get_by_role("heading", name="Maya Lind")).to_be_visible()
