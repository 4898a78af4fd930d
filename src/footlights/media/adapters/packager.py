"""Shaka Packager: CMAF segments once, MPEG-DASH and HLS over them, everything encrypted (`cbcs`, no clear lead).

The content key goes to the packager in a file of flags that exists in memory only, so it is in no process list and
on no disk.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from footlights.media import policies
from footlights.media.adapters import programs

_CACHE_BYTES = str(256 << 10)  # it clears so much for each segment that it writes, 32 MiB unless told otherwise


def package(names: Sequence[str], *, sources: Path, target: Path, key_id: UUID, key: bytes) -> None:
    """Package `<name>.mp4` of `sources` ("audio" or a height) into `target`. Raises ProgramFailedError."""
    descriptors = []
    for name in names:
        (target / name).mkdir(parents=True)
        kind = "audio" if name == "audio" else "video"
        fields = {
            "in": sources / f"{name}.mp4",
            "stream": kind,
            "init_segment": target / name / "init.mp4",
            "segment_template": target / name / "$Number$.m4s",
            "playlist_name": f"{name}/list.m3u8",
        }
        if kind == "audio":
            fields |= {"hls_group_id": "audio", "hls_name": "audio"}
        descriptors.append(",".join(f"{field}={value}" for field, value in fields.items()))
    flags = os.memfd_create("flags")
    try:
        os.write(flags, f"--keys=label=:key_id={key_id.hex}:key={key.hex()}\n".encode())
        programs.run(
            [
                programs.path("packager"), *descriptors, "--segment_duration", str(policies.SEGMENT_S),
                "--io_cache_size", _CACHE_BYTES,
                "--mpd_output", str(target / "manifest.mpd"),
                "--hls_master_playlist_output", str(target / "master.m3u8"),
                "--generate_static_live_mpd", "--enable_raw_key_encryption",
                "--protection_scheme", "cbcs", "--clear_lead", "0", "--quiet", f"--flagfile=/proc/self/fd/{flags}",
            ],
            timeout_s=3600, largest_file_bytes=1 << 30, pass_fds=[flags], cwd=target,
        )  # fmt: skip
    finally:
        with suppress(OSError):
            os.close(flags)
