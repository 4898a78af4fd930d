"""What is felt in rooms while it happens: everybody's voice once a turn, whatever they send. Pure; in memory.

Owns the words and reactions of one turn, and forgets them with it: what leaves are counts. Bounded, so that a room that
roars costs no more than one that talks.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from footlights.engagement.mood.lists import lists
from footlights.engagement.mood.tone import Tone, read

TEXTS_READ_MAX = 300  # of one room in a turn: the first are a sample of all
VOICES_MAX = 20_000  # likewise
ROOMS_MAX = 1_000
FADES = 0.97  # how much of what was spoken before still counts, a turn later


@dataclass(frozen=True, slots=True)
class Felt:
    """One room in one turn: of so many `people`, these were `warm` and these `cold`. `language` "": reactions."""

    room_id: UUID
    language: str
    people: int
    warm: int
    cold: int


@dataclass(slots=True)
class _Voice:
    language: str = ""
    words: int = 0  # warm texts less cold ones
    reactions: int = 0

    @property
    def sign(self) -> int:
        felt = self.words or self.reactions  # who says something in words means that
        return (felt > 0) - (felt < 0)


class Gauge:
    """The turn that is going on, in all rooms of one process."""

    def __init__(self) -> None:
        lists()  # now, as the first to speak should not wait for them
        self._voices: dict[UUID, dict[UUID, _Voice]] = defaultdict(dict)
        self._read: Counter[UUID] = Counter()
        self._spoken: dict[UUID, dict[str, float]] = defaultdict(dict)

    def say(self, room_id: UUID, viewer_id: UUID, text: str) -> None:
        voice = self._voice(room_id, viewer_id)
        if voice is None or self._read[room_id] >= TEXTS_READ_MAX:
            return
        self._read[room_id] += 1
        tone = read(text, spoken=self._shares(room_id))
        self._learn(room_id, tone)
        voice.language = tone.language or voice.language
        voice.words += tone.sign

    def react(self, room_id: UUID, viewer_id: UUID, reaction: str) -> None:
        if voice := self._voice(room_id, viewer_id):
            degree = lists().emoji.get(reaction, 0.0)
            voice.reactions += (degree > 0) - (degree < 0)

    def take(self) -> list[Felt]:
        """What was felt since it was asked last, by room and language; and begin anew."""
        felt: list[Felt] = []
        for room_id, voices in self._voices.items():
            signs: dict[str, list[int]] = defaultdict(list)
            for voice in voices.values():
                signs[voice.language].append(voice.sign)
            felt += [Felt(room_id, each, len(of), of.count(1), of.count(-1)) for each, of in signs.items()]
        self._voices.clear()
        self._read.clear()
        self._fade()
        return felt

    def _voice(self, room_id: UUID, viewer_id: UUID) -> _Voice | None:
        voices = self._voices[room_id]
        if viewer_id not in voices and len(voices) >= VOICES_MAX:
            return None
        return voices.setdefault(viewer_id, _Voice())

    def _shares(self, room_id: UUID) -> Mapping[str, float]:
        spoken = self._spoken[room_id]
        everything = sum(spoken.values())
        return {language: many / everything for language, many in spoken.items()}

    def _learn(self, room_id: UUID, tone: Tone) -> None:
        if tone.language and tone.is_sure:
            spoken = self._spoken[room_id]
            spoken[tone.language] = spoken.get(tone.language, 0.0) + 1

    def _fade(self) -> None:
        if len(self._spoken) > ROOMS_MAX:
            self._spoken.clear()
        for spoken in self._spoken.values():
            for language in spoken:
                spoken[language] *= FADES
