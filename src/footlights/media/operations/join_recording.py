from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from footlights.media.adapters import joining
from footlights.media.adapters.workplace import workplace
from footlights.media.operations.steps import release_connection


@dataclass(frozen=True, slots=True)
class Stretch:
    """An uninterrupted part of something recorded: its encrypted segments, after what sets each track up."""

    pictures: Sequence[Path]
    sounds: Sequence[Path]
    key_id: UUID
    key: bytes


@contextmanager
def joined_recording(stretches: Sequence[Stretch]) -> Iterator[Path]:
    """All of it as one film in the clear, there until the block ends. The same input gives the same bytes.

    Holds no database connection meanwhile. Raises ProgramFailedError.
    """
    release_connection()
    with workplace() as folder:
        opened = []
        for number, stretch in enumerate(stretches):
            picture, sound = folder / f"picture-{number}.mp4", folder / f"sound-{number}.mp4"
            key_id, key = stretch.key_id, stretch.key
            joining.open_track(stretch.pictures, picture, kind="video", key_id=key_id, key=key)
            joining.open_track(stretch.sounds, sound, kind="audio", key_id=key_id, key=key)
            opened.append((picture, sound))
        film = folder / "film.mp4"
        joining.join(opened, film)
        yield film
