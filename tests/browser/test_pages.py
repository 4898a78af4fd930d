"""Every page of the storefront, and the styleguide's components on them, in a real browser: axe in both themes, no sideways
scrolling on a phone, nothing that moves after it was painted, and the keyboard's way through. A refused inline style or
script is a console error, which fails any of these (conftest's `visit`)."""

from uuid import UUID

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.api import follow_channel
from footlights.catalog.models import Channel as ChannelRow
from footlights.catalog.models import Title as TitleRow
from footlights.catalog.testing import make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.media.api import store_picture
from footlights.monetization.testing import grant, make_offer
from footlights.playback.models import WatchProgress

pytestmark = pytest.mark.browser

SHIFT = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
PAGES = (
    "home",
    "title",
    "owned",
    "channel",
    "empty_channel",
    "category",
    "search",
    "nothing_found",
    "library",
    "following",
    "missing",
)


@pytest.fixture
def house(service):
    """A small programme: a creator's channel with pictures, things to rent, buy and watch free, a viewer who owns some."""
    creator, viewer = make_person(), make_person()
    channel = make_channel(creator, name="Lantern House", description="By candle.")
    banner = store_picture(owner_id=creator.pk, body=_picture("#274060"), purpose="banner", at=now())
    ChannelRow.objects.filter(pk=channel.id).update(banner_id=banner.id)
    titles = []
    for number, color in enumerate(("#803020", "#205080", "#307040", None, "#604080", "#806020", "#208070")):
        title = make_title(
            channel, name=f"Work number {number}", category="nature", tags=["slow", "water"], duration_ms=3_600_000,
            description="A ferry crosses a bay that is only there at night. More follows.", credit="Music: The Band",
        )  # fmt: skip
        if color:
            poster = store_picture(owner_id=creator.pk, body=_picture(color), purpose="poster", at=now())
            TitleRow.objects.filter(pk=title.id).update(poster_id=poster.id)
        make_offer(title, "rent", Money(400 + number, "EUR"))
        make_offer(title, "buy", Money(900 + number, "EUR"))
        titles.append(title)
    grant(viewer, titles[0], "buy")
    grant(viewer, titles[1], "rent")
    _begin(viewer.pk, titles[0].id)
    empty = make_channel(creator, name="Nothing yet")
    for each in (channel, empty):
        follow_channel(channel_id=each.id, person_id=viewer.pk, at=now())
    paths = {
        "home": "/",
        "title": titles[2].path,
        "owned": titles[0].path,
        "channel": channel.path,
        "empty_channel": empty.path,
        "category": "/browse/nature",
        "search": "/search?q=work",
        "nothing_found": "/search?q=zzzqqq",
        "library": "/library",
        "following": "/account/following",
        "missing": "/nowhere",
    }
    return viewer, paths


def test_every_page_is_for_everybody(house, visit, barriers) -> None:
    viewer, paths = house
    visitor = visit(viewer)
    problems = []
    page = visitor.context.new_page()
    for name in PAGES:
        page.goto(f"{visitor.url}{paths[name]}")
        problems += [f"{name}: {each}" for each in barriers(page)]
        page.set_viewport_size({"width": 390, "height": 844})
        problems += [f"{name}: {each}" for each in page.evaluate(SMALL_TARGETS)]
        page.set_viewport_size({"width": 1440, "height": 900})
    visitor.errors[:] = [error for error in visitor.errors if "404" not in error]  # the missing page is one
    assert problems == []


SMALL_TARGETS = """
() => [...document.querySelectorAll("a[href], button")]
  .filter((each) => each.offsetParent && !each.closest("p, .prose, .skip, .card"))
  .map((each) => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 24 || box.width < 24))
  .map(([html, box]) => `${html}: ${Math.round(box.width)}x${Math.round(box.height)}`)
"""


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_nothing_moves_after_it_was_painted(house, visit, phone) -> None:
    """To somebody with an account on a desk, to a visitor on a phone."""
    viewer, paths = house
    visitor = visit(None if phone else viewer, phone=phone)
    visitor.context.add_init_script(SHIFT)
    for name in ("home", "title", "channel", "search"):
        page = visitor.open(paths[name])
        page.wait_for_load_state("networkidle")
        for _ in range(4):
            page.mouse.wheel(0, 500)
            page.wait_for_timeout(100)
        assert page.evaluate("window.shift") <= 0.05, name
        page.close()


def test_the_keyboard_goes_everywhere(house, visit) -> None:
    _viewer, _paths = house
    page = visit().open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    cards = page.locator(".row a[href]").filter(has_text="Work number")
    cards.first.focus()
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.textContent")
    assert second == cards.nth(1).text_content()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")  # there is none; one stays on the last
    last = page.evaluate("document.activeElement.getBoundingClientRect().right")
    assert last <= 1440, "the focused card is in view"


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_search_is_one_key_away_and_answers_while_one_types(house, visit, keys) -> None:
    page = visit().open("/search")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(keys)
    page.keyboard.type("work numb")
    page.get_by_role("heading", name="Results for").wait_for()
    assert page.locator("#results .card").count() >= 7
    page.wait_for_url("**/search?q=work+numb")
    page.keyboard.press("Control+a")
    page.keyboard.type("zzzqqq")
    page.get_by_text("Nothing for “zzzqqq”").wait_for()


def test_search_needs_no_script(house, visit) -> None:
    page = visit(java_script_enabled=False).open("/")
    page.get_by_role("searchbox").first.fill("work")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Results for").wait_for()


def test_light_or_dark_is_remembered_and_right_from_the_first_paint(house, visit) -> None:
    visitor = visit(color_scheme="dark")
    page = visitor.open("/")
    paper, ink = "rgb(251, 248, 243)", "rgb(15, 13, 19)"
    assert _background(page) == ink
    page.get_by_role("button", name="Light").click()
    assert _background(page) == paper
    answer = page.goto(page.url)
    assert 'data-theme="light"' in answer.text()
    assert _background(page) == paper
    page.get_by_role("button", name="Auto").click()
    assert _background(page) == ink
    assert "data-theme" not in page.goto(page.url).text().split("<head>")[0]


def test_on_a_phone_the_next_thing_to_do_is_always_in_sight(house, visit) -> None:
    _viewer, paths = house
    page = visit(phone=True).open(paths["title"])
    for _ in range(3):
        bar = page.locator(".sticky-foot a")
        box = bar.bounding_box()
        assert box["y"] + box["height"] <= 844
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(50)
    assert "Rent for" in bar.text_content()


def _background(page) -> str:
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def _begin(viewer_id: UUID, title_id: UUID) -> None:
    WatchProgress.objects.create(
        viewer_id=viewer_id, title_id=title_id, position_ms=1_200_000, duration_ms=3_600_000, at=now()
    )


def _picture(color: str) -> bytes:
    import io

    from PIL import Image, ImageDraw

    image = Image.new("RGB", (1280, 720), color)
    ImageDraw.Draw(image).ellipse((400, 150, 900, 650), fill="#d0c0a0")
    out = io.BytesIO()
    image.save(out, "WEBP")
    return out.getvalue()
