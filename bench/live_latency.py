"""How old the picture is that a viewer sees: from the moment it was drawn at the sender to its frame on the page.

The sender draws the time into each picture; the page's decoded picture is read back in Chromium. All on one clock and
one machine.
"""

import os
import time
from collections.abc import Iterator

from _browser import browser
from _live import BITS, CELL, CELLS, HEIGHT, MIDDLE, RATE, WIDTH, Publisher, end, sending, set_air, until

from footlights.ops.bench import Result, percentile, service

SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
SETTLES_S = 10
GOAL_S = 8.0

READ_THE_PICTURE = f"""
(() => {{
    const video = document.querySelector("video");
    const canvas = Object.assign(document.createElement("canvas"), {{ width: {WIDTH}, height: {HEIGHT} }});
    const pen = canvas.getContext("2d", {{ willReadFrequently: true }});
    window.ages = [];
    const read = () => {{
        pen.drawImage(video, 0, 0, {WIDTH}, {HEIGHT});
        const row = pen.getImageData(0, {HEIGHT // 2}, {WIDTH}, 1).data;
        const cell = (at) => row[(at * {CELL} + {CELL // 2}) * 4] > {MIDDLE};
        let number = 0;
        for (let bit = 0; bit < {BITS}; bit++) number += cell(bit + 1) ? 2 ** bit : 0;
        if (cell(0) && !cell({CELLS - 1})) window.ages.push(Date.now() / 1000 - number / {RATE});
        video.requestVideoFrameCallback(read);
    }};
    video.requestVideoFrameCallback(read);
}})()
"""


def run() -> Iterator[Result]:
    with service() as instance:
        air = set_air(instance)
        with sending(Publisher(air)), browser() as found:
            page = found.new_context(viewport={"width": 1280, "height": 800}).new_page()
            page.goto(f"{instance.url}/live/{air.token}")
            until(lambda: page.evaluate("document.querySelector('video').currentTime > 0.3"))
            page.wait_for_timeout(SETTLES_S * 1_000)
            page.evaluate(READ_THE_PICTURE)
            time.sleep(SECONDS)
            ages = [float(each) - air.since for each in page.evaluate("window.ages")]
        end(air)
    if not ages:
        raise SystemExit("The page showed no picture that bears a time.")
    p95 = percentile(ages, 95)
    yield Result(
        name="live-latency-standard", value=round(p95, 2), unit="s from the sender's picture to the viewer's, p95",
        goal=f"<= {GOAL_S:g}", holds=p95 <= GOAL_S,
        detail={"pictures": len(ages), "p50": round(percentile(ages, 50), 2), "worst": round(max(ages), 2)},
    )  # fmt: skip
