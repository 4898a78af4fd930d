"""What others see of the trail: frozen records."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from footlights.audit.acts import words_of


@dataclass(frozen=True, slots=True)
class Record:
    """One act. `actor_id` is None when the service itself did it. Its id tells when, to the millisecond."""

    id: UUID
    act: str
    actor_id: UUID | None
    on_behalf_of_id: UUID | None
    object_kind: str
    object_id: str
    channel_id: UUID | None
    person_ids: tuple[UUID, ...]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    address: str | None
    request_id: UUID | None

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp((self.id.int >> 80) / 1000, UTC)

    @property
    def words(self) -> str:
        """What happened, as a person says it; an act that is no longer done keeps its name."""
        return words_of(self.act)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the trail. `kind` is stable; `words` name what, and where."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification read and found."""

    records: int
    unsigned: int
    checkpoints: int
    anchors: int
    findings: tuple[Finding, ...] = field(default=())

    @property
    def holds(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of how far every chain has come. `statement` is JSON, signed byte by byte."""

    number: int
    at: datetime
    statement: str
    signature: bytes
    key: str
