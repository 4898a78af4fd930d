"""An evening with tickets, in three browsers: planned in the studio, bought on a phone, held against a stranger."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.browser.test_checkout import pay

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.live.api import end_broadcast, list_broadcasts

pytestmark = [pytest.mark.browser, pytest.mark.service]
WAITS = "The show has not begun yet."


def test_an_evening_is_planned_sold_on_a_phone_closed_to_everybody_else_and_given_back(visit, service, barriers):
    creator = make_person()
    channel = make_channel(creator, name="Lantern Hall")
    studio = visit(creator)
    plan(studio.open(reverse("studio:broadcast_new")), barriers)
    [show] = list_broadcasts(channel.id)
    address = f"/live/{show.token}"

    buyer = visit(make_person(), phone=True)
    page = buyer.open(address)
    expect(page.get_by_text("With a ticket you are in")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name=re.compile("€8.00")).click()
    buys(page, barriers)
    page.wait_for_url(f"**{address}**")
    expect(page.get_by_text(WAITS)).to_be_visible()
    assert barriers(page) == []
    page.goto(f"{buyer.url}{reverse('storefront:library')}")
    page.get_by_role("link", name=re.compile("An evening of one-act plays")).first.click()
    expect(page.get_by_text(WAITS)).to_be_visible()

    outside = visit(make_person())
    stranger = outside.open(address)
    expect(stranger.get_by_text("With a ticket you are in")).to_be_visible()
    expect(stranger.get_by_text(WAITS)).to_have_count(0)

    end_broadcast(broadcast_id=show.id, editor_id=creator.pk, at=now())
    page.goto(f"{buyer.url}{reverse('account:purchases')}")
    for _second in range(15):  # the worker gives it back
        if page.get_by_text("Refunded").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(page.get_by_text("Refunded")).to_be_visible()
    # A browser's console notes that who has no ticket is told so with a 403, and that no picture comes yet.
    for visitor, noted in ((buyer, "403 (Forbidden)"), (outside, "403 (Forbidden)"), (studio, "404 (Not Found)")):
        visitor.errors[:] = [error for error in visitor.errors if noted not in error]


def plan(page: Page, barriers) -> None:
    """What a ticket costs is asked once it is chosen."""
    expect(page.get_by_label("A ticket costs")).to_be_hidden()
    page.get_by_label("Name", exact=True).fill("An evening of one-act plays")
    page.get_by_label("It starts").fill((now() + timedelta(days=2)).strftime("%Y-%m-%dT20:00"))
    page.get_by_label("Whoever has a ticket").check()
    page.get_by_label("A ticket costs").fill("8")
    assert barriers(page) == []
    page.get_by_role("button", name="Next: connect").click()
    expect(page.get_by_role("heading", name="An evening of one-act plays")).to_be_visible()


def buys(page: Page, barriers) -> None:
    """Two pages from the price to the waiting room."""
    expect(page.get_by_text("Should it not take place, all your money comes back by itself.")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Pay €8.00").click()
    page.wait_for_url("**/sandbox-gateway/**")
    pay(page, "Paid", "€8.00")
