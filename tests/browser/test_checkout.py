"""The checkout in a real browser: from the price to the film, and each way it can go wrong."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.monetization.testing import make_offer
from footlights.payments.testing import settle_unknown

pytestmark = [pytest.mark.browser, pytest.mark.service]


@pytest.fixture
def title(packaged):
    return make_title(make_channel(make_person()), name="The Lamplighter", asset_id=packaged().id)


def to_the_till(visit, title, *, kind="buy", price=400, phone=False) -> Page:
    """A viewer who clicked on the one button and stands before the payment page."""
    offer = make_offer(title, kind, Money(price, "EUR"))
    page = visit(make_person(), phone=phone).open(f"{title.path}/get/{offer.id}")
    page.get_by_role("button", name=re.compile("Pay")).click()
    page.wait_for_url("**/sandbox-gateway/**")
    return page


def pay(page: Page, card: str, price: str = "€4.00") -> None:
    page.get_by_role("radio", name=re.compile(f"^{card}")).check()
    page.get_by_role("button", name=f"Pay {price}").click()


def test_what_is_paid_plays_without_a_reload_by_hand(visit, title):
    page = to_the_till(visit, title)
    pay(page, "Paid")
    page.wait_for_url(f"**{title.path}/watch?autoplay=1")


def test_a_challenge_is_one_more_page(visit, title):
    page = to_the_till(visit, title, phone=True)
    pay(page, "Challenge")
    page.get_by_role("button", name="Yes, pay").click()
    page.wait_for_url(f"**{title.path}/watch?autoplay=1")


def test_declined_says_nothing_was_charged_and_tries_again(visit, title):
    page = to_the_till(visit, title)
    pay(page, "Declined")
    expect(page.get_by_role("heading", name="Nothing was charged")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Try again").click()
    page.get_by_role("button", name="Pay €4.00").click()
    pay(page, "Paid")
    page.wait_for_url(f"**{title.path}/watch?autoplay=1")


def test_turning_back_charges_nothing(visit, title):
    page = to_the_till(visit, title)
    page.get_by_role("button", name="Go back without paying").click()
    expect(page.get_by_role("heading", name="Nothing was charged")).to_be_visible(timeout=30_000)


def test_a_lost_answer_says_that_we_ask_and_then_plays(visit, title):
    page = to_the_till(visit, title)
    pay(page, "Answer lost")
    expect(page.get_by_role("heading", name="We are asking the bank")).to_be_visible(timeout=30_000)
    for minutes in (1, 2):  # what the clock does, sooner; the next answer is lost as well
        settle_unknown(at=now() + timedelta(minutes=minutes))
    page.wait_for_url(f"**{title.path}/watch?autoplay=1", timeout=30_000)


def test_an_altered_amount_tells_both_figures_and_grants_nothing(visit, title):
    page = to_the_till(visit, title)
    pay(page, "Amount altered")
    expect(page.get_by_text("charged €2.00; the price is €4.00")).to_be_visible(timeout=30_000)


def test_the_whole_way_works_by_keyboard(visit, title):
    offer = make_offer(title, "rent", Money(400, "EUR"))
    page = visit(make_person()).open(f"{title.path}/get/{offer.id}")
    page.get_by_role("button", name="Pay €4.00").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sandbox-gateway/**")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first card is chosen, and Enter in a form sends it
    page.wait_for_url(f"**{title.path}/watch?autoplay=1")


def test_without_script_the_page_finds_the_film_by_itself(visit, title):
    offer = make_offer(title)
    page = visit(make_person(), java_script_enabled=False).open(f"{title.path}/get/{offer.id}")
    page.get_by_role("button", name="Pay €4.00").click()
    pay(page, "Paid")
    page.wait_for_url(f"**{title.path}/watch?autoplay=1")
