"""The real worker under its supervisor: killed in the middle of an encode, and its database restarted."""

import signal
import time

import psutil
import pytest

from footlights.kernel.ids import new_id
from footlights.media import api, models, testing

pytestmark = [pytest.mark.service, pytest.mark.media]


def test_a_killed_worker_is_followed_within_a_minute(service) -> None:
    film = testing.make_video(
        "-f", "lavfi", "-i", "testsrc2=size=854x480:rate=30:duration=40", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
    )  # fmt: skip
    asset = testing.make_asset(new_id(), film)
    encoder = wait(lambda: running_encoder(service), 120)
    asset_starts = models.Asset.objects.get(id=asset.id).starts
    worker = encoder.parent()
    assert worker
    worker.send_signal(signal.SIGKILL)
    killed_at = time.monotonic()
    psutil.wait_procs([encoder], timeout=5)
    assert not encoder.is_running() or encoder.status() == psutil.STATUS_ZOMBIE
    wait(lambda: models.Asset.objects.get(id=asset.id).starts > asset_starts, 60)
    assert time.monotonic() - killed_at < 60
    done = wait(lambda: ended(asset.id), 300)
    assert (done.state, done.playback.heights) == ("ready", [480, 360, 240])
    assert models.Package.objects.filter(asset_id=asset.id, retired_at=None).count() == 1
    assert models.Rendition.objects.filter(asset_id=asset.id).count() == 3


def ended(asset_id) -> api.Asset | None:
    asset = api.get_asset(asset_id)
    return asset if asset.state in {"ready", "failed", "rejected"} else None


def running_encoder(service) -> psutil.Process | None:
    for process in psutil.Process(service.process.pid).children(recursive=True):
        try:
            if "-progress" in process.cmdline():
                return process
        except psutil.NoSuchProcess:
            continue
    return None


def wait(what, seconds: float):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come to pass")
