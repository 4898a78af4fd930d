"""What the house lets this process carry, and where it works."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footlights.ingest.capacity import Capacity
from footlights.ingest.hook import Hook
from footlights.ingest.keys import Key, key_of_run
from footlights.ingest.latency import Latency


@dataclass(frozen=True, slots=True)
class Admission:
    """What the house gives for a key: the broadcast, its folder, what seals it.

    With a `run_secret` each run has a key of its own, and none is used for longer than `key_lasts_s`.
    """

    broadcast: str
    folder: str
    key_id: str
    key: str
    key_since: str = ""
    is_on_air: bool = False
    latency: Latency = Latency.STANDARD
    run_secret: str = ""
    key_lasts_s: float = 0.0

    @classmethod
    def read(cls, answer: dict[str, Any]) -> "Admission":
        given = {name: answer[name] for name in cls.__slots__ if name in answer}
        return cls(**given | {"latency": Latency(answer.get("latency", Latency.STANDARD))})

    def key_of(self, number: int) -> Key:
        return key_of_run(bytes.fromhex(self.run_secret), number) if number else Key(self.key_id, self.key)


@dataclass(frozen=True, slots=True)
class Place:
    """Where this process works."""

    root: Path
    scratch: Path
    hook: Hook
    node: str
    capacity: Capacity
