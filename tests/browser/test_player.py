"""A real Chromium plays a really packaged, encrypted film through the real service."""

import json
import os
import re
import shutil
import time
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from PIL import Image
from tests.browser.watching import PLAYING, press, until, video, watch

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel, make_title
from footlights.media.models import Asset
from footlights.monetization.testing import make_offer
from footlights.playback.models import Screen

pytestmark = [pytest.mark.browser, pytest.mark.service, pytest.mark.media]

SHAKA = Path(__file__).parents[2] / "node_modules/shaka-player/dist/shaka-player.compiled-es2021.js"


def assert_shows_pictures(page):
    picture = Image.open(BytesIO(page.locator("video").screenshot())).resize((64, 36))
    assert len(picture.getcolors(64 * 36)) > 100, "the picture is one flat colour"


def test_whoever_bought_it_sees_moving_pictures_from_ciphertext(visit, film, viewer):
    visitor = visit(viewer)
    requests = []
    visitor.context.on("request", lambda request: requests.append(request.url))
    page = watch(visitor, film)
    assert video(page, "videoWidth") > 0
    assert page.evaluate("document.querySelector('video').mediaKeys !== null")
    assert any(url.endswith("/playback/licence") for url in requests)
    page.keyboard.press("k")
    assert_shows_pictures(page)


ANOTHER_PLAYER = """
async ({ hls_url, licence_url, token }) => {
  const video = Object.assign(document.createElement("video"), { autoplay: true });
  document.body.append(video);
  const player = new shaka.Player();
  await player.attach(video);
  player.getNetworkingEngine().registerRequestFilter(async (type, request) => {
    if (type !== shaka.net.NetworkingEngine.RequestType.LICENSE) return;
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    const licence = await fetch(licence_url, { method: "POST", headers, body: request.body });
    request.uris = [`data:application/json;base64,${btoa(await licence.text())}`];
  });
  await player.load(new URL(hls_url, location.href).href, null, "application/x-mpegurl");
}
"""
START = """
async (title) => {
  const body = JSON.stringify({ title_id: title });
  const answer = await fetch("/playback/sessions", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return answer.json();
}
"""


def test_another_player_shows_the_film_by_its_hls_manifest(visit, film, viewer):
    """Ours takes DASH. This is Shaka Player as it comes, with a ticket, our licence endpoint and the HLS manifest."""
    visitor = visit(viewer)
    requests = []
    visitor.context.on("request", lambda request: requests.append(request.url))
    page = visitor.open("/library")
    page.evaluate(SHAKA.read_text())
    page.evaluate(ANOTHER_PLAYER, page.evaluate(START, str(film.id)))
    until(page, PLAYING)
    assert page.evaluate("document.querySelector('video').mediaKeys !== null")
    assert [url for url in requests if url.endswith(".m4s")]
    assert [url for url in requests if url.endswith("/playback/licence")]
    assert not [url for url in requests if url.endswith(".mpd")]
    assert_shows_pictures(page)


def test_a_wrong_key_plays_nothing(visit, film, viewer):
    visitor = visit(viewer)

    def falsify(route):
        answer = route.fetch()
        licence = json.loads(answer.text())
        for key in licence["keys"]:
            key["k"] = "AAAAAAAAAAAAAAAAAAAAAA"
        route.fulfill(response=answer, body=json.dumps(licence))

    visitor.context.route("**/playback/licence", falsify)
    page = visitor.open(f"{film.path}/watch")
    page.locator("[data-screen=broken]").wait_for(state="visible")
    assert video(page, "getVideoPlaybackQuality().totalVideoFrames") == 0
    visitor.errors.clear()


def test_a_stranger_is_led_to_the_ticket_and_gets_no_address(visit, film):
    visitor = visit(make_person())
    page = visitor.open(f"{film.path}/watch")
    assert page.locator("video").count() == 0
    assert "/media/" not in re.sub(r"<img[^>]*>|<source[^>]*>", "", page.content())
    visitor.errors.clear()  # the page is a 403


def test_every_key_does_what_the_sheet_says(visit, film, viewer):
    page = watch(visit(viewer), film)
    press(page, "k", "video.paused")
    press(page, "Space", "video.paused === false")
    press(page, "k", "video.paused")
    press(page, "5", "Math.abs(video.currentTime - video.duration / 2) < 0.3")
    press(page, "ArrowLeft", "video.currentTime < 0.5")
    press(page, "ArrowRight", "video.currentTime > 4")
    press(page, "j", "video.currentTime < 0.5")
    press(page, "l", "video.currentTime > 5")
    press(page, "0", "video.currentTime < 0.5")
    press(page, "m", "video.muted")
    press(page, "m", "video.muted === false")
    press(page, "ArrowDown", "video.volume < 1")
    press(page, "ArrowUp", "video.volume === 1")
    press(page, "Shift+>", "video.playbackRate > 1")
    press(page, "Shift+<", "video.playbackRate === 1")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement !== null")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === null")
    page.keyboard.press("t")
    assert page.evaluate("document.documentElement.hasAttribute('data-theatre')")
    page.keyboard.press("Shift+?")
    page.locator("dialog[open] h2").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_captions_are_shown_and_remembered(visit, film, viewer):
    visitor = visit(viewer)
    page = watch(visitor, film)
    page.locator("[data-part=captions-button]").wait_for()
    page.keyboard.press("k")
    page.keyboard.press("c")
    page.get_by_text("Good evening, everybody.").wait_for()
    again = watch(visitor, film)
    again.keyboard.press("k")
    again.get_by_text("Good evening, everybody.").wait_for()


def test_one_goes_on_where_one_was_or_starts_over(visit, film, viewer):
    visitor = visit(viewer)
    page = watch(visitor, film)
    with connection.cursor() as cursor:  # as if the film were long: five seconds are not worth resuming
        cursor.execute(
            "update playback_screen set duration_ms = 600000, credits_at_ms = 570000 where title_id = %s", [film.id]
        )
    with page.expect_response("**/playback/beats"):
        page.evaluate("document.querySelector('video').pause(); document.querySelector('video').currentTime = 2")
    page.evaluate("window.left = true")
    with connection.cursor() as cursor:
        cursor.execute(
            "update playback_watchprogress set position_ms = 5200, finished = false where title_id = %s", [film.id]
        )
        cursor.execute("update catalog_title set duration_ms = 600000 where id = %s", [film.id])
    page = visitor.open(f"{film.path}/watch")
    chip = page.locator("[data-part=resumed]")
    chip.wait_for()
    assert "0:05" in chip.inner_text()
    chip.get_by_role("button", name="Start over").click()
    until(page, "video.currentTime < 3")


def test_one_screen_too_many_says_which_took_over_and_can_be_taken_back(visit, film, viewer):
    visitor = visit(viewer)
    first = watch(visitor, film)
    first.evaluate("document.querySelector('video').loop = true")
    others = [watch(visit(viewer), film) for _ in range(3)]
    first.evaluate("document.querySelector('video').pause()")
    card = first.locator("[data-screen=displaced]")
    card.wait_for(state="visible")
    assert "Chrome on Linux" in card.inner_text()
    card.get_by_role("button", name="Watch here instead").click()
    until(first, "!video.paused")
    assert len(others) == 3


def test_closing_the_page_frees_its_place(visit, film, viewer):
    page = watch(visit(viewer), film)
    page.goto("about:blank")
    deadline = time.monotonic() + 5
    while Screen.objects.get(viewer_id=viewer.id).ended_at is None:
        assert time.monotonic() < deadline, "the place is still taken"
        time.sleep(0.05)


def test_the_network_comes_back_and_the_film_goes_on(visit, film, viewer):
    visitor = visit(viewer)
    page = visitor.context.new_page()
    page.route("**/media/**/*.m4s", lambda route: route.abort("internetdisconnected"))
    page.goto(f"{visitor.url}{film.path}/watch")
    page.locator("[data-screen=offline]").wait_for(state="visible", timeout=30_000)
    page.unroute("**/media/**/*.m4s")
    until(page, PLAYING)
    page.locator("[data-screen=offline]").wait_for(state="hidden")
    visitor.errors.clear()


def test_the_speed_changes_from_what_was_chosen_also_while_the_film_waits_for_data(visit, film, viewer):
    """While it has no data the engine holds the picture with a rate of 0."""
    visitor = visit(viewer)
    page = visitor.context.new_page()
    held = []
    page.route("**/media/**/2.m4s", lambda route: held.append(route))  # noqa: PLW0108  Playwright counts its parameters
    page.goto(f"{visitor.url}{film.path}/watch")
    until(page, PLAYING)
    press(page, "Shift+>", "video.playbackRate === 1.25")
    until(page, "video.playbackRate === 0")
    page.keyboard.press("Shift+>")
    while held:
        held.pop().continue_()
    page.unroute("**/media/**/2.m4s")
    until(page, "video.playbackRate === 1.5")


@pytest.mark.parametrize("phone", [False, True])
def test_nothing_stands_in_anybodys_way(visit, film, viewer, barriers, phone):
    """axe-core finds no barrier, and every control is at least 44 pixels high."""
    page = watch(visit(viewer, phone=phone), film)
    page.keyboard.press("k")
    page.locator("[data-part=settings-button]").click()
    assert barriers(page) == []
    for button in page.locator(".player__buttons button:visible").all():
        assert button.bounding_box()["height"] >= 44


def test_a_film_that_is_still_prepared_starts_by_itself(visit, film, viewer):
    asset_id = film.asset_id
    ready = Asset.objects.get(id=asset_id)
    Asset.objects.filter(id=asset_id).update(state="transcoding", package=None)
    visitor = visit(viewer)
    page = visitor.open(f"{film.path}/watch")
    page.locator("[data-screen=waiting]").wait_for(state="visible")
    Asset.objects.filter(id=asset_id).update(state="ready", package=ready.package)
    until(page, PLAYING)
    assert page.locator("[data-part=curtain]").is_hidden()
    visitor.errors.clear()  # each "not yet" is a 409


def test_where_the_browser_wants_a_click_before_sound_there_is_a_big_button(service, browser, visit, film, viewer):
    cookies = visit(viewer).context.cookies()
    shy = browser.browser_type.launch(
        executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
    )
    try:
        context = shy.new_context()
        context.add_cookies(cookies)
        page = context.new_page()
        with page.expect_response("**/*.m4s"):
            page.goto(f"{service.url}{film.path}/watch")
        page.wait_for_timeout(1_000)  # a script run from here would count as a viewer's gesture
        big = page.locator(".player__big")
        big.wait_for(state="visible")
        assert video(page, "paused")
        big.click()
        until(page, PLAYING)
        assert big.is_hidden()
    finally:
        shy.close()


def test_two_taps_on_a_side_skip_and_one_shows_the_controls(visit, film, viewer):
    page = watch(visit(viewer, phone=True), film)
    page.evaluate("document.querySelector('video').pause()")
    box = page.locator("[data-part=surface]").bounding_box()
    at_right = (box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    page.touchscreen.tap(*at_right)
    page.touchscreen.tap(*at_right)
    until(page, "video.currentTime > 4")
    assert "forward" in page.locator("[data-part=said]").inner_text()
    page.evaluate("document.querySelector('video').currentTime = 0; document.querySelector('video').play()")
    until(page, PLAYING)
    page.evaluate("document.querySelector('.player').dataset.chrome = 'hidden'")
    page.touchscreen.tap(*at_right)
    until(page, "document.querySelector('.player').dataset.chrome === 'shown'")
    assert not video(page, "paused")


def test_the_picture_can_leave_the_page_and_come_back(visit, film, viewer):
    page = watch(visit(viewer), film)
    if not page.evaluate("document.pictureInPictureEnabled"):
        pytest.skip("this browser has no picture-in-picture")
    press(page, "p", "document.pictureInPictureElement === video")
    press(page, "p", "document.pictureInPictureElement === null")


@pytest.mark.parametrize("phone", [False, True])
def test_a_recording_plays_behind_its_sleeve(visit, packaged, phone):
    asset = packaged(audio=True)
    song = make_title(
        make_channel(make_person()), asset_id=asset.id, duration_ms=asset.duration_ms, kind="audio", name="Tide"
    )
    make_offer(song, "free")
    page = watch(visit(phone=phone), song)
    page.locator(".player__work").get_by_text("Tide").wait_for(state="visible")
    assert page.locator("[data-part=toggle]").is_visible()
    assert page.locator("[data-part=picture-button]").is_hidden()
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_trying_again_after_something_broke_plays_the_film(visit, film, viewer):
    visitor = visit(viewer)
    page = visitor.context.new_page()
    page.route("**/manifest.mpd", lambda route: route.fulfill(body="<MPD/>", content_type="application/dash+xml"))
    page.goto(f"{visitor.url}{film.path}/watch")
    card = page.locator("[data-screen=broken]")
    card.wait_for(state="visible")
    page.unroute("**/manifest.mpd")
    card.get_by_role("button", name="Try again").click()
    until(page, PLAYING)
    assert page.locator("[data-part=curtain]").is_hidden()
    visitor.errors.clear()
