"""One measured claim, as one line of JSON."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Result:
    """`value` against `goal`; `ratio` is value over the value of a peer measured in the same run."""

    name: str
    value: float
    unit: str
    goal: str
    holds: bool
    peer: str | None = None
    peer_value: float | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return round(self.value / self.peer_value, 3) if self.peer_value else None

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": self.peer_value,
            "ratio": self.ratio,
            "goal": self.goal,
            "holds": self.holds,
        } | ({"detail": self.detail} if self.detail else {})
