"""A creator's way in a real browser: from a file to the public, over a lost network, a page loaded anew, servers that
start anew and a full disk."""

import re
import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.catalog import api as catalog
from footlights.catalog.testing import join_team, make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.media import api as media
from footlights.media.testing import make_ready_asset, sample_video_bytes
from footlights.monetization import api as monetization
from footlights.monetization.testing import make_offer

pytestmark = [pytest.mark.browser, pytest.mark.service]

PIPELINE_MS = 180_000


@pytest.fixture
def creator(service):
    return make_person(email=f"creator-{new_id().hex}@example.org")


@pytest.fixture
def channel(creator):
    return make_channel(creator, handle=f"lantern-{new_id().hex[-8:]}")


def film(name: str = "dusk_at_sea.mp4") -> dict[str, object]:
    return {"name": name, "mimeType": "video/mp4", "buffer": sample_video_bytes()}


def long_film(folder: Path, size_bytes: int) -> Path:
    """A real film with so much padding that sending it takes a while."""
    body = sample_video_bytes()
    padding = size_bytes - len(body)
    path = folder / "night_ferry.mp4"
    path.write_bytes(body + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8))
    return path


def send_slowly(page: Page, bytes_per_s: int) -> None:
    session = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_s}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", slow)


def stop_bytes(page: Page) -> None:
    page.route("**/uploads/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())


def open_with_a_clock(visitor, path: str) -> Page:
    """A page whose pauses the test cuts short, with `let_time_pass` or `page.clock`."""
    page = visitor.context.new_page()
    page.clock.install()
    page.goto(f"{visitor.url}{path}")
    return page


def let_time_pass(page: Page, *, until: Locator) -> None:
    """Seconds in the page's eyes, again and again, until something is there."""
    for _ in range(100):
        if until.count():
            return
        page.clock.fast_forward(8_000)
        page.wait_for_timeout(100)
    raise AssertionError(f"never came: {until}")


def test_a_film_goes_from_a_file_to_the_public(service, visit, creator, channel):
    page = visit(creator).open("/studio/upload")
    page.set_input_files("input[data-files]", film())
    card = page.locator("[data-card]")
    expect(card.get_by_label("Title")).to_have_value("dusk at sea")

    card.get_by_label("Title").fill("Dusk at sea")
    expect(card.locator(".saved").first).to_contain_text("Saved ")
    card.get_by_text("For sale").click()
    card.get_by_label("To rent", exact=True).fill("4.00")
    expect(card.locator(".net").first).to_contain_text("€3.60")
    expect(card.locator(".price-form .saved")).to_contain_text("Saved ")
    wait_until_for_sale(page, channel)  # “Saved” may still speak of the choice before the price
    card.get_by_role("button", name=re.compile("^Publish")).click()
    expect(card.get_by_text(re.compile("It goes out by itself|It is out"))).to_be_visible()
    expect(card.locator(".file")).to_have_attribute("data-state", "ready", timeout=PIPELINE_MS)
    expect(card.locator(".file [hx-get]")).to_have_count(0)

    (title,) = catalog.list_titles_of(channel.id)
    assert (title.name, title.state, title.playable) == ("Dusk at sea", "published", True)
    assert title.poster is not None
    assert [str(offer.kind) for offer in monetization.list_offers(title.id)] == ["rent"]
    assert visit().open(title.path).get_by_role("heading", level=1).inner_text() == "Dusk at sea"


def wait_until_for_sale(page, channel):
    deadline = time.monotonic() + 15
    while not monetization.list_offers(catalog.list_titles_of(channel.id)[0].id):
        assert time.monotonic() < deadline, "the price was never kept"
        page.wait_for_timeout(100)


def test_an_upload_goes_on_by_itself_when_the_network_is_back(service, visit, creator, channel):
    visitor = visit(creator)
    page = open_with_a_clock(visitor, "/studio/upload")
    stop_bytes(page)
    page.set_input_files("input[data-files]", film())
    let_time_pass(page, until=page.locator("[data-card] [data-left]", has_text="connection is lost"))
    expect(page.locator("[data-card] .file")).to_have_attribute("data-state", "receiving")
    page.unroute("**/uploads/*")
    page.clock.fast_forward(5_000)
    expect(page.locator("[data-card] .file")).not_to_have_attribute("data-state", "receiving", timeout=30_000)
    visitor.errors.clear()


def test_after_a_reload_the_same_file_goes_on_and_another_does_not(service, visit, creator, channel):
    visitor = visit(creator)
    page = visitor.open("/studio/upload")
    stop_bytes(page)
    page.set_input_files("input[data-files]", film())
    expect(page.locator("[data-card]")).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    card = page.locator("[data-card]")
    expect(card).to_contain_text("Unfinished")
    card.locator("input[data-same]").set_input_files(film("other.mp4"))
    expect(card.locator("[data-card-trouble]")).to_contain_text("another file")
    page.unroute("**/uploads/*")
    page.set_input_files("input[data-files]", film())
    expect(card.locator(".file")).not_to_have_attribute("data-state", "receiving", timeout=30_000)
    expect(page.locator("[data-card]")).to_have_count(1)
    assert len(catalog.list_titles_of(channel.id)) == 1
    visitor.errors.clear()


def test_an_upload_outlives_its_servers_and_what_is_typed_meanwhile_is_kept(service, visit, creator, channel, tmp_path):
    visitor = visit(creator)
    page = visitor.open("/studio/upload")
    send_slowly(page, 4_000_000)
    begun_at = []
    page.on("request", lambda sent: sent.method == "PATCH" and begun_at.append(int(sent.headers["upload-offset"])))
    page.set_input_files("input[data-files]", long_film(tmp_path, 20_000_000))
    card = page.locator("[data-card]")
    card.get_by_label("Title").fill("Night ferry")
    expect(card.locator(".saved").first).to_contain_text("Saved ")
    expect(card.locator(".file")).not_to_have_attribute("data-offset", "0", timeout=30_000)  # a part has arrived
    expect(card.locator("[data-left]")).to_contain_text("left")
    (crew,) = (child for child in psutil.Process(service.process.pid).children() if "crew" in child.cmdline())
    crew.suspend()  # it would have others there before anybody noticed
    for process in crew.children(recursive=True):
        if process.name() in {"web", "uploads"}:
            process.kill()
    card.get_by_label("Description").fill("Written while nobody answered")
    expect(page.locator("#toasts")).to_contain_text("Nothing on this page is lost")
    crew.resume()
    expect(card.locator(".file")).to_have_attribute("data-state", re.compile("working|playable|ready"), timeout=60_000)
    assert (begun_at[0], begun_at[-1] > 0) == (0, True), begun_at  # what had arrived was not sent again
    (title,) = catalog.list_titles_of(channel.id)
    assert (title.name, title.slug) == ("Night ferry", "night-ferry")
    with page.expect_response("**/saved"):
        card.get_by_label("Description").fill("Written when it answered again")
    assert catalog.get_title(title.id).description == "Written when it answered again"
    visitor.errors.clear()


def test_a_full_disk_is_said_and_the_upload_goes_on_once_there_is_space(service, visit, creator, channel, small_disk):
    visitor = visit(creator)
    page = open_with_a_clock(visitor, "/studio/upload")
    stop_bytes(page)
    page.set_input_files("input[data-files]", film())
    card = page.locator("[data-card]")
    upload_id = card.get_attribute("data-upload")
    with small_disk(service.home / "service-objects" / "sources" / upload_id.replace("-", ""), "4k"):
        page.unroute("**/uploads/*")
        expect(card.locator("[data-card-trouble]")).to_contain_text("no space left", timeout=30_000)
        expect(card.get_by_role("button", name="Go on")).to_be_visible()
        expect(card.locator(".file")).to_have_attribute("data-state", "receiving")
    page.clock.fast_forward(10_000)
    expect(card.locator(".file")).not_to_have_attribute("data-state", "receiving", timeout=30_000)
    expect(card.locator("[data-card-trouble]")).to_be_hidden()
    visitor.errors.clear()


def test_a_film_is_replaced_at_its_address_while_the_old_one_plays(service, visit, creator, channel):
    title = make_title(channel, asset_id=make_ready_asset(creator.id).id)
    make_offer(title, "free")
    page = visit(creator).open(f"/studio/titles/{title.id}#file")
    page.locator("#file").locator("input[data-files]").set_input_files(film("better_cut.mp4"))
    expect(page.get_by_text("What plays now keeps playing until it is ready")).to_be_visible()
    assert visit().open(f"{title.path}/watch").locator("[data-island=player]").count() == 1
    expect(page.locator(".editor-aside .file")).to_have_attribute("data-state", "ready", timeout=PIPELINE_MS)
    replaced = catalog.get_title(title.id)
    assert replaced.asset_id not in {title.asset_id, None}
    assert (replaced.path, replaced.state, replaced.playable) == (title.path, "published", True)
    assert media.get_asset(replaced.asset_id).filename == "better_cut.mp4"


def test_what_was_wrong_with_a_price_goes_once_it_is_typed_anew(service, visit, creator, channel):
    visitor = visit(creator)
    page = visitor.open(f"/studio/titles/{make_title(channel).id}#price")
    page.get_by_text("For sale").click()
    rent = page.get_by_label("To rent", exact=True)
    rent.fill("four")
    page.get_by_role("button", name="Save the price").click()
    expect(page.locator("#price .errorlist")).to_contain_text("not an amount")
    rent.fill("4.00")
    expect(page.locator("#price .net").first).to_contain_text("€3.60")
    expect(page.locator("#price .errorlist")).to_have_count(0)
    expect(rent).not_to_have_attribute("aria-describedby", re.compile("_error"))
    visitor.errors.clear()  # that the first was refused


def test_a_deleted_title_comes_back_by_one_button(service, visit, creator, channel):
    title = make_title(channel)
    page = visit(creator).open(f"/studio/titles/{title.id}#file")
    page.get_by_role("button", name="Delete this title").click()
    expect(page.locator("#toasts")).to_contain_text("is deleted")
    assert catalog.get_title(title.id).state == "deleted"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name=title.name)).to_be_visible()
    assert catalog.get_title(title.id).path == title.path
    assert catalog.get_title(title.id).state == "published"


def test_an_upload_can_be_paused_and_cancelled(service, visit, creator, channel):
    visitor = visit(creator)
    page = visitor.open("/studio/upload")
    stop_bytes(page)
    page.set_input_files("input[data-files]", film())
    card = page.locator("[data-card]")
    card.get_by_role("button", name="Pause").click()
    expect(card.locator("[data-left]")).to_have_text("Paused")
    expect(card.get_by_role("button", name="Go on")).to_be_visible()
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_have_count(0)
    assert catalog.list_titles_of(channel.id) == []
    visitor.errors.clear()


def test_what_was_typed_and_not_saved_outlives_a_reload(service, visit, creator, channel):
    title = make_title(channel, state="draft", playable=False)
    page = visit(creator).open(f"/studio/titles/{title.id}")
    page.get_by_label("Description").fill("Half a thought")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("Description")).to_have_value("Half a thought")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#toasts")).to_contain_text("Saved")
    page.reload()
    expect(page.get_by_text("not saved is back")).to_have_count(0)
    assert catalog.get_title(title.id).description == "Half a thought"


def test_many_titles_are_deleted_and_brought_back_from_the_keyboard(service, visit, creator, channel):
    for _ in range(2):
        make_title(channel)
    page = visit(creator).open("/studio/titles")
    expect(page.locator("#bulk")).to_be_hidden()
    page.get_by_label("Choose all on this page").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_contain_text("2")
    page.get_by_role("button", name="Delete").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("2 titles deleted")
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator('input[name="ids"]')).to_have_count(2)


def test_many_titles_are_changed_at_once_and_others_stay(service, visit, creator, channel):
    first, second, other = (make_title(channel, state="draft", name=name) for name in ("One", "Two", "Three"))
    for title in (first, second):
        make_offer(title, "free")
    page = visit(creator).open("/studio/titles")

    def choose() -> None:
        for name in ("One", "Two"):
            page.get_by_label(f"Choose {name}").check()

    choose()
    page.locator("#bulk").get_by_label("Category").select_option("nature")
    page.get_by_role("button", name="Set category").click()
    expect(page.locator("#toasts")).to_contain_text("2 titles changed")
    choose()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#toasts")).to_contain_text("2 titles changed")
    changed = [catalog.get_title(title.id) for title in (first, second, other)]
    assert [(title.category, title.state) for title in changed] == [("nature", "published")] * 2 + [("", "draft")]
    page.get_by_label("Choose all on this page").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#toasts")).to_contain_text("1 of them has no price yet")
    assert catalog.get_title(other.id).state == "draft"


def test_a_trailer_goes_from_a_file_to_the_titles_page_and_plays_when_asked(service, visit, creator, channel):
    title = make_title(channel)
    make_offer(title, "buy")
    page = visit(creator).open(f"/studio/titles/{title.id}#trailer")
    section = page.locator("#trailer")
    section.locator("input[data-files]").set_input_files(film("teaser.mp4"))
    expect(section.locator(".file")).to_have_attribute("data-state", "ready", timeout=PIPELINE_MS)
    expect(section.get_by_role("button", name="Remove the trailer")).to_be_visible()

    asked: list[str] = []
    visitor = visit()
    visitor.context.on("request", lambda request: asked.append(request.url))
    shown = visitor.open(title.path)
    before = shown.locator(".title-page").bounding_box()
    shown.wait_for_load_state("networkidle")
    assert not [url for url in asked if "engine" in url or ".mp4" in url or ".mpd" in url]
    shown.get_by_role("button", name="Watch the trailer").click()
    video = shown.locator("[data-trailer-video]")
    expect(video).to_be_visible(timeout=30_000)
    started = video.evaluate("video => video.currentTime")
    shown.wait_for_timeout(700)
    assert video.evaluate("video => video.currentTime") > started
    assert video.evaluate("video => video.muted")
    assert shown.locator(".title-page").bounding_box() == before
    shown.get_by_role("button", name="Sound").click()
    assert not video.evaluate("video => video.muted")
    shown.get_by_role("button", name="Stop the trailer").click()
    expect(video).to_be_hidden()
    expect(shown.get_by_role("button", name="Watch the trailer")).to_be_focused()

    section.get_by_role("button", name="Remove the trailer").click()
    expect(page.locator("#toasts")).to_contain_text("The trailer is gone")
    assert catalog.get_title(title.id).trailer_asset_id is None


def test_everybody_can_use_the_studio(service, visit, creator, channel, barriers):
    title = make_title(channel, state="draft", playable=False)
    join_team(channel, make_person(display_name="Grace Hopper"), Role.FINANCE)
    catalog.invite_member(
        channel_id=channel.id, by_id=creator.pk, address="new@example.org", role=Role.EDITOR, at=now()
    )
    visitor = visit(creator)
    page = visitor.context.new_page()
    for path in ("", "/titles", "/upload", "/channel", "/team", "/money", "/channels/new", f"/titles/{title.id}"):
        page.goto(f"{visitor.url}/studio{path}")
        assert barriers(page) == [], path
