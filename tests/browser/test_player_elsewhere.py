"""The player outside its own page: on other websites, and with a title's trailer."""

import pytest
from tests.browser.watching import PLAYING, until

from footlights.catalog.models import Title
from footlights.kernel.clock import now
from footlights.media.testing import make_ready_asset
from footlights.monetization.testing import make_offer
from footlights.playback.api import set_embed_policy
from footlights.playback.models import Screen

pytestmark = [pytest.mark.browser, pytest.mark.service, pytest.mark.media]


@pytest.mark.parametrize("allowed", [False, True])
def test_another_website_shows_the_player_only_where_the_channel_lets_it(visit, service, film, allowed):
    if allowed:
        set_embed_policy(
            channel_id=film.channel_id, editor_id=film.owner_id, anywhere=False, domains=["elsewhere.example"], at=now()
        )
    visitor = visit()
    make_offer(film, "free")
    visitor.context.grant_permissions(["local-network-access"])  # to a service on this machine
    visitor.context.route(
        "https://elsewhere.example/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<iframe src="{service.url}/embed/{film.id}" width="640" height="360"></iframe>',
        ),
    )
    page = visitor.context.new_page()
    player = page.frame_locator("iframe").locator(".player__big")
    if allowed:
        page.goto("https://elsewhere.example/")
        player.wait_for(state="visible")
    else:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto("https://elsewhere.example/")
        assert player.count() == 0
    visitor.errors.clear()


def test_an_embedded_player_loads_its_engine_only_when_somebody_comes_near(visit, service, film):
    make_offer(film, "free")
    visitor = visit()
    fetched = []
    visitor.context.on("request", lambda request: fetched.append(request.url))
    page = visitor.open(f"/embed/{film.id}")
    page.locator(".player__big").wait_for(state="visible")
    page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "engine" in url or "/playback/" in url]
    page.locator(".player__big").click()
    until(page, PLAYING)


def test_a_stranger_sees_the_trailer_and_not_a_key_of_the_film(visit, service, film):
    trailer = make_ready_asset(film.owner_id)
    Title.objects.filter(id=film.id).update(trailer_asset_id=trailer.id)
    visitor = visit()
    asked = []
    visitor.context.on("request", lambda request: asked.append(request.url))
    page = visitor.open(film.path)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "engine" in url or ("/media/" in url and url.endswith((".mpd", ".m4s")))]
    page.get_by_role("button", name="Watch the trailer").first.click()
    until(page, PLAYING)
    assert [url for url in asked if url.endswith(f"/playback/trailers/{film.id}/licence")]
    assert not [url for url in asked if url.endswith(("/playback/licence", "/playback/sessions"))]
    assert not Screen.objects.filter(title_id=film.id).exists()
