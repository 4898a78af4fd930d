"""Puts encrypted segments back together: opened by Shaka Packager, joined by ffmpeg, nothing encoded anew.

As in packager.py, the key is in a file that exists in memory only.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from footlights.media.adapters import programs

_TIMEOUT_S = 3600
_LARGEST_BYTES = 200 << 30


def open_track(pieces: Sequence[Path], target: Path, *, kind: str, key_id: UUID, key: bytes) -> None:
    """The track ("video" or "audio") of these pieces; the first sets it up. Raises ProgramFailedError."""
    sealed = target.with_suffix(".sealed.mp4")
    with sealed.open("wb") as file:
        for piece in pieces:
            file.write(piece.read_bytes())
    flags = os.memfd_create("flags")
    try:
        os.write(flags, f"--keys=label=:key_id={key_id.hex}:key={key.hex()}\n".encode())
        _run(
            ["packager", f"in={sealed},stream={kind},output={target}", "--enable_raw_key_decryption", "--quiet",
             f"--flagfile=/proc/self/fd/{flags}"],
            folder=target.parent, pass_fds=[flags],
        )  # fmt: skip
    finally:
        os.close(flags)
        sealed.unlink(missing_ok=True)


def join(stretches: Sequence[tuple[Path, Path]], target: Path) -> None:
    """One film of (picture, sound) after (picture, sound). Raises ProgramFailedError."""
    parts = []
    for number, (picture, sound) in enumerate(stretches):
        part = target.with_name(f"part-{number}.mp4")
        inputs = ["-i", str(picture), "-i", str(sound)]
        _run([*_FFMPEG, *inputs, "-map", "0:v:0", "-map", "1:a:0", "-c", "copy", str(part)], folder=target.parent)
        picture.unlink()
        sound.unlink()
        parts.append(part)
    names = target.with_name("parts.txt")
    names.write_text("".join(f"file '{part.name}'\n" for part in parts))
    flow = ["-f", "concat", "-i", str(names), "-c", "copy", "-fflags", "+bitexact", "-movflags", "+faststart"]
    _run([*_FFMPEG, *flow, str(target)], folder=target.parent)
    for part in parts:
        part.unlink()


_FFMPEG = ["ffmpeg", "-hide_banner", "-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file"]


def _run(command: list[str], *, folder: Path, pass_fds: Sequence[int] = ()) -> None:
    name, *arguments = command
    programs.run(
        [programs.path(name), *arguments],
        timeout_s=_TIMEOUT_S,
        largest_file_bytes=_LARGEST_BYTES,
        pass_fds=pass_fds,
        cwd=folder,
    )
