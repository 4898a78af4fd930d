"""Passkeys with a real browser: Chromium's own virtual authenticator makes and shows them."""

import pytest
from playwright.sync_api import Page, expect

from footlights.accounts.testing import PASSWORD, make_person, use_app
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.money import Money
from footlights.monetization.api import list_offers
from footlights.monetization.testing import make_offer

pytestmark = [pytest.mark.browser, pytest.mark.service]


def give_authenticator(page: Page) -> None:
    """A device that opens passkeys with its owner's finger, which is always there."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_signs_in_and_proves_who_one_is(visit, barriers):
    creator = make_person(display_name="Grace Hopper")
    title = make_title(make_channel(creator))
    make_offer(title, "buy", Money(400, "EUR"))
    visitor = visit(creator)
    page = visitor.open("/account/second-step/")
    give_authenticator(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Its name").fill("This laptop")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Your spare codes")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="I kept them").click()
    expect(page.get_by_text("This laptop")).to_be_visible()

    page.goto(f"{visitor.url}/account/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{visitor.url}/account/login/?next=/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()

    page.goto(f"{visitor.url}/account/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{visitor.url}/account/login/?next=/studio/titles/{title.id}")
    page.get_by_label("E-mail address").fill(creator.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"**/studio/titles/{title.id}")

    forget_proof(visitor)
    page.goto("about:blank")  # so that the next line opens a page anew, at its prices
    page.goto(f"{visitor.url}/studio/titles/{title.id}#price")
    page.get_by_label("To keep", exact=True).fill("7.00")
    page.locator("#price").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"**/studio/titles/{title.id}**")
    assert [offer.price for offer in list_offers(title.id)] == [Money(700, "EUR")]


def forget_proof(visitor) -> None:
    """As if ten minutes had passed since the last proof."""
    from django.conf import settings

    from footlights.accounts.sessions import SessionStore

    cookies = {cookie["name"]: cookie["value"] for cookie in visitor.context.cookies()}
    session = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    session["proof"]["at"] -= 601
    session.modified = True
    session.save()


def test_the_pages_of_the_second_step_stand_in_nobodys_way(visit, barriers):
    person = make_person()
    visitor = visit(person)
    own = ["", "totp/activate/", "webauthn/add/", "webauthn/"]
    for path in own:
        assert barriers(visitor.open(f"/account/second-step/{path}")) == [], path
    assert barriers(visitor.open("/account/devices")) == []
    use_app(person)
    for path in ("", "totp/deactivate/", "reauthenticate/", "recovery-codes/generate/"):
        assert barriers(visitor.open(f"/account/second-step/{path}")) == [], path
    stranger = visit()
    for path in ("/account/login/", "/account/login/code/"):
        assert barriers(stranger.open(path)) == [], path
