"""Files that never become films: each is told why, in words for its creator, and none reaches a file or an address."""

import io
import socket
import struct
import zipfile

import pytest

from footlights.kernel.ids import new_id
from footlights.media import api, models, testing

pytestmark = [pytest.mark.django_db, pytest.mark.media]

JARGON = ("ffmpeg", "ffprobe", "moov", "codec", "stderr", "Traceback", "demux")


def outcome(body: bytes, filename: str = "film.mp4") -> api.Asset:
    asset = testing.run_pipeline(testing.make_asset(new_id(), body, filename=filename).id)
    assert asset.playback is None
    return asset


def rejected(body: bytes, filename: str = "film.mp4") -> str:
    asset = outcome(body, filename)
    assert asset.state == "rejected"
    assert asset.failure
    assert not any(word in asset.failure for word in JARGON)
    assert [stage.state for stage in asset.stages][:2] == ["done", "failed"]
    return asset.failure


def test_a_truncated_film_is_called_incomplete() -> None:
    assert "incomplete" in rejected(testing.sample_video_bytes()[:-8000])


@pytest.mark.parametrize(
    "body", [b"\0", b"hello, I am a text file\n" * 50, b"%PDF-1.7\n" + b"\0" * 500, bytes(range(256)) * 40]
)
def test_what_is_no_film_is_told_so(body: bytes) -> None:
    assert "video or sound" in rejected(body)


def test_a_picture_is_no_film() -> None:
    from PIL import Image

    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        out = io.BytesIO()
        Image.new("RGB", (64, 64), "red").save(out, kind)
        assert rejected(out.getvalue())


def test_an_archive_with_a_film_inside_is_no_film() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("film.mp4", testing.sample_video_bytes())
    assert rejected(out.getvalue())


LURES = {
    "film.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
    "film.ffconcat": "ffconcat version 1.0\nfile '{target}'\n",
    "film.mpd": '<?xml version="1.0"?><MPD><Period><AdaptationSet><Representation><BaseURL>{target}</BaseURL></Representation>'
    "</AdaptationSet></Period></MPD>",
    "film.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "film.asx": '<asx version="3.0"><entry><ref href="{target}"/></entry></asx>',
    "film.pls": "[playlist]\nFile1={target}\nNumberOfEntries=1\n",
    "film.avs": 'DirectShowSource("{target}")',
    "film.svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{target}"/></svg>',
    "film.imf": '<?xml version="1.0"?><AssetMap><Path>{target}</Path></AssetMap>',
}


@pytest.mark.parametrize("filename", LURES)
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_playlist_reaches_neither_a_file_nor_an_address(filename: str, scheme: str, tmp_path) -> None:
    """The address is a real listener and the file a real film: had either been opened, the listener or the state would tell."""
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(testing.sample_video_bytes())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        target = f"http://127.0.0.1:{listener.getsockname()[1]}/x.mp4" if scheme == "http" else f"file://{secret}"
        rejected(LURES[filename].format(target=target).encode(), filename)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_film_that_points_to_another_file_shows_nothing_of_it(tmp_path) -> None:
    """A QuickTime reference movie: its samples live in a file it names (an `alis` data reference with an absolute path)."""
    whole = testing.make_video("-f", "lavfi", "-i", "testsrc2=size=64x64:duration=1", "-c:v", "libx264")
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(whole)
    path = str(secret).encode()
    alias = b"".join([
        bytes(10), bytes([4]), b"disk".ljust(27, b"\0"), bytes(12), bytes([10]), b"secret.mp4".ljust(63, b"\0"), bytes(16),
        b"\0\1\0\1", bytes(16), b"\0\2", len(path).to_bytes(2, "big"), path + bytes(len(path) % 2), b"\xff\xff\0\0",
    ])  # fmt: skip
    body = bytearray(whole)
    at = body.find(b"url \0\0\0\1")
    body[at : at + 8] = b"alis\0\0\0\0" + alias
    for kind in (b"alis", b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        begin = body.rfind(kind, 0, at + 4) - 4
        size = struct.unpack(">I", body[begin : begin + 4])[0]
        body[begin : begin + 4] = struct.pack(">I", size + len(alias))
    samples = body.find(b"mdat") + 4
    body[samples : body.find(b"moov") - 4] = bytes(body.find(b"moov") - 4 - samples)
    assert outcome(bytes(body), "reference.mov").state in {"rejected", "failed"}


def test_enormous_dimensions_are_refused_before_they_are_decoded() -> None:
    body = bytearray(
        testing.make_video(
            "-f",
            "lavfi",
            "-i",
            "color=size=64x64:rate=5:duration=1",
            "-c:v",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            suffix="avi",
        )
    )
    at = body.find(b"strf") + 8
    body[at + 4 : at + 12] = (16_000).to_bytes(4, "little") + (9_000).to_bytes(4, "little")
    assert "16000 × 9000" in rejected(bytes(body), "film.avi")


def test_a_protected_film_is_told_so() -> None:
    plain = testing.make_video("-f", "lavfi", "-i", "testsrc2=size=64x64:duration=1", "-c:v", "libx264",
                               "-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "0" * 32, "-encryption_kid", "1" * 32)  # fmt: skip
    assert "copy-protected" in rejected(plain)


def test_a_film_longer_than_half_a_day_is_refused() -> None:
    body = testing.make_video(
        "-f", "lavfi", "-i", "color=size=16x16:rate=1/3600:duration=50400", "-c:v", "libx264", suffix="mkv"
    )
    assert "twelve hours" in rejected(body, "film.mkv")


def test_a_film_and_an_archive_at_once_comes_out_as_film_only() -> None:
    out = io.BytesIO(testing.sample_video_bytes())
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("payload.exe", b"MZ stowaway")
    from footlights.kernel import storage

    asset = testing.run_pipeline(testing.make_asset(new_id(), out.getvalue()).id)
    assert asset.state == "ready"
    assert not any(b"stowaway" in storage.get(name) for name in storage.list_keys("media/"))


def test_a_file_broken_in_the_middle_ends_with_a_reason_and_can_be_retried() -> None:
    """Its description is whole, so it is accepted; its frames are noise."""
    body = bytearray(testing.sample_video_bytes())
    at = body.find(b"mdat") + 4
    moov = body.find(b"moov")
    for index in range(at, moov - 4 if moov > at else len(body)):
        body[index] = (index * 7919 >> 3) & 0xFF
    owner = new_id()
    asset = testing.make_asset(owner, bytes(body))
    ended = testing.run_pipeline(asset.id)
    assert ended.state in {"failed", "rejected"}
    assert ended.failure
    assert not any(word in ended.failure for word in JARGON)
    from footlights.kernel.clock import now

    api.retry_asset(asset_id=asset.id, owner_id=owner, at=now())
    again = api.get_asset(asset.id)
    assert (again.state, again.failure) == ("queued", None)
    assert models.Asset.objects.get(id=asset.id).crashes == 0
