"""The real worker under its supervisor: killed in the middle of an encode, and its database restarted."""

import signal
import time

import psutil
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.media import api, models, testing
from footlights.ops.testing import restart_database

pytestmark = [pytest.mark.service, pytest.mark.media]


def test_a_killed_worker_is_followed_within_a_minute(service) -> None:
    asset = testing.make_asset(new_id(), film("854x480", 12))
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
    assert_made_once(asset.id)


def test_a_database_restarted_in_the_middle_of_an_encode_loses_and_doubles_nothing(service) -> None:
    asset = testing.make_asset(new_id(), film("854x480", 12))
    wait(lambda: running_encoder(service), 120)
    restart_database()
    done = wait(lambda: ended(asset.id), 180)
    assert (done.state, done.playback.heights) == ("ready", [480, 360, 240])
    assert_made_once(asset.id)


def test_a_new_film_plays_while_another_gets_its_further_qualities(service) -> None:
    owner = new_id()
    large = testing.make_asset(owner, film("1920x1080", 15))
    wait(lambda: running_encoder(service) and models.Asset.objects.filter(id=large.id, step="rest").exists(), 120)
    new = testing.make_asset(owner)
    wait(lambda: api.get_asset(new.id).playback, 60)
    assert models.Asset.objects.get(id=large.id).step == "rest"
    encoder = running_encoder(service)
    assert encoder, "the large film is still at it"
    api.delete_asset(asset_id=large.id, at=now())
    psutil.wait_procs([encoder], timeout=30)
    assert not encoder.is_running()


def assert_made_once(asset_id) -> None:
    row = models.Asset.objects.get(id=asset_id)
    assert list(models.Package.objects.filter(asset_id=asset_id, retired_at=None)) == [row.package]
    assert sorted(row.renditions.values_list("name", flat=True)) == ["240", "360", "480"]
    assert row.stills.count() == 4
    wait(lambda: not ProcrastinateJob.objects.filter(lock=f"asset:{asset_id}").exists(), 60)


def film(size: str, seconds: int) -> bytes:
    return testing.make_video(
        "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=24:duration={seconds}", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
    )  # fmt: skip


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
