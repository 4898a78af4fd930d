"""How old the picture is that a viewer sees: from the moment it was drawn at the sender to its frame on the page.

The sender draws the time into each picture. It is read from what Chromium shows, as a page may not read a picture that
was encrypted; so the time that taking it costs counts, too. All on one clock and one machine.
"""

import io
import os
import time
from collections.abc import Iterator
from typing import Any

from _browser import browser
from _live import HEIGHT, RATE, WIDTH, Publisher, end, number_in, sending, set_air, until
from PIL import Image

from footlights.ingest.api import Latency
from footlights.ops.bench import Result, percentile, service
from footlights.ops.instance import Instance

SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
SETTLES_S = 10
GOALS_S = {Latency.STANDARD: 8.0, Latency.LOW: 3.0}

WHERE_THE_PICTURE_IS = """
(() => {
    const video = document.querySelector("video"), box = video.getBoundingClientRect();
    const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
    const width = video.videoWidth * scale, height = video.videoHeight * scale;
    return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
})()
"""


def run() -> Iterator[Result]:
    with service() as instance:
        for latency in Latency:
            yield _measured(instance, latency)


def _measured(instance: Instance, latency: Latency) -> Result:
    air = set_air(instance, latency=latency)
    with sending(Publisher(air)), browser() as found:
        page = found.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(f"{instance.url}/live/{air.token}")
        until(lambda: page.evaluate("document.querySelector('video').currentTime > 0.3"))
        page.wait_for_timeout(SETTLES_S * 1_000)
        ages = list(_ages(page, air.since))
    end(air)
    if not ages:
        raise SystemExit("The page showed no picture that bears a time.")
    p95, goal_s = percentile(ages, 95), GOALS_S[latency]
    return Result(
        name=f"live-latency-{latency}", value=round(p95, 2), unit="s from the sender's picture to the viewer's, p95",
        goal=f"<= {goal_s:g}", holds=p95 <= goal_s,
        detail={"pictures": len(ages), "p50": round(percentile(ages, 50), 2), "worst": round(max(ages), 2)},
    )  # fmt: skip


def _ages(page: Any, since: float) -> Iterator[float]:
    """Of what is shown, again and again for SECONDS."""
    where = page.evaluate(WHERE_THE_PICTURE_IS)
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        shown = (
            Image.open(io.BytesIO(page.screenshot(clip=where)))
            .convert("L")
            .resize((WIDTH, HEIGHT), Image.Resampling.BOX)
        )
        if (number := number_in(shown.tobytes())) is not None:
            yield time.time() - since - number / RATE
