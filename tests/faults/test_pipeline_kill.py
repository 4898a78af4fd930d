"""A worker is killed (SIGKILL) at many points of the pipeline: the next try finishes, nothing is doubled, lost or half-written."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID
from xml.etree import ElementTree as ET

import psutil
import pytest
from django.db import connection

from footlights.kernel import environment, storage
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.media import api, models, testing
from footlights.media.operations.sweep_objects import sweep_objects

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.media]

# Loads Django once. Told an asset and where, it does the steps in a process of its own that kills itself in the last one,
# at the n-th call of a function, before or after it; says that one's number at once, and how it ended.
DOOM = """
import os, signal, sys
import django
django.setup()
from importlib import import_module
from uuid import UUID
from footlights.media import testing
def live(asset_id, steps, module, name, call, when):
    testing.run_steps(UUID(asset_id), int(steps) - 1)
    where = import_module(module)
    original, left = getattr(where, name), [int(call)]
    def doomed(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **kwargs)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(where, name, doomed)
    testing.run_steps(UUID(asset_id), 1)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        live(*line.split())
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""

POINTS = {
    "when it was accepted": (1, "footlights.media.operations.probe_asset", "advance", 1, "before"),
    "while stills are stored": (2, "footlights.media.operations.make_stills", "_store_storyboard", 1, "before"),
    "before the first rendition counts": (2, "footlights.media.operations.transcode_asset", "advance", 1, "before"),
    "while the first package is stored": (3, "footlights.kernel.storage", "put", 5, "after"),
    "after the first package was published": (3, "footlights.media.operations.package_asset", "run_step", 1, "after"),
    "while a rendition is stored": (4, "footlights.media.operations.transcode_asset", "_store", 1, "after"),
    "while the last package is stored": (5, "footlights.kernel.storage", "put", 8, "after"),
    "before the last package is published": (5, "footlights.media.operations.package_asset", "_publish", 1, "before"),
}


class Doom:
    """Where workers are started that will be killed."""

    def __init__(self) -> None:
        home, database = environment.load().home, connection.settings_dict["NAME"]
        settings = {
            "DATABASE_URL": f"postgresql:///{database}?host={home / 'run'}&user=footlights",
            "DJANGO_SETTINGS_MODULE": "footlights.config.settings",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", DOOM],
            env=os.environ | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, asset_id: UUID, *where: object) -> int:
        """Start a worker; returns its process number."""
        print(asset_id, *where, file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    def end(self) -> int:
        """Wait until it is dead; returns its exit code, negative for a signal."""
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def doom(django_db_setup: None) -> Iterator[Doom]:
    doom = Doom()
    yield doom
    doom.process.stdin.close()
    doom.process.wait(10)
    doom.process.stdout.close()


@pytest.fixture(scope="module")
def film() -> bytes:
    return testing.make_video(
        "-f", "lavfi", "-i", "testsrc2=size=426x360:rate=6:duration=5", "-f", "lavfi", "-i", "sine=duration=5",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
    )  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_anywhere_costs_nothing_but_time(doom: Doom, point: str, film: bytes) -> None:
    asset = testing.make_asset(new_id(), film)
    doom.begin(asset.id, *POINTS[point])
    assert doom.end() == -signal.SIGKILL
    assert_whatever_is_referenced_is_whole(asset.id)
    kept = dict(models.Rendition.objects.filter(asset_id=asset.id).values_list("name", "object_prefix"))

    done = testing.run_pipeline(asset.id)

    assert (done.state, done.playback.heights) == ("ready", [360, 240])
    made = dict(models.Rendition.objects.filter(asset_id=asset.id).values_list("name", "object_prefix"))
    assert sorted(made) == ["240", "360", "audio"]
    assert made.items() >= kept.items(), "finished renditions are kept"
    assert_whatever_is_referenced_is_whole(asset.id)
    sweep_objects(at=now() + timedelta(days=1))
    assert_nothing_is_left_over(asset.id)
    assert_whatever_is_referenced_is_whole(asset.id)


def assert_whatever_is_referenced_is_whole(asset_id) -> None:
    """Every object that a row, a manifest or a playlist points to is there."""
    asset = api.get_asset(asset_id)
    for picture in asset.poster_candidates:
        assert all(storage.exists(url[1:]) for _width, url, _type in picture.sources)
    for rendition in models.Rendition.objects.filter(asset_id=asset_id).exclude(object_prefix=""):
        assert storage.list_keys(f"{rendition.object_prefix}/")
    if asset.playback is None:
        return
    base = asset.playback.dash_url[1:].rsplit("/", 1)[0]
    manifest = ET.fromstring(storage.get(f"{base}/manifest.mpd"))  # noqa: S314  our own packager's
    space = "{urn:mpeg:dash:schema:mpd:2011}"
    templates = list(manifest.iter(f"{space}SegmentTemplate"))
    assert templates
    for template in templates:
        assert storage.exists(f"{base}/{template.get('initialization')}")
        count = sum(1 + int(entry.get("r", 0)) for entry in template.iter(f"{space}S"))
        for number in range(1, count + 1):
            assert storage.exists(f"{base}/{template.get('media').replace('$Number$', str(number))}")
    for line in storage.get(f"{base}/master.m3u8").decode().splitlines():
        for playlist in re.findall(r'^[^#].*m3u8$|URI="([^"]+m3u8)"', line):
            listed = storage.get(f"{base}/{playlist or line}").decode()
            names = [row for row in listed.splitlines() if row and not row.startswith("#")]
            assert all(storage.exists(f"{base}/{(playlist or line).rsplit('/', 1)[0]}/{name}") for name in names)


def assert_nothing_is_left_over(asset_id) -> None:
    row = models.Asset.objects.select_related("package").get(id=asset_id)
    assert list(row.packages.all()) == [row.package]
    expected = {f"media/{row.package.token}", f"media/{row.stills_token}"}
    assert {"/".join(name.split("/")[:2]) for name in storage.list_keys("media/")} == expected
    assert storage.list_keys("work/") == []
    assert len(list(row.stills.all())) == len({still.token for still in row.stills.all()})


def test_an_encoder_dies_with_its_worker(doom: Doom) -> None:
    long = testing.make_video(
        "-f", "lavfi", "-i", "color=size=320x180:rate=30:duration=90", "-c:v", "libx264", "-preset", "ultrafast"
    )
    asset = testing.make_asset(new_id(), long)
    testing.run_steps(asset.id, 1)
    worker = doom.begin(asset.id, 1, "footlights.media.adapters.ffmpeg", "transcode", 9, "after")
    try:
        encoder = wait_for_encoder(worker)
    finally:
        os.kill(worker, signal.SIGKILL)
    assert doom.end() == -signal.SIGKILL
    psutil.wait_procs([encoder], timeout=5)
    assert not encoder.is_running() or encoder.status() == psutil.STATUS_ZOMBIE
    assert models.Asset.objects.get(id=asset.id).state == "transcoding"


def wait_for_encoder(worker: int) -> psutil.Process:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in psutil.Process(worker).children(recursive=True):
            if "-progress" in child.cmdline() and "ffmpeg" in child.name():
                return child
        time.sleep(0.05)
    raise AssertionError("no encoder started")
