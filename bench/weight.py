"""What a cold page weighs: bytes and requests before posters, script, layout shift, and SQL queries at two sizes."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from footlights.ops.bench import Result, service

if TYPE_CHECKING:
    from footlights.catalog.api import Title

sys.path.insert(0, str(Path(__file__).parent))
SMALL, LARGE = 50, 500
BYTES_GOAL, REQUESTS_GOAL, SHIFT_GOAL, QUERIES_GOAL = 400_000, 25, 0.05, 12
SCRIPT_GOALS = {"home": 60_000, "title": 60_000, "watch": 600_000}


def run() -> Iterator[Result]:
    with service() as instance:
        from pages import seed_titles

        from footlights.monetization.testing import make_offer

        titles = seed_titles(SMALL)
        film = _film(titles[0].id)
        make_offer(film, "free")
        paths = {"home": "/", "title": titles[1].path, "watch": f"{film.path}/watch"}
        yield from _weights(instance.url, paths)
        asked = {
            **paths,
            "channel": f"/@{film.channel_handle}",
            "category": "/browse/nature",
            "search": "/search?q=work",
        }
        small = _queries(asked)
        seed_titles(LARGE - SMALL)
        large = _queries(asked)
    for name in asked:
        yield Result(
            name=f"weight-{name}-queries",
            value=large[name],
            unit=f"SQL queries with {LARGE} titles, nothing kept, signed in",
            peer=f"the same with {SMALL}",
            peer_value=small[name],
            goal=f"<= {QUERIES_GOAL}, the same",
            holds=large[name] == small[name] and large[name] <= QUERIES_GOAL,
        )


def _film(title_id: UUID) -> "Title":
    from footlights.catalog.api import get_title
    from footlights.catalog.models import Title as TitleRow
    from footlights.media.testing import make_ready_asset

    asset = make_ready_asset(get_title(title_id).owner_id)
    TitleRow.objects.filter(pk=title_id).update(asset_id=asset.id)
    return get_title(title_id)


def _weights(url: str, paths: dict[str, str]) -> Iterator[Result]:
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for name, path in paths.items():
            context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
            context.add_init_script(SHIFT)
            page = context.new_page()
            loaded: dict[str, list] = {}
            sizes: dict[str, int] = {}
            line = context.new_cdp_session(page)
            line.send("Network.enable")
            line.on("Network.responseReceived", lambda event, kept=loaded: kept.update({event["requestId"]: [
                event["response"]["url"], event["type"]]}))  # fmt: skip
            line.on("Network.loadingFinished", lambda event, kept=sizes: kept.update(
                {event["requestId"]: event["encodedDataLength"]}))  # fmt: skip
            page.goto(f"{url}{path}", wait_until="load")
            page.wait_for_timeout(1500)
            for _ in range(5):
                page.mouse.wheel(0, 600)
                page.wait_for_timeout(150)
            shift = page.evaluate("window.shift")
            ours = {key: kind for key, (address, kind) in loaded.items() if "/media/" not in address}
            total = sum(sizes.get(key, 0) for key in ours)
            script = sum(sizes.get(key, 0) for key, kind in ours.items() if kind == "Script")
            detail = {"bytes": total, "requests": len(ours), "script": script, "shift": round(shift, 4)}
            for what, value, goal, unit in (
                ("bytes", total, BYTES_GOAL, "bytes before posters, cold"),
                ("requests", len(ours), REQUESTS_GOAL, "requests before posters, cold"),
                ("script", script, SCRIPT_GOALS[name], "bytes of script, cold"),
                ("shift", round(shift, 4), SHIFT_GOAL, "layout shift on a phone"),
            ):
                if name == "watch" and what == "bytes":
                    goal = BYTES_GOAL + SCRIPT_GOALS["watch"]  # noqa: PLW2901  the player is its script
                yield Result(
                    name=f"weight-{name}-{what}",
                    value=value,
                    unit=unit,
                    goal=f"<= {goal}",
                    holds=value <= goal,
                    detail=detail,
                )
            context.close()
        browser.close()


SHIFT = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def _queries(paths: dict[str, str]) -> dict[str, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from footlights.accounts.testing import make_person, signed_in
    from footlights.kernel.shared import forget_everything

    client = signed_in(make_person())
    counts = {}
    for name, path in paths.items():
        forget_everything()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        counts[name] = len(captured)
    return counts
