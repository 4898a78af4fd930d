"""From the click on a broadcast to its first frame on the screen, in Chromium, while it is on air.

New browsers, each with an empty cache that has seen only the list of what is on: once as fast as the machine goes,
once at 10 Mbit/s with 100 ms round trips. The sender, the encoder and the browser share the machine.
"""

import os
import time
from collections.abc import Iterator

from _browser import SLOW, browser, seconds_from_click_to_frame, start
from _live import Publisher, end, sending, set_air, until

from footlights.ops.bench import Result, service

RUNS = int(os.environ.get("BENCH_RUNS", "12"))
GOAL_S, SLOW_GOAL_S = 1.5, 2.0
ON_AIR_FOR_S = 15  # before the first viewer comes


def run() -> Iterator[Result]:
    with service() as instance:
        air = set_air(instance)
        with sending(Publisher(air)), browser() as found:
            until((air.folder / "manifest.mpd").exists)
            time.sleep(ON_AIR_FOR_S)
            measured = [
                [
                    seconds_from_click_to_frame(
                        found, f"{instance.url}/live/", f"/live/{air.token}", network=network,
                        plays='location.pathname.length > "/live/".length',
                    )
                    for _ in range(RUNS)
                ]
                for network in (None, SLOW)
            ]  # fmt: skip
        end(air)
    yield start("live-start", measured[0], GOAL_S)
    yield start("live-start-10mbit-100ms", measured[1], SLOW_GOAL_S)
