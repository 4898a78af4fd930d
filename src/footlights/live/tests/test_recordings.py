"""What becomes of a broadcast once it is over: a title of what was really sent. The segments are real."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from footlights.accounts.testing import make_person
from footlights.catalog.api import get_title, list_chapters
from footlights.catalog.testing import make_channel, make_title
from footlights.ingest.api import STATE
from footlights.kernel import crypto, environment, storage
from footlights.kernel.ids import new_id
from footlights.kernel.testing import run_jobs
from footlights.live import api as live
from footlights.live import models
from footlights.live.keys import content_context
from footlights.live.operations import keep_recording as recording
from footlights.live.operations.offer_replay import offer_replay
from footlights.live.operations.share_recording import share_recording
from footlights.live.testing import NODE, again, make_broadcast, send
from footlights.media.api import content_keys, find_upload, get_asset
from footlights.media.models import Asset
from footlights.media.operations.probe_asset import probe_asset
from footlights.media.testing import make_ready_asset
from footlights.monetization.api import OfferKind, list_offers

AT = datetime(2030, 5, 1, 20, 0, tzinfo=UTC)


@pytest.fixture
def channel(db):
    return make_channel(make_person())


@pytest.fixture
def over(channel):
    """A broadcast that is over, and nothing in its folder yet."""
    broadcast = make_broadcast(channel, at=AT, starts_by_itself=True)
    send(channel, at=AT)
    live.end_broadcast(broadcast_id=broadcast.id, editor_id=channel.owner_id, at=AT)
    return models.BroadcastRow.objects.get(pk=broadcast.id)


def lay_down(row, number, *, source="sender", is_public=True, asset=None):
    """A run of six seconds in the broadcast's folder, sealed with its key."""
    asset = asset or make_ready_asset(new_id())
    [(written, key)] = content_keys(asset.id).items()
    key_id = UUID(written)
    sealed_key = crypto.seal(key, context=content_context(key_id))
    models.BroadcastRow.objects.filter(pk=row.pk).update(key_id=key_id, sealed_key=sealed_key)
    folder = environment.load().live / row.folder / f"{number}-run"
    token = Asset.objects.get(id=asset.id).package.token
    for name in storage.list_keys(f"media/{token}/"):
        path = folder / name.removeprefix(f"media/{token}/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(storage.get(name))
    facts = {"number": number, "name": folder.name, "source": source, "is_public": is_public, "began_at": number * 10.0}
    (folder / "run.json").write_text(json.dumps(facts))
    return asset


@pytest.mark.media
def test_what_was_sent_becomes_a_title_without_the_gaps(channel, over):
    asset = lay_down(over, 1)
    lay_down(over, 2, source="slate", asset=asset)
    lay_down(over, 3, is_public=False, asset=asset)
    lay_down(over, 4, asset=asset)
    live.note_closed(broadcast_id=over.pk, node=NODE, at=AT)
    run_jobs(but="media.")
    kept = again(over)
    title = get_title(kept.recording_title_id)
    assert (title.name, title.state, title.channel_id) == ("An evening live", "published", channel.id)
    assert [each.kind for each in list_offers(title.id)] == [OfferKind.FREE]
    assert [each.name for each in list_chapters(title.id)] == ["Beginning", "Part 2"]
    assert 5_900 < list_chapters(title.id)[1].starts_ms < 6_100
    upload = find_upload(models.BroadcastRow.objects.get(pk=over.pk).recording_upload_id)
    assert upload.state == "complete"
    recording.keep_recording(broadcast_id=over.pk, at=AT)  # twice is once
    assert again(over).recording_title_id == title.id
    probe_asset(asset_id=upload.asset_id)
    assert 11_500 < get_asset(upload.asset_id).duration_ms < 12_700  # two stretches of six seconds


@pytest.mark.parametrize(
    ("plan", "kind", "tier", "state"),
    [
        ({}, OfferKind.FREE, None, "published"),
        ({"is_listed": False}, OfferKind.FREE, None, "unlisted"),
        ({"access": live.Access.FOLLOWERS}, OfferKind.FOLLOWERS, None, "published"),
        ({"tier": 2}, OfferKind.MEMBERS, 2, "published"),
    ],
)
def test_a_recording_is_for_those_whom_the_broadcast_was_for(channel, plan, kind, tier, state):
    row = models.BroadcastRow.objects.get(pk=make_broadcast(channel, at=AT, **plan).id)
    title = make_title(channel, state="draft")
    share_recording(row, title_id=title.id, owner_id=channel.owner_id, at=AT)
    assert [(each.kind, each.tier) for each in list_offers(title.id)] == [(kind, tier)]
    assert get_title(title.id).state == state


def test_one_that_sent_nothing_leaves_no_title(over):
    live.note_closed(broadcast_id=over.pk, node=NODE, at=AT)
    run_jobs(but="media.")
    assert again(over).recording_title_id is None


def test_what_a_lost_ingest_left_is_kept_too(over):
    assert recording.list_unkept(AT + timedelta(seconds=5)) == []
    assert recording.list_unkept(AT + timedelta(minutes=1)) == [over.pk]


def test_folders_go_once_nobody_needs_them(over):
    root = environment.load().live
    (root / over.folder / "1-run").mkdir(parents=True, exist_ok=True)
    (root / "nobodys").mkdir()
    recording.forget_folders(AT + timedelta(days=2))
    assert (root / over.folder).exists()  # its recording is not kept yet
    assert not (root / "nobodys").exists()
    recording.forget_folders(AT + timedelta(days=15))
    assert not (root / over.folder).exists()


def test_a_recording_has_one_size_from_its_begin_to_its_end(tmp_path, over):
    """The largest that is there throughout: the machine was too slow for a larger one for a while."""
    for number, tracks in enumerate([("720", "360", "audio"), ("360", "audio"), ("720", "360", "audio")], 1):
        for track in tracks:
            (tmp_path / f"{number}-run" / track).mkdir(parents=True)
            (tmp_path / f"{number}-run" / track / "1.m4s").touch()
        facts = {"number": number, "name": f"{number}-run", "source": "sender", "is_public": True, "began_at": 0.0}
        (tmp_path / f"{number}-run/run.json").write_text(json.dumps(facts))
    stretches = recording.stretches_of(over, tmp_path, recording.sent_in(tmp_path))
    pictures = [stretch.pictures[-1].parent.name for stretch in stretches]
    assert pictures == ["360", "360", "360"]


def a_run(folder, number: int, *, began_at: float, tracks: dict[str, int], key_number: int = 0):
    """One with so many segments of two seconds a track, as its own manifest says."""
    sets = ""
    for track, count in tracks.items():
        (folder / f"{number}-run" / track).mkdir(parents=True)
        for segment in range(1, count + 1):
            (folder / f"{number}-run" / track / f"{segment}.m4s").touch()
        kind = "audio" if track == "audio" else "video"
        timeline = f'<SegmentTimeline><S t="0" d="2" r="{count - 1}"/></SegmentTimeline>'
        template = f'<SegmentTemplate timescale="1">{timeline}</SegmentTemplate>'
        sets += f'<AdaptationSet contentType="{kind}"><Representation>{template}</Representation></AdaptationSet>'
    mpd = f'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period>{sets}</Period></MPD>'
    (folder / f"{number}-run/manifest.mpd").write_text(mpd)
    facts = {"number": number, "name": f"{number}-run", "source": "sender", "is_public": True, "began_at": began_at}
    facts["key_number"] = key_number
    (folder / f"{number}-run/run.json").write_text(json.dumps(facts))


def test_each_run_is_opened_with_its_own_key(tmp_path, over):
    for number, key_number in ((1, 0), (2, 2), (3, 3)):
        a_run(tmp_path, number, began_at=number * 100.0, tracks={"360": 3, "audio": 3}, key_number=key_number)
    stretches = recording.stretches_of(over, tmp_path, recording.sent_in(tmp_path))
    opens = live.broadcast_keys(over.pk, [each.key_id.hex for each in stretches])
    assert [opens[each.key_id.hex] for each in stretches] == [each.key for each in stretches]
    assert len({each.key for each in stretches}) == 3


@pytest.mark.parametrize(
    ("next_began_s", "shown", "starts_ms"),
    [(14.0, 7, 14_000), (14.1, 7, 14_000), (15.8, 8, 16_000), (16.0, 8, 16_000), (30.0, 8, 16_000), (12.0, 6, 12_000)],
)
def test_a_segment_that_the_next_run_has_again_is_recorded_once(tmp_path, over, next_began_s, shown, starts_ms):
    """It was out in one size only when the packager stood still."""
    a_run(tmp_path, 1, began_at=100.0, tracks={"720": 8, "360": 7, "audio": 8})
    a_run(tmp_path, 2, began_at=100.0 + next_began_s, tracks={"720": 3, "360": 3, "audio": 3})
    runs = recording.sent_in(tmp_path)
    first, second = recording.stretches_of(over, tmp_path, runs)
    assert [len(track) - 1 for track in (first.pictures, first.sounds)] == [shown, shown]
    assert [len(track) - 1 for track in (second.pictures, second.sounds)] == [3, 3]
    assert [part.starts_ms for part in recording.parts_of(tmp_path, runs)] == [0, starts_ms]


@pytest.mark.parametrize(("access", "replay", "offered"), [
    ("everybody", "shared", True), ("tickets", "shared", True), ("tickets", "ours", False),
])  # fmt: skip
def test_the_open_page_learns_of_a_recording_that_its_viewers_may_see(channel, over, access, replay, offered):
    asset = make_ready_asset(new_id())
    state = "draft" if access == "tickets" else "published"
    recorded = make_title(channel, asset_id=asset.id, duration_ms=asset.duration_ms, state=state)
    models.BroadcastRow.objects.filter(pk=over.pk).update(recording_title_id=recorded.id, access=access, replay=replay)
    folder = environment.load().live / over.folder
    folder.mkdir(parents=True, exist_ok=True)
    offer_replay(title_id=recorded.id)
    told = folder / STATE
    assert (json.loads(told.read_text())["replay"] if told.exists() else None) == (recorded.path if offered else None)
