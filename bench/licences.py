"""Licences a second against the view that only says "ok", through the same edge and web server.

And how slow the slowest are at 70 % of that.
"""

import json
import os
from collections.abc import Iterator
from statistics import median

from footlights.ops.bench import Request, Result, service
from footlights.ops.bench.against_ok import SHARE, measure

VIEWERS = 2_000  # so that none asks for more than a person does: what is beyond is tallied
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
RATIO_GOAL = 0.4
P99_GOAL_MS = 50.0


def run() -> Iterator[Result]:
    with service() as instance:
        ok, measured = measure(instance.url, {"licences": _seed()}, seconds=SECONDS, rounds=ROUNDS)
    licences = measured["licences"]
    rate, ok_rate = licences.rates_beside(ok)
    yield Result(
        name="licences",
        value=round(rate, 1),
        unit="licences/s",
        peer='the view that answers "ok"',
        peer_value=round(ok_rate, 1),
        goal=f"ratio >= {RATIO_GOAL}",
        holds=rate >= RATIO_GOAL * ok_rate,
        detail={"ours": licences.detail(), "ok": ok.detail()},
    )
    p99 = median(licences.p99_ms)
    yield Result(
        name="licences-p99",
        value=round(p99, 1),
        unit=f"ms at {SHARE:.0%} of its maximum",
        peer='the view that answers "ok", at the same share of its own',
        peer_value=round(median(ok.p99_ms), 1),
        goal=f"<= {P99_GOAL_MS:g}",
        holds=p99 <= P99_GOAL_MS,
    )


def _seed() -> list[Request]:
    """Viewers who bought the film, each with a screen of their own; their screens stay alive for the measurement."""
    from datetime import timedelta

    from django.conf import settings

    from footlights.accounts.testing import make_person
    from footlights.catalog.testing import make_channel, make_title
    from footlights.kernel.clock import now
    from footlights.media.testing import make_ready_asset
    from footlights.monetization.testing import grant, make_offer
    from footlights.playback.api import start_watching
    from footlights.playback.models import Screen
    from footlights.playback.tests.conftest import as_kid

    creator = make_person()
    asset = make_ready_asset(creator.id)
    title = make_title(make_channel(creator), asset_id=asset.id)
    make_offer(title, "buy")
    assert asset.playback
    body = json.dumps({"kids": [as_kid(key_id) for key_id in asset.playback.key_ids], "type": "temporary"}).encode()
    requests = []
    for number in range(VIEWERS):
        viewer, cookie = make_person(), f"benchmark{number}"
        grant(viewer, title, "buy")
        session = start_watching(
            viewer_id=viewer.id, session_key=f"account:{cookie}", title_id=title.id, device="A browser", at=now()
        )
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}",
            "Authorization": f"Bearer {session.token}",
            "Content-Type": "application/json",
        }
        requests.append(Request(path="/playback/licence", method="POST", headers=headers, body=body))
    Screen.objects.update(last_beat_at=now() + timedelta(hours=1))
    return requests
