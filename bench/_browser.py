"""Chromium for the measurements that look at a page: a new viewer with an empty cache each time."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from footlights.ops.bench import Result, percentile

PICTURE_WITHIN_S = 60.0

SLOW = {"offline": False, "latency": 100, "downloadThroughput": 10_000_000 / 8, "uploadThroughput": 10_000_000 / 8}

# The click's moment outlives the page in the tab's own storage; both are on the clock of the wall.
NOTE_THE_CLICK = """
addEventListener("click", (event) => sessionStorage.setItem("clicked", performance.timeOrigin + event.timeStamp), true);
const look = () => {
    const video = document.querySelector("video");
    if (!video) return void requestAnimationFrame(look);
    video.requestVideoFrameCallback((now) => { window.shown = performance.timeOrigin + now; });
};
if (PLAYS) look();
"""


@contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's event loop runs in this thread
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        raise SystemExit("This measurement needs Chromium: apt install chromium, or set CHROMIUM to its program.")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


def seconds_from_click_to_frame(
    found: Any,
    start_url: str,
    link: str,
    *,
    plays: str,
    cookies: tuple[dict[str, str], ...] = (),
    network: dict[str, Any] | None = None,
) -> float:
    """A new viewer opens `start_url` and clicks on the link to `link`; `plays` is true where the picture is."""
    context = found.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies(list(cookies))
    context.add_init_script(NOTE_THE_CLICK.replace("PLAYS", plays))
    page = context.new_page()
    if network:
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)
    page.goto(start_url, wait_until="networkidle")
    page.locator(f'a[href="{link}"]:visible').first.click()
    within = time.monotonic() + PICTURE_WITHIN_S
    while not (shown := number_of(page, "window.shown")):
        if time.monotonic() > within:
            raise SystemExit(f"{link} showed no picture within {PICTURE_WITHIN_S:g} s.")
        page.wait_for_timeout(50)
    clicked = float(page.evaluate("Number(sessionStorage.getItem('clicked'))"))
    context.close()
    return (shown - clicked) / 1000


def number_of(page: Any, what: str) -> float:
    """The number, or 0 while the page is changing."""
    from playwright.sync_api import Error

    try:
        return float(page.evaluate(f"{what} || 0"))
    except Error:
        return 0.0


def start(name: str, seconds: Sequence[float], goal_s: float) -> Result:
    """What was measured of the click to the first frame."""
    p95 = percentile(seconds, 95)
    return Result(
        name=name,
        value=round(p95, 3),
        unit="s from click to first frame, p95",
        goal=f"<= {goal_s:g}",
        holds=p95 <= goal_s,
        detail={"runs": len(seconds), "p50": round(percentile(seconds, 50), 3), "worst": round(max(seconds), 3)},
    )
