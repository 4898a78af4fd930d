"""The story Footlights exists for, told by four people's browsers on an empty machine."""

import base64
import re
import time
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect
from tests.browser.test_passkey import give_authenticator
from tests.flows import leaks
from tests.flows.conftest import METRICS_TOKEN

from footlights.kernel.testing import Collector
from footlights.media.testing import sample_video_bytes
from footlights.ops.instance import Instance

pytestmark = [pytest.mark.browser, pytest.mark.service, pytest.mark.media]

PASSWORD = "correct horse battery"
PATIENCE_MS = 90_000  # a pipeline on a busy machine
expect.set_options(timeout=30_000)


@pytest.fixture
def film_file(tmp_path: Path) -> Path:
    file = tmp_path / "Night train, last cut.mp4"
    file.write_bytes(sample_video_bytes())
    return file


def test_from_an_empty_house_to_a_film_that_is_sold_watched_and_refunded(
    visit, barriers, film_file, service, collector
):
    owner = visit().open("/")
    assert barriers(owner) == []
    open_the_house(owner, name="Cinema Nova")

    creator = visit().open("/")
    sign_up(creator, "creator@example.org", wish="To show my work")
    open_a_channel(creator, "Lantern Films")
    upload_and_write_while_it_runs(creator, film_file, name="Night Train")
    price(creator, "4.00")
    publish(creator)

    visitor = visit(phone=True)
    keys_asked_for = listen_at_the_gate(visitor)
    viewer = visitor.open("/")
    find(viewer, "night train")
    buy(viewer, "viewer@example.org", card="paid")
    sees_moving_pictures(viewer)
    keys = keys_given(viewer, keys_asked_for[-1])
    title_id = viewer.locator("[data-title-id]").get_attribute("data-title-id")
    address = re.sub(r"/watch.*", "", viewer.url)

    stranger = visit()
    is_refused(stranger, address, title_id, keys_asked_for)

    sees_on_the_money_page(creator, "Viewers paid €4.00, the service kept €0.40, you earned €3.60.")

    give_the_money_back(owner, "viewer@example.org")
    viewer.goto(address)
    expect(viewer.get_by_text("You have your money back.")).to_be_visible()
    is_refused(visitor, address, title_id, keys_asked_for)
    sees_on_the_money_page(creator, "Viewers paid €0.00, the service kept €0.00, you earned €0.00.")

    opens_something = secrets_of([owner, creator, viewer], keys_asked_for, keys)
    assert leaks.find_in_log(service, opens_something) == []
    assert leaks.find_in_tables(service, opens_something) == []
    personal = {"owner@example.org", "creator@example.org", "viewer@example.org", "Lantern", "Night", "127.0.0.1"}
    assert [each for each in opens_something | personal if each in collector.text] == []
    tells_what_it_did(collector, service)
    assert {"footlights", "web"} <= {event["process"] for event in leaks.events(service)}
    counts_every_process(service)

    # Who is refused is told so by the service, and a browser's console notes each refusal; nothing else went wrong.
    for refused in (stranger, visitor):
        refused.errors[:] = [error for error in refused.errors if "403 (Forbidden)" not in error]


def open_the_house(page: Page, *, name: str) -> None:
    """Whatever address one opens, an empty installation asks who it belongs to."""
    expect(page).to_have_url(re.compile(r"/welcome$"))
    page.get_by_label("Name of your service").fill(name)
    page.get_by_label("Your e-mail address").fill("owner@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Open it and look around").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def sign_up(page: Page, email: str, *, wish: str) -> None:
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Open an account").click()
    page.get_by_text(wish).click()
    fill_in_the_account(page, email)


def fill_in_the_account(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()


def open_a_channel(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name="Open your channel")).to_be_visible()
    page.get_by_label("Name", exact=True).fill(name)
    expect(page.get_by_label("Address")).to_have_value("lantern-films")
    page.get_by_role("button", name="Open the channel").click()
    expect(page.get_by_text("Drop your films here")).to_be_visible()


def upload_and_write_while_it_runs(page: Page, file: Path, *, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.locator("input[data-files]").set_input_files(file)
    title = page.get_by_label("Title", exact=True)
    expect(title).to_have_value(re.compile("Night train", re.IGNORECASE))
    expect(page.get_by_text("Get it ready to play")).to_be_visible()
    title.fill(name)
    page.get_by_label("Description").fill("A train, a night, and nobody on the platform.")
    expect(page.locator(".saved", has_text="Saved")).to_have_count(1)


def price(page: Page, amount: str) -> None:
    page.get_by_text("For sale").click()
    page.get_by_label("To keep", exact=True).fill(amount)
    expect(page.get_by_text("€3.60")).to_be_visible()  # what stays of it, told while it is typed
    expect(page.locator(".saved", has_text="Saved")).to_have_count(2)


def publish(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.get_by_text(re.compile("It is out|It goes out by itself"))).to_be_visible()
    expect(page.get_by_text(re.compile("^(Ready to play|It plays already)"))).to_be_visible(timeout=PATIENCE_MS)


def find(page: Page, words: str) -> None:
    page.get_by_role("link", name="Search").click()
    box = page.get_by_role("main").get_by_role("searchbox")
    box.fill(words)
    box.press("Enter")
    page.get_by_role("main").get_by_role("link", name="Night Train").click()
    expect(page.get_by_role("heading", name="Night Train", level=1)).to_be_visible()


def buy(page: Page, email: str, *, card: str) -> None:
    """Who is not signed in opens an account on the way and loses nothing."""
    page.get_by_role("link", name=re.compile("Buy.*€4.00")).filter(visible=True).first.click()
    page.get_by_role("link", name="Open an account").click()
    fill_in_the_account(page, email)
    page.get_by_role("button", name="Pay €4.00").click()
    page.locator(f"input[name=card][value={card}]").check()
    page.get_by_role("button", name="Pay €4.00").click()
    expect(page).to_have_url(re.compile("/watch"), timeout=PATIENCE_MS)


def sees_moving_pictures(page: Page) -> None:
    """Encrypted pictures, decoded by the browser's own key system: time advances and the frame is not one flat colour."""
    until(page, "video.currentTime > 1 && !video.paused && video.mediaKeys !== null")
    before = page.evaluate("document.querySelector('video').currentTime")
    until(page, f"video.currentTime > {before} + 0.5")
    picture = Image.open(BytesIO(page.locator("video").screenshot())).convert("RGB").resize((64, 36))
    assert len(picture.getcolors(64 * 36)) > 100
    assert max(high for _low, high in picture.getextrema()) > 100


def listen_at_the_gate(visitor) -> list[Request]:
    asked: list[Request] = []
    visitor.context.on("request", lambda request: request.url.endswith("/playback/licence") and asked.append(request))
    return asked


def is_refused(visitor, address: str, title_id: str, keys_asked_for: list[Request]) -> None:
    """The page leads to the price, and the gate gives neither a session nor, to a repeated question, a key."""
    page = visitor.context.new_page()
    answer = page.goto(f"{address}/watch")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("link", name=re.compile("Buy.*€4.00")).filter(visible=True).first).to_be_visible()
    gate = page.request
    session = gate.post(
        f"{visitor.url}/playback/sessions", data={"title_id": title_id}, headers={"Origin": visitor.url}
    )
    assert session.status == 403
    overheard = keys_asked_for[-1]
    token = {"Authorization": overheard.header_value("authorization") or ""}
    key = gate.post(overheard.url, data=overheard.post_data_json, headers=token)
    assert key.status == 403, key.text()


def sees_on_the_money_page(page: Page, words: str) -> None:
    """The books follow within moments."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        page.goto(re.match(r"https?://[^/]+", page.url)[0] + "/studio/money")
        if page.get_by_text(words).count():
            return
        assert time.monotonic() < deadline, page.locator("main").inner_text()
        page.wait_for_timeout(500)


def give_the_money_back(page: Page, buyer: str) -> None:
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Backoffice").click()
    set_up_a_passkey(page)
    box = page.get_by_label("Find anything")
    box.fill(buyer)
    box.press("Enter")
    page.get_by_role("region", name="Payments").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="€4.00", exact=True)).to_be_visible()
    page.get_by_role("button", name="Give the money back").click()
    page.get_by_role("button", name="Give it back").click()
    expect(page.get_by_text("The money goes back")).to_be_visible()
    expect(page.get_by_text("Refunded").first).to_be_visible()


def set_up_a_passkey(page: Page) -> None:
    """The backoffice opens to administrators who have a second step."""
    expect(page.get_by_text("What you asked for opens once you have set up one of these.")).to_be_visible()
    give_authenticator(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="on to the backoffice").click()


def keys_given(page: Page, overheard: Request) -> set[str]:
    """The film's keys, asked for once more as the player did."""
    token = {"Authorization": overheard.header_value("authorization") or ""}
    answer = page.request.post(overheard.url, data=overheard.post_data_json, headers=token)
    return {key["k"] for key in answer.json()["keys"]}


def secrets_of(pages: list[Page], keys_asked_for: list[Request], keys: set[str]) -> set[str]:
    """Passwords, cookies, watch tokens, the film's keys in every form, the monitor's token: what was used on the way."""
    cookies = {cookie["value"] for page in pages for cookie in page.context.cookies() if cookie["name"] != "theme"}
    tokens = {(request.header_value("authorization") or "").removeprefix("Bearer ") for request in keys_asked_for}
    content = {form for key in keys for form in leaks.written_forms(base64.urlsafe_b64decode(key + "=="))}
    found = {PASSWORD, METRICS_TOKEN} | cookies | tokens | content
    assert len(cookies) > 3
    assert content
    assert all(len(secret) > 8 for secret in found), found
    return found


def tells_what_it_did(collector: Collector, service: Instance) -> None:
    """Requests of pages and uploads, jobs, their statements and calls are traced; a line of the log leads to its trace."""
    names = {span.name for span in collector.spans if not span.parent}
    assert {
        "POST welcome:home",
        "PATCH uploads:item",
        "media.probe_asset",
        "payments.adapters.sandbox.send_webhook",
    } <= names
    parts = {(span.kind, span.attributes.get("db.system.name")) for span in collector.spans if span.parent}
    assert parts == {("CLIENT", "postgresql"), ("CLIENT", None)}
    traced = {event["trace_id"] for event in leaks.events(service) if "trace_id" in event}
    assert traced <= {span.trace for span in collector.spans}


def counts_every_process(service: Instance) -> None:
    """The monitor's figures are of all processes together, whichever of them answers."""
    before = _requests_counted(service)
    asked = 40
    for _ in range(asked):
        httpx.get(f"{service.url}/healthz")
    assert _requests_counted(service) >= before + asked


def _requests_counted(service: Instance) -> float:
    text = httpx.get(f"{service.url}/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}).text
    assert 'route="uploads:item"' in text
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("footlights_requests_total{"))


def until(page: Page, truth: str, *, within_s: int = 30) -> None:
    """Wait until a script says true. (Playwright's own waiting needs eval, which the pages forbid.)"""
    deadline = time.monotonic() + within_s
    while not page.evaluate(f"(() => {{ const video = document.querySelector('video'); return Boolean({truth}) }})()"):
        assert time.monotonic() < deadline, f"never became true: {truth}"
        page.wait_for_timeout(100)
