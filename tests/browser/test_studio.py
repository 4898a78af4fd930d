"""A creator's way in a real browser: from a file to the public, over a lost network and a page loaded anew."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from footlights.accounts.testing import make_person
from footlights.catalog import api as catalog
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.ids import new_id
from footlights.media.testing import sample_video_bytes
from footlights.monetization import api as monetization

pytestmark = [pytest.mark.browser, pytest.mark.service]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PIPELINE_MS = 180_000


@pytest.fixture
def creator(service):
    return make_person(email=f"creator-{new_id().hex}@example.org")


@pytest.fixture
def channel(creator):
    return make_channel(creator, handle=f"lantern-{new_id().hex[-8:]}")


def film(name: str = "dusk_at_sea.mp4") -> dict[str, object]:
    return {"name": name, "mimeType": "video/mp4", "buffer": sample_video_bytes()}


def stop_bytes(page: Page) -> None:
    page.route("**/uploads/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())


def test_a_film_goes_from_a_file_to_the_public(service, visit, creator, channel):
    page = visit(creator).open("/studio/upload")
    page.set_input_files("input[data-files]", film())
    card = page.locator("[data-card]")
    expect(card.get_by_label("Title")).to_have_value("dusk at sea")

    card.get_by_label("Title").fill("Dusk at sea")
    expect(card.locator(".saved").first).to_contain_text("Saved ")
    card.get_by_text("For sale").click()
    card.get_by_label(re.compile("To rent")).fill("4.00")
    expect(card.locator(".net").first).to_contain_text("€3.60")
    expect(card.locator(".price-form .saved")).to_contain_text("Saved ")
    card.get_by_role("button", name=re.compile("^Publish")).click()
    expect(card.locator(".file")).to_have_attribute("data-state", "ready", timeout=PIPELINE_MS)
    expect(card.locator(".file [hx-get]")).to_have_count(0)

    (title,) = catalog.list_titles_of(channel.id)
    assert (title.name, title.state, title.playable) == ("Dusk at sea", "published", True)
    assert title.poster is not None
    assert [str(offer.kind) for offer in monetization.list_offers(title.id)] == ["rent"]
    assert visit().open(title.path).get_by_role("heading", level=1).inner_text() == "Dusk at sea"


def test_an_upload_goes_on_by_itself_when_the_network_is_back(service, visit, creator, channel):
    visitor = visit(creator)
    page = visitor.open("/studio/upload")
    stop_bytes(page)
    page.set_input_files("input[data-files]", film())
    expect(page.locator("[data-card] [data-left]")).to_contain_text("connection is lost", timeout=60_000)
    expect(page.locator("[data-card] .file")).to_have_attribute("data-state", "receiving")
    page.unroute("**/uploads/*")
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False])
def test_everybody_can_use_the_studio(service, visit, creator, channel, scheme, phone):
    title = make_title(channel, state="draft", playable=False)
    visitor = visit(creator, phone=phone, color_scheme=scheme)
    for path in ("", "/titles", "/upload", "/channel", "/money", "/channels/new", f"/titles/{title.id}"):
        page = visitor.open(f"/studio{path}")
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run().then((result) => result.violations.map((v) => `${v.id}: ${v.nodes[0].html}`))")
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.close()
