"""What a broadcast is encoded to, and how. Pure: arguments for ffmpeg and Shaka Packager.

Every run of a broadcast has the same renditions, of the same sizes, whatever its sender sends: a player goes on through
another camera, and a recording is put together without encoding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from footlights.ingest.latency import Latency

RATE = 30
_CACHE_BYTES = str(256 << 10)  # the packager clears so much for each file that it opens, 32 MiB unless told otherwise
MANIFEST = "manifest.mpd"  # a run's own, by the packager
AUDIO_BPS = 128_000
SOUND = "audio"
_PACKET_BYTES, _LOOKS_AT_BYTES = 188, 64 << 10
# The packager begins only once it has so much of a track, which a quiet picture fills in five seconds. So each begins
# with packets that mean nothing (ISO/IEC 13818-1 §2.4.1), as many as a pipe takes.
NULL_PACKET = b"\x47\x1f\xff\x10" + b"\xff" * (_PACKET_BYTES - 4)
PRIMER = NULL_PACKET * (_LOOKS_AT_BYTES // _PACKET_BYTES)


@dataclass(frozen=True, slots=True)
class Rung:
    height: int
    width: int
    bps: int

    @property
    def name(self) -> str:
        return str(self.height)


LADDER = (Rung(1080, 1920, 4_500_000), Rung(720, 1280, 2_500_000), Rung(360, 640, 800_000))


def tracks(rungs: Sequence[Rung]) -> list[str]:
    return [*(rung.name for rung in rungs), SOUND]


def encode(
    rungs: Sequence[Rung],
    *,
    inputs: Sequence[str],
    sound: str,
    outputs: Mapping[str, str],
    skip_s: float = 0.0,
    latency: Latency = Latency.STANDARD,
    passed: Rung | None = None,
) -> list[str]:
    """Ffmpeg's arguments: aligned closed groups of pictures of a segment, one MPEG-TS a track to its output.

    The picture keeps its shape, with bars where it differs; sound that stops is filled with silence. `sound` names the
    input's stream; of both streams the first `skip_s` are left out. How loud it is twice a second, and when the picture
    freezes, looked at five times a second, is written among what ffmpeg tells of its progress.

    `passed`: the rendition that is taken from the input as it is, whose key frames come when those of the others do.
    With it times stay the input's, and no rendition has B pictures, for which the TS would be shifted.
    """
    encoded = [rung for rung in rungs if rung is not passed]
    parts = "".join(f"[p{rung.name}]" for rung in encoded)
    begin = "" if passed else ":start_time=0"
    graph = [f"[0:v:0]{_without('', skip_s)}fps={RATE}{begin},split={len(encoded)}{parts}"]
    graph += [
        f"[p{rung.name}]scale={rung.width}:{rung.height}:force_original_aspect_ratio=decrease:flags=bicubic,"
        f"pad={rung.width}:{rung.height}:-1:-1,setsar=1,format=yuv420p{_LOOK * (rung is rungs[-1])}[v{rung.name}]"
        for rung in encoded
    ]
    graph += [_SEEN]
    graph += [f"[{sound}]{_without('a', skip_s)}aresample=async=1:first_pts=0,asplit[sound][heard]", _HEARD]
    ts = _TS if passed or latency is Latency.LOW else [*_AS_LATE, *_TS]
    command = [*(["-copyts"] if passed else []), *inputs, "-filter_complex", ";".join(graph)]
    for rung in encoded:
        without_b = ["-bf", "0"] if passed else []
        command += ["-map", f"[v{rung.name}]", *_picture(rung, latency), *without_b, *ts, outputs[rung.name]]
    if passed:
        command += ["-map", "0:v:0", "-c:v", "copy", *_TS, outputs[passed.name]]
    each = _EACH_SOUND if latency is Latency.LOW else []
    return [
        *command, "-map", "[sound]",
        "-ac", "2", "-ar", "48000", "-c:a", "aac", "-b:a", str(AUDIO_BPS), *each, *ts, outputs[SOUND],
    ]  # fmt: skip


def _picture(rung: Rung, latency: Latency) -> list[str]:
    rate, gop = str(rung.bps), str(RATE * latency.pace.segment_s)
    return [
        "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high",
        "-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-g", gop, "-keyint_min", gop, "-sc_threshold", "0",
        *(_AT_ONCE if latency is Latency.LOW else []),
    ]  # fmt: skip


def _without(kind: str, skip_s: float) -> str:
    """The filters that leave out a stream's first seconds; `kind` is "a" for sound, "" for a picture."""
    return f"{kind}trim=start={skip_s:.3f},{kind}setpts=PTS-{skip_s:.3f}/TB," if skip_s else ""


def fifo(track: str) -> str:
    return f"{track}.ts"


_TELL = "mode=print:file=-:direct=1"
_LOOK, _SEEN = ",split[seen]", f"[seen]framestep={RATE // 5},freezedetect=n=0.001:d=2,metadata={_TELL},nullsink"
_HEARD = (
    "[heard]asetnsamples=n=24000:p=0,astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level,"
    f"ametadata={_TELL},anullsink"
)
_AT_ONCE = ["-tune", "zerolatency"]  # no picture waits for those after it, which takes some more bits for the same look
_EACH_SOUND = ["-pes_payload_size", "0"]  # by itself, where eight of them would travel together
# B pictures need times before the first one's, which a TS cannot have. Else ffmpeg would make their track alone later.
_AS_LATE = ["-output_ts_offset", f"{2 / RATE:.6f}"]
_TS = ["-map_metadata", "-1", "-muxdelay", "0", "-muxpreload", "0", "-flush_packets", "1", "-f", "mpegts"]


def package(
    rungs: Sequence[Rung], *, fifos: Path, folder: Path, flags: int, latency: Latency = Latency.STANDARD
) -> list[str]:
    """Shaka Packager's arguments: CMAF once, DASH and HLS over it, `cbcs` from the first byte; no piece is deleted."""
    pace, descriptors = latency.pace, []
    for track in tracks(rungs):
        fields = {
            "in": fifos / fifo(track),
            "stream": SOUND if track == SOUND else "video",
            "init_segment": folder / track / "init.mp4",
            "segment_template": folder / track / "$Number$.m4s",
            "playlist_name": f"{track}/list.m3u8",
        }
        if track == SOUND:
            fields |= {"hls_group_id": SOUND, "hls_name": SOUND}
        descriptors.append(",".join(f"{name}={value}" for name, value in fields.items()))
    return [
        *descriptors, "--segment_duration", str(pace.segment_s),
        "--io_block_size", str(pace.block_bytes), "--io_cache_size", _CACHE_BYTES,
        "--mpd_output", str(folder / MANIFEST), "--hls_master_playlist_output", str(folder / "master.m3u8"),
        "--hls_playlist_type", "EVENT", "--time_shift_buffer_depth", str(pace.window_s),
        "--preserved_segments_outside_live_window", "0", "--enable_raw_key_encryption",
        "--protection_scheme", "cbcs", "--clear_lead", "0", "--quiet", f"--flagfile=/proc/self/fd/{flags}",
    ]  # fmt: skip
